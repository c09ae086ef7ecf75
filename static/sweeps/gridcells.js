// Where the runs of a sweep stand: the values of each knob, the runs that share a row and a column, and their means.

import { bestValue, meanValue, valuesOf } from './objective.js';

const MOST = 12; // different numbers that a random search may draw until they are put into bins
const BINS = 6, WIDE = 30; // bins are even in the logarithm where the numbers span more than this ratio

/**
 * @typedef {import('./objective.js').Run} Run
 * @typedef {{ id: string, status: 'running' | 'ended', keys: string[], epochs: number, link: string, objective: string, objective_note: string | null,
 *   runs: Run[] }} Sweep
 * @typedef {{ labels: Record<string, string>, values: Record<string, Record<string, string>>, open: string }} Words
 * @typedef {import('./objective.js').Objective} Objective
 * @typedef {object} Knob a key that differs between the runs
 * @property {string} key @property {string} label
 * @property {string[]} values in order, as texts
 * @property {Map<string, number>} at the value of each run, by its id
 */

/**
 * A value of a key as text.
 * @param {Words} words @param {string} key @param {any} value
 * @returns {string}
 */
export function valueText(words, key, value) {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null) return words.open;
  if (Array.isArray(value)) return value.map((one) => valueText(words, key, one)).join(',') || 'none';
  return words.values[key]?.[value] ?? (typeof value === 'number' ? numberText(value) : String(value));
}

/** A number as it was given, but for the many digits of one that was drawn. @param {number} value */
function numberText(value) {
  const few = Number(value.toPrecision(4)) === value;
  return String(few ? value : Number(value.toPrecision(3))).replace('-', '−');
}

/**
 * The keys that differ between runs, the seed last, each with its values.
 * @param {Sweep} sweep @param {Words} words @param {boolean} random whether the values were drawn
 */
export function knobsOf({ keys, runs }, words, random) {
  const all = keys.includes('seed') ? keys : [...keys, 'seed'];
  return all.map((key) => knobOf(key, runs, words, random)).filter(({ values }) => values.length > 1);
}

/**
 * @param {string} key @param {Run[]} runs @param {Words} words @param {boolean} random
 * @returns {Knob}
 */
function knobOf(key, runs, words, random) {
  const label = words.labels[key] ?? key, found = runs.map(({ place }) => place[key]);
  const numeric = found.every((value) => typeof value === 'number');
  if (random && numeric && new Set(found).size > MOST) return { key, label, ...binned(runs, found) };
  const values = new Map(found.map((value) => [JSON.stringify(value), value])); // in the order in which they came
  const order = [...values.keys()];
  if (numeric) order.sort((a, b) => values.get(a) - values.get(b));
  return {
    key,
    label,
    values: order.map((name) => valueText(words, key, values.get(name))),
    at: new Map(runs.map(({ id }, i) => [id, order.indexOf(JSON.stringify(found[i]))])),
  };
}

/** @param {Run[]} runs @param {number[]} found */
function binned(runs, found) {
  const low = Math.min(...found), high = Math.max(...found), log = low > 0 && high / low > WIDE;
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high];
  const edges = Array.from({ length: BINS + 1 }, (_, i) => from + (i / BINS) * (to - from)).map((edge) => (log ? Math.exp(edge) : edge));
  const short = (/** @type {number} */ edge) => numberText(Number(edge.toPrecision(2)));
  return {
    values: edges.slice(1).map((edge, i) => `${short(edges[i])} – ${short(edge)}`),
    at: new Map(runs.map(({ id }, i) => [id, Math.max(0, edges.slice(1, -1).filter((edge) => found[i] >= edge).length)])),
  };
}

/**
 * The keys of the rows and columns that a sweep is first shown with: its first two, the one with more values across.
 * @param {Knob[]} knobs
 * @returns {{ rows: string, columns: string }} empty where there is none
 */
export function firstAxes(knobs) {
  const [one, two] = [...knobs.filter(({ key }) => key !== 'seed'), ...knobs.filter(({ key }) => key === 'seed')];
  if (!two) return { rows: '', columns: one?.key ?? '' };
  return one.values.length > two.values.length ? { rows: two.key, columns: one.key } : { rows: one.key, columns: two.key };
}

/**
 * The runs of each row and column; where a knob is missing there is one row, or one column.
 * @param {Run[]} runs @param {Knob} [rows] @param {Knob} [columns]
 * @returns {Run[][][]}
 */
export function cellsOf(runs, rows, columns) {
  const cells = Array.from({ length: rows?.values.length ?? 1 }, () =>
    Array.from({ length: columns?.values.length ?? 1 }, () => /** @type {Run[]} */ ([])));
  for (const run of runs) cells[rows?.at.get(run.id) ?? 0][columns?.at.get(run.id) ?? 0].push(run);
  return cells;
}

/**
 * How the runs with each value of a knob came out, over all other knobs.
 * @param {Knob} knob @param {Run[]} runs @param {Objective} objective
 */
export function meansOf(knob, runs, objective) {
  return cellsOf(runs, knob).map(([cell], i) => {
    const values = valuesOf(cell), failed = cell.filter(({ status }) => status === 'failed').length;
    return { value: knob.values[i], mean: meanValue(cell), best: bestValue(values, objective), runs: values.length, failed };
  });
}
