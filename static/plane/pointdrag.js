// Moves data points: dragged with the pointer, or taken with Enter and moved with the arrow keys.

import { isHidden } from '../state/hiding.js';
import { inside, placeAt, projection } from './plane.js';
import { isArrow, moved, nearestPoint } from './pointing.js';

const REACH = 5, FINGER = 16, KEYS = 16; // pixels from a point within which it is taken
const SLACK = 3; // pixels that a pointer may tremble while it clicks
const DECIMALS = 1e4; // of own points in a link
const LARGEST = 6, MOST = 3000; // how far own points' plane reaches, and how many they can be

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('../state/state.js').Place} Place
 * @typedef {object} Actions
 * @property {() => number} newGesture
 * @property {(place: Place, x: number, y: number, gesture: number) => void} movePoint
 * @property {(probe: import('../state/state.js').Probe | null) => void} probe
 */

export class PointDrag {
  /**
   * @param {HTMLElement} plane
   * @param {() => import('../state/state.js').State} state
   * @param {Actions} actions
   */
  constructor(plane, state, actions) {
    this.plane = plane;
    this.state = state;
    this.actions = actions;
    /** @type {{ place: Place, gesture: number, from: number[] | null } | null} what is moved, and where the pointer took it */
    this.held = null;
    this.dragged = false; // whether the click that follows belongs to a drag
    plane.addEventListener('pointerdown', (event) => this.take(event), true);
    plane.addEventListener('pointermove', (event) => this.follow(event), true);
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'blur'])) plane.addEventListener(end, () => this.release());
    plane.addEventListener('click', (event) => this.dragged && event.stopImmediatePropagation(), true);
    plane.addEventListener('touchstart', (event) => this.held && event.preventDefault(), { passive: false }); // nothing scrolls
    plane.addEventListener('keydown', (event) => this.press(event), true);
  }

  /** Whether points can become the person's own, as one that was moved is. */
  get movable() {
    const { data, config } = this.state();
    if (!data || !config || isHidden(config, 'dataset') || this.plane.matches('.sketching')) return false;
    const count = data.train.length + data.validation.length + data.test.length;
    return count <= MOST && data.domain.flat().every((edge) => Math.abs(edge) === LARGEST);
  }

  /** The map's square on the canvas, and the plane's part that it shows. */
  get square() {
    const { data } = /** @type {Ready} */ (this.state()), { left, top, side } = inside(this.plane.clientWidth);
    return { domain: data.domain, left, top, side };
  }

  /** The data point under a pointer; under a finger only one that is followed already, so that others scroll the page. @param {PointerEvent} event */
  under(event) {
    if (!this.movable || !(/** @type {HTMLElement} */ (event.target).matches('canvas, .plane'))) return null;
    const touch = event.pointerType === 'touch', [px, py] = this.pixel(event), { probe } = this.state();
    const found = this.nearest(px, py, touch ? FINGER : REACH);
    return touch && found && (found.at[0] !== probe?.x || found.at[1] !== probe?.y) ? null : found;
  }

  /** @param {number} px @param {number} py @param {number} reach */
  nearest(px, py, reach) {
    const { domain, left, top, side } = this.square;
    return nearestPoint(this.state(), px, py, projection(domain, left, top, side), reach);
  }

  /** @param {PointerEvent} event */
  take(event) {
    this.dragged = false;
    const found = event.button === 0 ? this.under(event) : null;
    if (!found) return;
    this.hold(found, this.pixel(event));
    this.plane.setPointerCapture(event.pointerId);
    event.stopImmediatePropagation(); // no line is dragged
  }

  /** @param {Place} place @param {number[] | null} from */
  hold({ part, point }, from) {
    this.held = { place: { part, point }, gesture: this.actions.newGesture(), from };
    this.plane.classList.add('moving');
  }

  release() {
    this.held = null;
    this.plane.classList.remove('moving');
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const { held } = this;
    if (!held?.from) {
      this.plane.classList.toggle('on-point', event.pointerType === 'mouse' && this.under(event) !== null);
      return;
    }
    event.stopImmediatePropagation();
    const [px, py] = this.pixel(event), { domain, left, top, side } = this.square;
    if (!this.dragged && Math.hypot(px - held.from[0], py - held.from[1]) < SLACK) return;
    this.dragged = true;
    const within = (/** @type {number} */ at, /** @type {number} */ low) => Math.min(low + side, Math.max(low, at));
    this.move(placeAt(domain, left, top, side)(within(px, left), within(py, top)));
  }

  /** @param {number[]} to */
  move(to) {
    const { held } = this, { data } = /** @type {Ready} */ (this.state());
    const point = held && data[held.place.part][held.place.point];
    if (!held || !point) return;
    const [x, y] = to.map((value) => Math.round(value * DECIMALS) / DECIMALS);
    this.actions.movePoint(held.place, x, y, held.gesture);
    this.actions.probe({ x, y, label: point[2] });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.target !== this.plane || !this.act(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** Whether a key is used up. @param {KeyboardEvent} event */
  act(event) {
    const { held } = this, { probe } = this.state();
    if (held && (event.key === 'Escape' || event.key === 'Enter')) return this.release(), true;
    if (held && isArrow(event) && probe) return this.move(moved([probe.x, probe.y], event, this.square.domain)), true;
    if (event.key !== 'Enter' || !probe || !this.movable) return false;
    const { domain, left, top, side } = this.square, [px, py] = projection(domain, left, top, side)(probe.x, probe.y);
    const found = this.nearest(px, py, KEYS);
    if (!found) return false;
    this.hold(found, null);
    this.actions.probe({ x: found.at[0], y: found.at[1], label: found.at[2] });
    return true;
  }

  /** @param {PointerEvent} event */
  pixel({ clientX, clientY }) {
    const { left, top } = this.plane.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}
