// The axes of the loss chart: which epochs and losses it shows, where they stand, and their ticks.

import { HIGH, LOW, between } from '../state/history.js';

const MARGIN = { left: 52, top: 28, right: 110, bottom: 22 };
const FLOOR = 1e-9, CEILING = 1e200; // losses beyond are drawn there: 0 has no logarithm, and some runs explode
const BAND = 0.6, LOG_BAND = 0.2; // how far the band may reach beyond the lines, in parts of what they span

/**
 * @typedef {import('../state/history.js').Row} Row
 * @typedef {{ left: number, top: number, w: number, h: number }} Box where the lines are drawn
 * @typedef {object} Axes
 * @property {Box} box
 * @property {[number, number]} epochs in view
 * @property {[number, number]} losses in view
 * @property {boolean} log
 * @property {(epoch: number) => number} x @property {(loss: number) => number} y
 */

/** @param {number} width @param {number} height of the canvas @returns {Box} */
export function boxOf(width, height) {
  const { left, top, right, bottom } = MARGIN;
  return { left, top, w: Math.max(1, width - left - right), h: Math.max(1, height - top - bottom) };
}

/** What an axis is even in. @param {boolean} log @returns {(loss: number) => number} */
const measureOf = (log) =>
  (log ? (loss) => Math.log10(Math.min(Math.max(loss, FLOOR), CEILING)) : (loss) => Math.min(loss, CEILING));

/**
 * Axes for a part of the rows; a linear one begins at 0, unless it is to fit the lines closely.
 * @param {Row[]} rows @param {[number, number]} epochs
 * @param {{ log: boolean, close: boolean, lines: number[] }} scale `lines` are the measures that are drawn
 * @param {Box} box
 * @returns {Axes}
 */
export function axesOf(rows, epochs, { log, close, lines }, box) {
  const measure = measureOf(log);
  const [bottom, top] = extent(between(rows, epochs), lines, measure, log, !log && !close);
  return {
    box,
    epochs,
    losses: log ? [10 ** bottom, 10 ** top] : [bottom, top],
    log,
    x: (epoch) => box.left + ((epoch - epochs[0]) / (epochs[1] - epochs[0])) * box.w,
    y: (loss) => box.top + ((top - measure(loss)) / (top - bottom)) * box.h,
  };
}

/**
 * From where to where the axis of losses goes, in its own measure: all of the lines, and of the band what is not far.
 * @param {Row[]} rows @param {number[]} lines @param {(loss: number) => number} measure
 * @param {boolean} log @param {boolean} fromZero
 * @returns {[number, number]}
 */
function extent(rows, lines, measure, log, fromZero) {
  let low = Infinity, high = 0, least = Infinity, most = 0;
  for (const row of rows) {
    for (const line of lines) {
      if (row[line] < low) low = row[line]; // which is false where it is not known
      if (row[line] > high) high = row[line];
    }
    least = Math.min(least, row[LOW]);
    most = Math.max(most, row[HIGH]);
  }
  if (!rows.length) [low, high, least, most] = log ? [0.1, 1, 0.1, 1] : [0, 1, 0, 1];
  if (fromZero) low = least = 0;
  const from = measure(low), to = measure(high);
  const span = Math.max(to - from, log ? 0.2 : Math.max(0.02 * to, 1e-6)), reach = span * (log ? LOG_BAND : BAND);
  const bottom = Math.max(from - reach, Math.min(from, measure(least)));
  const top = Math.max(from + span, Math.min(to + reach, measure(most)));
  const pad = 0.05 * (top - bottom);
  return [log ? bottom - pad : Math.max(0, bottom - pad), top + pad];
}

/**
 * The multiples of 1, 2 or 5 times a power of ten in an interval.
 * @param {[number, number]} interval
 * @param {number} most how many there may be, about
 * @param {number} least the smallest step
 */
export function steps([low, high], most, least = 0) {
  const rough = Math.max((high - low) / most, least), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * The ticks of a logarithmic axis: those with a number, and the small ones between them.
 * @param {[number, number]} interval
 * @param {number} most how many may have a number, about
 */
export function logTicks([low, high], most) {
  const span = Math.log10(high / low);
  /** @type {number[]} */
  const all = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (let times = 1; times < 10; times++) all.push(Number(`${times}e${power}`));
  }
  const minor = span > 8 ? [] : all.filter((loss) => loss >= low && loss <= high);
  if (span < 0.7) return { major: steps([low, high], most), minor };
  const every = Math.ceil(span / most);
  /** @param {number} loss */
  const isMajor = (loss) => {
    const [digit, power] = loss.toExponential().split('e').map(Number);
    return span <= 0.4 * most ? [1, 2, 5].includes(digit) : digit === 1 && power % every === 0;
  };
  return { major: all.filter((loss) => loss >= low && loss <= high && isMajor(loss)), minor };
}

/** The number at a tick, short. @param {number} loss */
export function tickText(loss) {
  if (loss !== 0 && (loss < 1e-3 || loss >= 1e5)) return loss.toExponential().replace('e+', 'e');
  return String(loss);
}
