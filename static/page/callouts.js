// The callouts of the first visit: a note beside a unit, a link and the play button, gone for good at the first play.

import { readStored, writeStored } from '../draw/storage.js';
import { isReady } from '../state/state.js';
import { link } from '../network/geometry.js';

const KEY = 'callouts', SEEN = 'seen';
const STEP = 4; // pixels from one place that is tried to the next
const NEAR = 12, FAR = 280; // pixels between a note and what it points at
const GAP = 4, EDGE = 8; // pixels that a note keeps from other things and from the page's edges
const CORNER = 12; // pixels from a note's corner to where its line may begin
const TAKEN = 'header > *, .knob, #notice, #notes, #data, #output, .strip, main button:not(.about), .feature, .feature span, .layer-head, .class-name, .key';
const SPARED = 'main h2'; // covered only where there is no other place, as the wires are
const ARRANGED = /** @type {const} */ (['config', 'layout', 'size']); // the parts of the state that move things

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box
 */

const narrow = window.matchMedia('(max-width: 1000px)'); // where the note of the play button keeps a place of its own

export class Callouts {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.notes = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.callout')]);
    this.lines = this.notes.map(() => document.createElementNS('http://www.w3.org/2000/svg', 'path'));
    root.querySelector('svg')?.append(...this.lines);
    root.querySelector('button')?.addEventListener('click', () => this.dismiss());
    this.wanted = readStored(KEY) !== SEEN;
    /** @type {State | null} */
    this.state = null;
  }

  get shown() {
    return !this.root.hidden;
  }

  /** @param {State} state */
  render(state) {
    const before = this.state;
    this.state = state;
    if (state.playing && before && !before.playing) this.retire();
    const moved = ARRANGED.some((key) => state[key] !== before?.[key]);
    if (this.wanted && (moved || !this.shown)) this.update();
  }

  /** Show them again, whether or not they were seen. */
  show() {
    this.wanted = true;
    this.update();
  }

  /** Put them away for good; returns whether they were shown. */
  dismiss() {
    if (!this.shown) return false;
    this.retire();
    return true;
  }

  retire() {
    this.wanted = false;
    writeStored(KEY, SEEN);
    this.update();
  }

  update() {
    this.root.hidden = !this.wanted || !this.state || !suits(this.state);
    if (this.shown) this.place();
  }

  /** Each note goes to the free place that is nearest to what it is about; where there is none, it stays away. */
  place() {
    const { layers, play, taken, spared, room } = survey(this.root.getBoundingClientRect());
    /** @type {Box[]} */
    const placed = []; // which no line may cross
    /** @type {Record<string, Box | null | undefined>} */
    const targets = { link: placeOnLink(layers), unit: layers.length > 2 ? layers[1].at(-1) : null, play };
    this.notes.forEach((note, i) => {
      note.hidden = false;
      if (note.dataset.at === 'play' && narrow.matches) return this.put(i, null, null);
      const { offsetWidth, offsetHeight } = note, target = targets[note.dataset.at ?? ''] ?? null;
      const find = (/** @type {Box[]} */ kept) => target && freePlace(offsetWidth, offsetHeight, target, kept, placed, room);
      const box = find([...taken, ...spared]) ?? find(taken);
      note.hidden = !box;
      this.put(i, box, target);
      if (!box || !target) return;
      placed.push(box);
      taken.push(box, ...legs(box, target));
    });
  }

  /** @param {number} i @param {Box | null} box of the note, or none where the style sheet places it @param {Box | null} target */
  put(i, box, target) {
    this.notes[i].style.left = box ? `${box.left}px` : '';
    this.notes[i].style.top = box ? `${box.top}px` : '';
    this.lines[i].setAttribute('d', box && target ? pointer(box, target) : '');
  }
}

/** Whether a page is one for newcomers who can play. @param {State} state */
function suits(state) {
  if (!isReady(state)) return false;
  const { hideText, compact, tutorial, hide } = state.config;
  return !hideText && !compact && !tutorial && !hide.includes('playButton');
}

/** Where everything on the page is, seen from an origin. @param {{ left: number, top: number }} origin */
function survey(origin) {
  const boxOf = (/** @type {Element} */ element) => moved(element.getBoundingClientRect(), -origin.left, -origin.top);
  const boxes = (/** @type {string} */ selector) =>
    [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility() && !hovers(element)).map(boxOf);
  const layers = columns().map((column) => column.map(boxOf));
  const wires = layers.slice(1).map((to, i) => union([...layers[i], ...to]));
  const { clientWidth, scrollHeight } = document.documentElement;
  return {
    layers,
    play: below(boxOf(/** @type {Element} */ (document.querySelector('#play')))),
    taken: boxes(TAKEN),
    spared: [...boxes(SPARED), ...wires],
    room: { left: EDGE, top: EDGE, right: clientWidth - EDGE, bottom: scrollHeight - EDGE },
  };
}

