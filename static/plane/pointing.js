// Pointing at the plane: with the mouse, a finger or the arrow keys, at any place or at a data point nearby.

import { inside, placeAt, projection } from './plane.js';

const REACH = 9; // pixels within which a data point is meant
const STEP = 1 / 48, LEAP = 4; // of an arrow key, by the plane's sides; how many of them with shift

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('../state/state.js').Probe} Probe
 */

export class Pointing {
  /**
   * @param {HTMLElement} plane
   * @param {() => State} state
   * @param {(probe: Probe | null) => void} probe
   */
  constructor(plane, state, probe) {
    this.plane = plane;
    this.state = state;
    this.probe = probe;
    this.pinned = false; // which means nothing once the place is gone
    plane.addEventListener('pointermove', (event) => this.follow(event));
    plane.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && this.follow(null));
    plane.addEventListener('click', (event) => this.pick(event));
    plane.addEventListener('keydown', (event) => this.press(event));
  }

  /** Whether a place stays as it is, wherever the pointer goes. */
  get held() {
    return this.pinned && this.state().probe !== null;
  }

  /** Go with the pointer, or with it out of the plane. @param {MouseEvent | null} event */
  follow(event) {
    if (this.held) return;
    this.pinned = false;
    this.probe(event && this.at(event));
  }

  /** Hold the point where it is, or let it go. @param {MouseEvent} event */
  pick(event) {
    if (/** @type {HTMLElement} */ (event.target).closest('button, .sketch-tools')) return;
    this.pinned = !this.held;
    this.probe(this.at(event));
  }

  /** The place under the pointer. @param {MouseEvent} event @returns {Probe | null} */
  at(event) {
    const { data, config } = this.state();
    if (!data || !config) return null;
    const box = this.plane.getBoundingClientRect();
    const { left, top, side } = inside(box.width);
    const px = event.clientX - box.left, py = event.clientY - box.top;
    if (px < left || py < top || px > left + side || py > top + side) return null;
    const near = this.nearest(px, py, projection(data.domain, left, top, side));
    if (near) return near;
    const [x, y] = placeAt(data.domain, left, top, side)(px, py);
    return { x, y, label: null };
  }

  /**
   * The data point that a place means, of those that are drawn.
   * @param {number} px @param {number} py
   * @param {(x: number, y: number) => number[]} place
   * @returns {Probe | null}
   */
  nearest(px, py, place) {
    const { data, config } = this.state();
    let found = null, least = REACH;
    const drawn = data ? [...data.train, ...(config?.showTestData ? [...data.validation, ...data.test] : [])] : [];
    for (const [x, y, label] of drawn) {
      const [qx, qy] = place(x, y);
      const away = Math.hypot(qx - px, qy - py);
      if (away < least) [found, least] = [{ x, y, label }, away];
    }
    return found;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { data, probe } = this.state();
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.target !== this.plane || !steps || !data) return;
    event.preventDefault();
    event.stopPropagation();
    this.pinned = true;
    const by = STEP * (event.shiftKey ? LEAP : 1);
    const [x, y] = [probe?.x ?? 0, probe?.y ?? 0].map((value, axis) => {
      const [low, high] = data.domain[axis];
      return Math.min(high, Math.max(low, value + (probe ? by * (high - low) * steps[axis] : 0)));
    });
    this.probe({ x, y, label: null });
  }
}

