// The drawing surface over the plane: points of one's own are set, sprayed and erased on it, by pointer or by keys.

import { distance, spray } from './brush.js';
import { fitted } from '../draw/maps.js';
import { drawData, inside, placeAt, projection } from '../plane/plane.js';
import { MOST_POINTS } from './points.js';

const REACH = 0.03; // how far from the cross Delete erases, in sides of the map
const STEP = 1 / 48, LEAP = 4 / 48; // of the cross, in sides of the map
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @typedef {import('./brush.js').Place} Place
 * @typedef {{ kind: string, value: number, radius: number }} Brush what a stroke does: `kind` is point, spray or eraser,
 *   `value` the label of its points, `radius` a share of the map's side
 * @typedef {Pick<import('../plane/plane.js').Scene, 'domain' | 'paint' | 'theme'>} Look
 * @typedef {object} Actions
 * @property {(points: number[][]) => void} drawn a stroke has ended, or was undone
 * @property {() => void} full there are as many points as there can be
 * @property {(x: number, y: number) => void} moved where the cross is now
 */

export class Sketch {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Actions} actions
   */
  constructor(canvas, actions) {
    this.canvas = canvas;
    this.actions = actions;
    /** @type {number[][]} */
    this.points = [];
    /** @type {number[][][]} the points before each stroke */
    this.undoStack = [];
    /** @type {Brush} */
    this.brush = { kind: 'spray', value: 1, radius: 0.08 };
    /** @type {Look | null} */
    this.look = null;
    /** @type {Place | null} where the pointer is */
    this.pointer = null;
    /** @type {number[][] | null} the points before the stroke that is being made */
    this.before = null;
    this.cross = [0.5, 0.5]; // in sides of the map
    this.keys = false; // whether the cross shows
    this.scheduled = false;
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => event.isPrimary && !event.button && this.begin(event));
    canvas.addEventListener('pointermove', (event) => event.isPrimary && this.follow(event));
    canvas.addEventListener('pointerup', (event) => event.isPrimary && this.end());
    canvas.addEventListener('pointercancel', () => this.cancel());
    canvas.addEventListener('pointerleave', () => this.aim(null));
    canvas.addEventListener('keydown', (event) => this.press(event));
    canvas.addEventListener('focus', () => this.showCross(canvas.matches(':focus-visible')));
    canvas.addEventListener('blur', () => this.showCross(false));
  }

  /** Take other points, which no stroke here has made. @param {number[][]} points */
  take(points) {
    this.points = points;
    this.undoStack = [];
    this.before = null;
    this.redraw();
  }

  // --- strokes --------------------------------------------------------------------------------------------------

  /** Put other points in the place of all, as one stroke. @param {number[][]} points */
  replace(points) {
    if (points.length > MOST_POINTS) this.actions.full();
    this.before = this.points;
    this.points = points.slice(0, MOST_POINTS);
    this.end();
  }

  undo() {
    const points = this.undoStack.pop();
    if (!points) return;
    this.points = points;
    this.actions.drawn(points);
    this.redraw();
  }

  /** @param {PointerEvent} event */
  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.keys = false;
    this.before = this.points;
    const place = this.placeOf(event);
    this.paint(place, place);
    if (this.brush.kind === 'point') this.add([place]);
    this.aim(place);
  }

  /** @param {PointerEvent} event */
  follow(event) {
    for (const each of [...(event.getCoalescedEvents?.() ?? []), event]) { // also what came since the last picture
      const place = this.placeOf(each);
      if (this.before && this.pointer) this.paint(this.pointer, place);
      this.pointer = place;
    }
    this.redraw();
  }

  /** What the brush does on its way. @param {Place} from @param {Place} to */
  paint(from, to) {
    const { side } = this.map, { kind, radius } = this.brush;
    if (kind === 'spray') this.add(spray(from, to, radius * side, side));
    if (kind === 'eraser') this.erase(from, to, radius);
  }

  end() {
    const { before, points } = this;
    this.before = null;
    if (!before || points === before) return;
    this.undoStack.push(before);
    this.actions.drawn(points);
    this.redraw();
  }

  cancel() {
    if (this.before) this.points = this.before;
    this.before = null;
    this.redraw();
  }

  /** Add a point of the brush's class at each of some places. @param {Place[]} places */
  add(places) {
    if (!this.look) return;
    const { left, top, side } = this.map, at = placeAt(this.look.domain, left, top, side);
    const within = places.filter(([x, y]) => x >= left && x <= left + side && y >= top && y <= top + side);
    const room = MOST_POINTS - this.points.length;
    if (within.length > room) this.actions.full();
    const fresh = within.slice(0, room).map(([x, y]) => [...at(x, y), this.brush.value]);
    if (fresh.length) this.points = [...this.points, ...fresh];
  }

  /** Take away what lies near a way. @param {Place} from @param {Place} to @param {number} radius in sides of the map */
  erase(from, to, radius) {
    if (!this.look) return;
    const { left, top, side } = this.map, place = projection(this.look.domain, left, top, side);
    const kept = this.points.filter(([x, y]) => distance(from, to, place(x, y)) > radius * side);
    if (kept.length < this.points.length) this.points = kept;
  }

  // --- keys -----------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.move(arrow, event.shiftKey ? LEAP : STEP);
    else if (event.key === 'Enter' || event.key === ' ') this.strike((place) => this.add([place]));
    else if (event.key === 'Delete' || event.key === 'Backspace') this.strike((place) => this.erase(place, place, REACH));
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page's own keys rest
  }

  /** @param {[number, number]} direction @param {number} step */
  move(direction, step) {
    this.cross = this.cross.map((at, i) => Math.min(1, Math.max(0, at + direction[i] * step)));
    this.showCross(true);
    if (!this.look) return;
    const [x, y] = placeAt(this.look.domain, 0, 0, 1)(this.cross[0], this.cross[1]);
    this.actions.moved(x, y);
  }

  /** A stroke at the cross. @param {(place: Place) => void} act */
  strike(act) {
    this.before = this.points;
    act(this.crossPlace);
    this.end();
    this.showCross(true);
  }

  // --- geometry -------------------------------------------------------------------------------------------------

  /** The map's square on the canvas. */
  get map() {
    return inside(this.canvas.clientWidth);
  }

  /** @returns {Place} */
  get crossPlace() {
    const { left, top, side } = this.map;
    return [left + this.cross[0] * side, top + this.cross[1] * side];
  }

  /** @param {MouseEvent} event @returns {Place} */
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // --- drawing --------------------------------------------------------------------------------------------------

  /** @param {Place | null} place */
  aim(place) {
    this.pointer = place;
    this.redraw();
  }

  /** @param {boolean} shown */
  showCross(shown) {
    this.keys = shown;
    this.redraw();
  }

  /** Draw with the next picture. */
  redraw() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  draw() {
    const size = this.canvas.clientWidth;
    if (!size || !this.look) return;
    const context = fitted(this.canvas, size, size);
    drawData(context, { ...this.look, train: this.points, validation: [], test: [], showTest: false }, size);
    context.strokeStyle = this.look.theme.ink;
    context.lineWidth = 1;
    if (this.keys) drawCross(context, this.crossPlace);
    else if (this.pointer && this.brush.kind !== 'point') drawRing(context, this.pointer, this.brush.radius * this.map.side);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Place} place */
function drawCross(context, [x, y]) {
  context.beginPath();
  context.moveTo(x - 9, y);
  context.lineTo(x + 9, y);
  context.moveTo(x, y - 9);
  context.lineTo(x, y + 9);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Place} place @param {number} radius */
function drawRing(context, [x, y], radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}
