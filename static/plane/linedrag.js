// Drags the line of a unit on the plane: from its middle it is shifted, from farther out it is turned about that.

import { classCount } from '../state/classes.js';
import { fits, lineOf } from '../state/units.js';
import { shown } from '../state/state.js';
import { inside, placeAt } from './plane.js';
import { onCanvas } from './annotations.js';

const REACH = 6, FINGER = 16; // pixels from the line within which a pointer takes it
const MIDDLE = 0.25; // of the part in sight, to each side: where it is shifted

/**
 * @typedef {import('../state/state.js').Unit} Unit
 * @typedef {import('./annotations.js').Line} Line
 * @typedef {object} Held what is dragged
 * @property {Unit} unit @property {Line} line as it was last
 * @property {[number, number] | null} pivot where it is turned about, or nothing where it is shifted
 * @property {number} gesture
 */

export class LineDrag {
  /**
   * @param {HTMLElement} plane
   * @param {() => import('../state/state.js').State} state
   * @param {() => number} newGesture
   * @param {(unit: Unit, weights: number[], bias: number, gesture: number) => void} set
   */
  constructor(plane, state, newGesture, set) {
    this.plane = plane;
    this.state = state;
    this.newGesture = newGesture;
    this.set = set;
    /** @type {Held | null} */
    this.held = null;
    this.dragged = false; // whether the click that follows belongs to a drag
    plane.addEventListener('pointerdown', (event) => this.take(event), true);
    plane.addEventListener('pointermove', (event) => this.move(event), true);
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) plane.addEventListener(end, () => (this.held = null));
    plane.addEventListener('click', (event) => this.dragged && event.stopPropagation(), true);
    plane.addEventListener('touchstart', (event) => this.held && event.preventDefault(), { passive: false }); // nothing scrolls
  }

  /** What there is to be dragged: the line of the unit on show, or of a lone output. */
  get target() {
    const state = /** @type {import('../state/state.js').Ready} */ (this.state()), { layout, data } = state;
    if (!layout || !data || this.plane.matches('.sketching') || !fits(state)) return null;
    const alone = layout.shape.length === 2 && !classCount(layout);
    const unit = shown(state) ?? (alone ? /** @type {Unit} */ ([0, 0]) : null), line = lineOf(state, unit);
    return unit && line ? { unit, line, domain: data.domain } : null;
  }

  /** @param {PointerEvent} event what of the line is under it */
  under(event) {
    const { target } = this;
    if (!target || !(/** @type {HTMLElement} */ (event.target).matches('canvas, .plane'))) return null;
    const { left, top, side } = inside(this.plane.clientWidth), square = { left, top, side }, [px, py] = this.pixel(event);
    const on = onCanvas(target.line, target.domain, square), reach = event.pointerType === 'touch' ? FINGER : REACH;
    if (!on || Math.abs(on.n1 * px + on.n2 * py - on.d) > reach) return null;
    const ends = partInSight(on, square), along = ends && (ends[0] + ends[1]) / 2, at = on.n1 * py - on.n2 * px;
    if (!ends || along === null || at < ends[0] - reach || at > ends[1] + reach) return null;
    const turns = Math.abs(at - along) > MIDDLE * (ends[1] - ends[0]) && target.line.w1 !== 0 && target.line.w2 !== 0;
    const pivot = placeAt(target.domain, left, top, side)(on.d * on.n1 - along * on.n2, on.d * on.n2 + along * on.n1);
    return { ...target, pivot: /** @type {[number, number] | null} */ (turns ? pivot : null) };
  }

  /** @param {PointerEvent} event */
  take(event) {
    this.dragged = false;
    const under = event.button === 0 ? this.under(event) : null;
    if (!under) return;
    this.held = { ...under, gesture: this.newGesture() };
    this.plane.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { held, target } = this;
    if (!held) {
      const under = event.pointerType === 'mouse' ? this.under(event) : null;
      this.plane.style.cursor = under ? (under.pivot ? 'grab' : 'move') : '';
      return;
    }
    event.stopPropagation();
    if (!target || String(target.unit) !== String(held.unit)) return;
    const { left, top, side } = inside(this.plane.clientWidth), [px, py] = this.pixel(event);
    const place = placeAt(target.domain, left, top, side)(px, py);
    held.line = held.pivot ? turned(held.line, held.pivot, place) : through(held.line, place);
    this.dragged = true;
    this.put(held);
  }

  /** Give the unit the weights and the bias of a line; where inputs are normalized, those of the normalized ones. @param {Held} held */
  put({ unit, line, gesture }) {
    const { data, layout } = /** @type {import('../state/state.js').Ready} */ (this.state()), { mean, sigma } = data.scaling;
    const slopes = layout.features.map((name) => (name === 'x' ? line.w1 : line.w2));
    this.set(unit, slopes.map((slope, i) => slope * sigma[i]), slopes.reduce((sum, slope, i) => sum + slope * mean[i], line.b), gesture);
  }

  /** @param {PointerEvent} event */
  pixel({ clientX, clientY }) {
    const { left, top } = this.plane.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}

/**
 * The same line, shifted through a place.
 * @param {Line} line @param {number[]} place
 */
export const through = ({ w1, w2 }, [x, y]) => ({ w1, w2, b: -w1 * x - w2 * y });

/**
 * The line through two places whose weights are as large, and whose normal is on the same side.
 * @param {Line} line @param {[number, number]} pivot @param {number[]} place
 */
export function turned(line, pivot, [x, y]) {
  const dx = x - pivot[0], dy = y - pivot[1], length = Math.hypot(dx, dy);
  if (!length) return line;
  const size = Math.hypot(line.w1, line.w2) * Math.sign(line.w2 * dx - line.w1 * dy || 1);
  return through({ w1: (-dy / length) * size, w2: (dx / length) * size, b: 0 }, pivot);
}

/**
 * From where to where a line is in sight, along itself, or nothing.
 * @param {{ n1: number, n2: number, d: number }} on @param {import('./contours.js').Square} square
 * @returns {[number, number] | null}
 */
function partInSight({ n1, n2, d }, { left, top, side }) {
  let from = -Infinity, to = Infinity;
  for (const [start, slope, low] of [[d * n1, -n2, left], [d * n2, n1, top]]) {
    const [a, b] = [(low - start) / slope, (low + side - start) / slope].sort((p, q) => p - q);
    if (!slope && (start < low || start > low + side)) return null;
    if (slope) [from, to] = [Math.max(from, a), Math.min(to, b)];
  }
  return from < to ? [from, to] : null;
}