/** Whether something stays in the window while the page scrolls below it. @param {Element} element */
function hovers(element) {
  return narrow.matches && element.closest('header, .said') !== null;
}

/** The parts of the network from left to right: the features that are on, the hidden layers, the output. */
function columns() {
  const layers = [...document.querySelectorAll('#network .layers > *')];
  const units = layers.map((layer) => (layer.matches('.unit') ? [layer] : [...layer.querySelectorAll('.unit')]));
  return [[...document.querySelectorAll('.feature:has(:checked)')], ...units];
}

/** A place on the lowest link into the first layer. @param {Box[][]} layers @returns {Box | null} */
function placeOnLink([from, to]) {
  const start = from.at(-1), end = to.at(-1);
  if (!start || !end) return null;
  const size = end.right - end.left;
  const { x1, y1, cx1, cx2, x2, y2 } = link({ x: start.left, y: start.top }, { x: end.left, y: end.top }, size, from.length - 1, from.length);
  return spot(along(x1, cx1, cx2, x2), along(y1, y1, y2, y2));
}

/** Three quarters of the way along a cubic curve, in one dimension. @param {number} a @param {number} b @param {number} c @param {number} d */
const along = (a, b, c, d) => (a + 9 * b + 27 * c + 27 * d) / 64;

/** The place just below a round button. @param {Box} button */
const below = ({ left, right, bottom }) => spot(middle(left, right), bottom + GAP);

/** A box without a size. @param {number} x @param {number} y @returns {Box} */
const spot = (x, y) => ({ left: x, top: y, right: x, bottom: y });

/**
 * The place nearest to a target where a box of some size covers nothing that is taken, and its line no box placed before.
 * @param {number} width @param {number} height
 * @param {Box} target
 * @param {Box[]} taken @param {Box[]} placed
 * @param {Box} room
 */
export function freePlace(width, height, target, taken, placed, room) {
  /** @type {Box | null} */
  let best = null;
  let least = FAR;
  const lowest = Math.min(target.bottom + FAR, room.bottom - height), last = Math.min(target.right + FAR, room.right - width);
  for (let top = Math.max(target.top - FAR - height, room.top); top <= lowest; top += STEP) {
    for (let left = Math.max(target.left - FAR - width, room.left); left <= last; left += STEP) {
      const box = { left, top, right: left + width, bottom: top + height };
      const away = distance(box, target);
      if (away < NEAR || away >= least || taken.some((other) => distance(box, other) < GAP)) continue;
      if (legs(box, target).some((leg) => placed.some((other) => distance(leg, other) < GAP))) continue;
      best = box;
      least = away;
    }
  }
  return best;
}

/** @param {Box} a @param {Box} b */
function distance(a, b) {
  const across = Math.max(a.left - b.right, b.left - a.right, 0), down = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
  return Math.hypot(across, down);
}

/** The line from a note to its target as two boxes: up or down, and then aside. @param {Box} box @param {Box} target */
function legs(box, target) {
  const { x1, y1, x2, y2 } = ends(box, target);
  return [union([spot(x1, y1), spot(x1, y2)]), union([spot(x1, y2), spot(x2, y2)])];
}

/** Where the line from a note to its target begins and ends. @param {Box} box @param {Box} target */
function ends(box, target) {
  const x1 = nearest(middle(target.left, target.right), box.left + CORNER, box.right - CORNER);
  const y1 = nearest(middle(target.top, target.bottom), box.top, box.bottom);
  return { x1, y1, x2: nearest(x1, target.left, target.right), y2: nearest(y1, target.top, target.bottom) };
}

/** The path of that line, its corner rounded. @param {Box} box @param {Box} target */
function pointer(box, target) {
  const { x1, y1, x2, y2 } = ends(box, target);
  return `M${x1} ${y1}C${x1} ${y2} ${x1} ${y2} ${x2} ${y2}`;
}

/** @param {number} low @param {number} high */
const middle = (low, high) => (low + high) / 2;

/** The number between two that is nearest to another. @param {number} to @param {number} low @param {number} high */
const nearest = (to, low, high) => Math.min(Math.max(to, low), high);

/** @param {Box[]} boxes @returns {Box} */
function union(boxes) {
  const all = (/** @type {keyof Box} */ side) => boxes.map((box) => box[side]);
  return { left: Math.min(...all('left')), top: Math.min(...all('top')), right: Math.max(...all('right')), bottom: Math.max(...all('bottom')) };
}

/** @param {Box} box @param {number} x @param {number} y @returns {Box} */
function moved({ left, top, right, bottom }, x, y) {
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}
