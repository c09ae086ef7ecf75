// Losses as colours and runs as words.

import { shortNumber } from './numbers.js';
import { lossesOf } from './sweepplaces.js';

const FLOOR = 1e-6; // losses below count as this: 0 has no logarithm
const OUTLIERS = 0.95, MANY = 20; // of many runs, the worst do not stretch the scale

/** @typedef {import('./sweepplaces.js').Run} Run @typedef {import('./sweepplaces.js').Status} Status */

/** @type {Record<Status, string>} */
export const STATUS_WORDS = {
  succeeded: 'trained',
  running: 'training',
  queued: 'waiting',
  failed: 'diverged',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

/** A run's state in a word. @param {Run} run */
export function statusWord({ status, reason }) {
  return status === 'failed' && !reason?.startsWith('The loss grew') ? 'failed' : STATUS_WORDS[status];
}

/**
 * @typedef {{ low: number, high: number, at: (loss: number) => number }} LossScale `at` is 0 for the lowest loss and 1 for
 *   the highest, even in the logarithm
 */

/**
 * The scale of some runs' losses, or null where there is none yet.
 * @param {Run[]} runs
 * @returns {LossScale | null}
 */
export function lossScale(runs) {
  const losses = lossesOf(runs).sort((a, b) => a - b);
  if (!losses.length) return null;
  const low = losses[0], high = losses[Math.floor((losses.length - 1) * (losses.length < MANY ? 1 : OUTLIERS))];
  const from = Math.log(Math.max(low, FLOOR)), span = Math.log(Math.max(high, FLOOR)) - from;
  const at = (/** @type {number} */ loss) => (span ? Math.min(1, Math.max(0, (Math.log(Math.max(loss, FLOOR)) - from) / span)) : 0);
  return { low, high, at };
}

/** @param {number | null} loss */
export function lossText(loss) {
  return loss === null ? '–' : shortNumber(loss);
}

/**
 * How many runs are in which state, in words.
 * @param {Run[]} runs
 */
export function countsText(runs) {
  /** @type {Map<string, number>} */
  const counts = new Map(Object.values(STATUS_WORDS).map((word) => [word, 0]));
  for (const run of runs) counts.set(statusWord(run), (counts.get(statusWord(run)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count).map(([word, count]) => `${count.toLocaleString('en')} ${word}`).join(', ');
}

/** A time to come: "about 40 s", "about 3 min". @param {number} seconds */
export function durationText(seconds) {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`;
}
