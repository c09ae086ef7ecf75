// The colour scale of a sweep's objective, and runs in words.

import { shortNumber } from '../draw/numbers.js';
import { better, valuesOf } from './objective.js';

const FLOOR = 1e-6; // losses below count as this: 0 has no logarithm
const OUTLIERS = 0.95, MANY = 20; // of many runs, the worst do not stretch the scale

/** @typedef {import('./objective.js').Run} Run @typedef {import('./objective.js').Status} Status */

/** @type {Record<Status, string>} */
export const STATUS_WORDS = {
  succeeded: 'trained',
  running: 'training',
  queued: 'waiting',
  failed: 'diverged',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  pruned: 'pruned',
};

/** A run's state in a word. @param {Run} run */
export function statusWord({ status, reason }) {
  return status === 'failed' && !reason?.startsWith('The loss grew') ? 'failed' : STATUS_WORDS[status];
}

/**
 * @typedef {{ best: number, worst: number, at: (value: number) => number }} Scale `at` is 0 for the best value and 1 for the worst; of
 *   losses it is even in the logarithm
 */

/**
 * The scale of what some runs are compared by, or null where there is nothing yet.
 * @param {Run[]} runs @param {import('./objective.js').Objective} objective
 * @returns {Scale | null}
 */
export function scaleOf(runs, objective) {
  const values = valuesOf(runs).sort(better(objective));
  if (!values.length) return null;
  const best = values[0], worst = values[Math.floor((values.length - 1) * (values.length < MANY ? 1 : OUTLIERS))];
  const even = (/** @type {number} */ value) => (objective.maximizes ? value : Math.log(Math.max(value, FLOOR)));
  const from = even(best), span = even(worst) - from;
  return { best, worst, at: (value) => (span ? Math.min(1, Math.max(0, (even(value) - from) / span)) : 0) };
}

/** A loss or a score. @param {number | null} value */
export function measureText(value) {
  return value === null ? '–' : shortNumber(value);
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
