// The lines of the loss chart: what each is called and how it looks, and where the labels at their ends stand.

import { RATE, TEST, TRAIN, VALIDATION } from '../state/history.js';

const LABEL_GAP = 15;

/**
 * @typedef {object} Line
 * @property {string} name @property {string} [short] the name where there is less room
 * @property {string} color of the theme
 * @property {number} width @property {number[]} dash
 */

/** @type {Record<number, Line>} by measure */
export const LINES = {
  [TRAIN]: { name: 'train', color: 'muted', width: 1.25, dash: [] },
  [VALIDATION]: { name: 'validation', short: 'valid.', color: 'validation', width: 1.75, dash: [6, 3] },
  [TEST]: { name: 'test', color: 'text', width: 2.25, dash: [] },
  [RATE]: { name: 'rate', color: 'rate', width: 1, dash: [1, 2] },
};

/**
 * Where labels go that want to be at some places: in their order, as near as they can, none over another.
 * @param {number[]} wanted
 * @param {number} low @param {number} high the least and the largest place
 * @param {number} least pixels between two
 * @returns {number[]}
 */
export function spread(wanted, low, high, least = LABEL_GAP) {
  const gap = wanted.length > 1 ? Math.min(least, (high - low) / (wanted.length - 1)) : 0;
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  /** @type {{ sum: number, count: number }[]} labels that push each other, by the mean of where the first would be */
  const groups = [];
  order.forEach((i, rank) => {
    groups.push({ sum: wanted[i] - rank * gap, count: 1 });
    while (groups.length > 1 && mean(groups[groups.length - 2]) >= mean(groups[groups.length - 1])) {
      const { sum, count } = /** @type {{ sum: number, count: number }} */ (groups.pop()), before = groups[groups.length - 1];
      before.sum += sum;
      before.count += count;
    }
  });
  const firsts = groups.flatMap((group) => Array(group.count).fill(mean(group)));
  const most = high - (wanted.length - 1) * gap, places = Array(wanted.length);
  order.forEach((i, rank) => { places[i] = Math.min(Math.max(firsts[rank], low), most) + rank * gap; });
  return places;
}

/** @param {{ sum: number, count: number }} group */
const mean = ({ sum, count }) => sum / count;

/**
 * A free place for one more label, beside another one if it can be; null where there is no room.
 * @param {number[]} taken @param {number} beside
 * @param {number} low @param {number} high
 */
export function freePlace(taken, beside, low, high) {
  const all = taken.flatMap((at) => [at + LABEL_GAP, at - LABEL_GAP]);
  const free = all.filter((at) => at >= low && at <= high && taken.every((other) => Math.abs(at - other) >= LABEL_GAP));
  return free.sort((a, b) => Math.abs(a - beside) - Math.abs(b - beside))[0] ?? null;
}
