// Pointing at the plane: with the mouse, a finger or the arrow keys, at any place or at a data point nearby.

import { inside, placeAt, projection } from './plane.js';

const REACH = 9; // pixels within which a data point is meant
const PARTS = /** @type {const} */ (['train', 'validation', 'test']);
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
    const near = nearestPoint(this.state(), px, py, projection(data.domain, left, top, side), REACH);
    if (near) return { x: near.at[0], y: near.at[1], label: near.at[2] };
    const [x, y] = placeAt(data.domain, left, top, side)(px, py);
    return { x, y, label: null };
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { data, probe } = this.state();
    if (event.target !== this.plane || !isArrow(event) || !data) return;
    event.preventDefault();
    event.stopPropagation();
    this.pinned = true;
    const [x, y] = probe ? moved([probe.x, probe.y], event, data.domain) : [0, 0];
    this.probe({ x, y, label: null });
  }
}

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Whether an arrow key was pressed. @param {KeyboardEvent} event */
export const isArrow = ({ key }) => key in ARROWS;

/**
 * Where an arrow key moves a place, within the plane.
 * @param {number[]} place @param {KeyboardEvent} event @param {import('../state/state.js').Data['domain']} domain
 */
export function moved(place, { key, shiftKey }, domain) {
  const by = STEP * (shiftKey ? LEAP : 1);
  return place.map((value, axis) => {
    const [low, high] = domain[axis];
    return Math.min(high, Math.max(low, value + by * (high - low) * ARROWS[key][axis]));
  });
}

/**
 * The data point that a place on the canvas means, of those that are drawn.
 * @param {State} state
 * @param {number} px @param {number} py
 * @param {(x: number, y: number) => number[]} toCanvas
 * @param {number} reach pixels
 * @returns {import('../state/state.js').Place & { at: number[] } | null}
 */
export function nearestPoint({ data, config }, px, py, toCanvas, reach) {
  if (!data) return null;
  let found = null, least = reach;
  for (const part of config?.showTestData ? PARTS : PARTS.slice(0, 1)) {
    data[part].forEach((at, point) => {
      const [qx, qy] = toCanvas(at[0], at[1]), away = Math.hypot(qx - px, qy - py);
      if (away < least) [found, least] = [{ part, point, at }, away];
    });
  }
  return found;
}
