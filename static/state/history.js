// The losses that the page knows, epoch by epoch: which of them to keep, to find and to draw.

import { ROW } from '../wire/frames.js';

const ROWS = 4000;

export const EPOCH = 0, TRAIN = 1, TEST = 2, LOW = 3, HIGH = 4, VALIDATION = 5, RATE = 6;

/**
 * @typedef {[number, number, number, number, number, number, number]} Row epoch, training loss, test loss, the lowest and
 *   highest loss of a single batch since the row before, validation loss and learning rate; NaN is what is not known
 */

export class History {
  constructor() {
    /** @type {Row[]} epochs ascending */
    this.rows = [];
  }

  /**
   * Take in rows of a frame: those that follow the last one here, and those of which the losses have changed.
   * @param {ArrayLike<number>} rows flat, seven numbers each
   */
  extend(rows) {
    for (let i = 0; i < rows.length; i += ROW) {
      const row = /** @type {Row} */ (Array.prototype.slice.call(rows, i, i + ROW));
      const place = rows[i] > this.last ? this.rows.length : this.rows.findLastIndex((known) => known[EPOCH] === rows[i]);
      if (place >= 0) this.rows[place] = row;
    }
    if (this.rows.length > ROWS) this.rows = thinned(this.rows);
  }

  /** @param {number} epoch after which nothing is kept */
  truncate(epoch) {
    this.rows = this.rows.filter((row) => row[EPOCH] <= epoch);
  }

  get last() {
    return this.rows.length ? this.rows[this.rows.length - 1][EPOCH] : -1;
  }

  /**
   * The rows, and as their last one the present moment, which may be in the middle of an epoch.
   * @param {Row | null} now where its batches are not known it gets those of the last row
   * @returns {Row[]}
   */
  upTo(now) {
    if (!now || now[EPOCH] < this.last) return this.rows;
    const before = now[EPOCH] > this.last ? this.rows : this.rows.slice(0, -1);
    const last = this.rows[this.rows.length - 1], row = /** @type {Row} */ ([...now]);
    for (const measure of [LOW, HIGH]) if (Number.isNaN(row[measure])) row[measure] = last?.[measure] ?? row[TRAIN];
    return [...before, row];
  }
}

/** Without every second row, but for the last; what goes leaves its batches to the row behind it. @param {Row[]} rows */
export function thinned(rows) {
  /** @param {Row} row @param {Row} gone @returns {Row} */
  const widened = ([epoch, train, test, low, high, validation, rate], gone) =>
    [epoch, train, test, Math.min(low, gone[LOW]), Math.max(high, gone[HIGH]), validation, rate];
  return rows.flatMap((row, i) => {
    if (i % 2 === 0) return [i ? widened(row, rows[i - 1]) : row];
    return i === rows.length - 1 ? [row] : [];
  });
}

/** The place of the first row that is not before an epoch. @param {Row[]} rows @param {number} epoch */
function placeOf(rows, epoch) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle][EPOCH] < epoch) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the row nearest to an epoch, of at least one row. @param {Row[]} rows @param {number} epoch */
export function nearest(rows, epoch) {
  const after = Math.min(placeOf(rows, epoch), rows.length - 1), before = Math.max(0, after - 1);
  return epoch - rows[before][EPOCH] <= rows[after][EPOCH] - epoch ? before : after;
}

/**
 * The rows in a range of epochs, cut off where the lines cross its ends.
 * @param {Row[]} rows @param {[number, number]} range
 * @returns {Row[]}
 */
export function between(rows, [from, to]) {
  const start = placeOf(rows, from), end = placeOf(rows, to);
  const inside = rows.slice(start, end);
  if (start > 0 && start < rows.length) inside.unshift(crossing(rows[start - 1], rows[start], from));
  if (end > 0 && end < rows.length) inside.push(crossing(rows[end - 1], rows[end], to));
  return inside;
}

/** A row on the way from one to another. @param {Row} before @param {Row} after @param {number} epoch @returns {Row} */
function crossing(before, after, epoch) {
  const part = (epoch - before[EPOCH]) / (after[EPOCH] - before[EPOCH]);
  return /** @type {Row} */ (before.map((value, i) => value + part * (after[i] - value)));
}

/**
 * For each column of pixels that has rows, the places of the lowest and of the highest: all that can be seen of them.
 * @param {Row[]} rows
 * @param {number} measure which of a row's numbers counts; rows where it is not known are passed over
 * @param {(epoch: number) => number} x
 * @returns {[number, number][]}
 */
export function extremes(rows, measure, x) {
  /** @type {[number, number][]} */
  const found = [];
  let column = NaN;
  rows.forEach((row, i) => {
    if (Number.isNaN(row[measure])) return;
    const at = Math.floor(x(row[EPOCH]));
    if (at !== column) {
      column = at;
      found.push([i, i]);
      return;
    }
    const pair = found[found.length - 1];
    if (row[measure] < rows[pair[0]][measure]) pair[0] = i;
    if (row[measure] > rows[pair[1]][measure]) pair[1] = i;
  });
  return found;
}

/** The first row with the lowest of some measure, where one has it. @param {Row[]} rows @param {number} measure @returns {Row | null} */
export function lowest(rows, measure) {
  /** @type {Row | null} */
  let best = null;
  for (const row of rows) if (row[measure] < (best?.[measure] ?? Infinity)) best = row;
  return best;
}
