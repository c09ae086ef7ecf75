// The objective of a sweep, as the server has chosen it: a loss or a score of the validation or test points.

/**
 * @typedef {{ epoch: number, updates: number, seconds: number, train_loss: number | null, test_loss: number | null,
 *   train_score: number | null, test_score: number | null, validation_loss: number | null, validation_score: number | null,
 *   theta_sha256: string | null }} Progress
 * @typedef {'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted' | 'pruned'} Status
 * @typedef {{ id: string, status: Status, reason: string | null, place: Record<string, any>, progress: Progress, version: number,
 *   value: number | null }} Run `value` is what it is compared by, once it was judged
 * @typedef {object} Objective
 * @property {string} measure its name in a run's progress @property {string} label as "validation loss"
 * @property {boolean} maximizes whether more of it is better @property {string} note what has to be said of it, if anything
 */

/** @param {{ objective: string, objective_note: string | null }} sweep @returns {Objective} */
export function objectiveOf({ objective, objective_note: note }) {
  return { measure: objective, label: objective.replace('_', ' '), maximizes: objective.endsWith('_score'), note: note ?? '' };
}

/** The runs with the value that they are compared by, null where they have none that means something. @param {Run[]} runs @param {Objective} objective */
export function judged(runs, { measure }) {
  return runs.map((run) => ({ ...run, value: run.status === 'failed' ? null : run.progress[/** @type {'test_loss'} */ (measure)] }));
}

/** The values of those runs that have one. @param {Run[]} runs */
export const valuesOf = (runs) => runs.map(({ value }) => value).filter((value) => value !== null);

/** The better of two values comes first. @param {Objective} objective @returns {(a: number, b: number) => number} */
export const better = ({ maximizes }) => (maximizes ? (a, b) => b - a : (a, b) => a - b);

/** The best of some values, or null where there is none. @param {number[]} values @param {Objective} objective */
export const bestValue = (values, objective) => (values.length ? [...values].sort(better(objective))[0] : null);

/** The mean of those that have a value, or null. @param {Run[]} runs */
export function meanValue(runs) {
  const values = valuesOf(runs);
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** The runs by their values, the best first, those without one last and what has failed behind them. @param {Run[]} runs @param {Objective} objective */
export function byValue(runs, { maximizes }) {
  /** @param {Run} run */
  const rank = ({ value, status }) => (value !== null ? (maximizes ? -value : value) : status === 'failed' ? Infinity : Number.MAX_VALUE);
  return [...runs].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** The best run that has a value. @param {Run[]} runs @param {Objective} objective */
export function bestOf(runs, objective) {
  const [best] = byValue(runs, objective);
  return best && best.value !== null ? best : undefined;
}
