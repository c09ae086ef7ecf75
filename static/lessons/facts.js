// The facts that lessons ask about: one table of names, each with how it is read from the state. app/lessons/facts.py says
// what they are called; every key of the configuration is a fact by its own name.

import { shownIn } from '../state/fields.js';
import { EPOCH, HIGH, LOW, TRAIN } from '../state/history.js';
import { columnOf, lineOf } from '../state/units.js';
import { shortNumber } from '../draw/numbers.js';
import { shown, testIsCovered } from '../state/state.js';

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {number | boolean | string | (number | string)[] | null} Value null where there is none
 * @typedef {object} Condition as the server tells it
 * @property {string} fact @property {string} label @property {string} kind
 * @property {string} comparison @property {any} value @property {string} words
 * @property {boolean} keep whether it holds from the first on
 */

const sum = (/** @type {number[]} */ counts) => counts.reduce((all, count) => all + count, 0);

/** A share of right answers, which a regression has none of. @param {string} name @returns {(state: Ready) => Value} */
const accuracy = (name) => ({ frame, config }) => (config.problem === 'regression' ? null : /** @type {any} */ (frame)?.[name]);

/** How often the person did something since the lesson was set up. @param {string} name @returns {(state: Ready) => Value} */
const deed = (name) => ({ deeds }) => deeds[name] ?? 0;

/** The runs of the last gallery of some kind. @param {Ready} state @param {string} kind */
const runs = ({ galleries }, kind) => galleries[kind]?.members ?? [];

/** @type {Record<string, (state: Ready) => Value | undefined>} */
export const FACTS = {
  trainLoss: ({ frame }) => frame?.trainLoss,
  testLoss: (state) => (testIsCovered(state) || !state.data.test.length ? null : state.frame?.testLoss),
  validationLoss: ({ frame }) => frame?.validationLoss,
  trainAccuracy: accuracy('trainScore'),
  testAccuracy: (state) => (testIsCovered(state) ? null : accuracy('testScore')(state)),
  validationAccuracy: accuracy('validationScore'),
  epoch: ({ frame }) => frame?.epoch,
  updates: ({ frame }) => frame?.updates,
  playing: ({ playing }) => playing,
  stopped: ({ frame }) => frame?.stopped ?? false,
  rate: ({ frame }) => frame?.rate,
  batchNoise: ({ history }) => {
    const last = history.rows[history.rows.length - 1];
    return last && last[EPOCH] && last[TRAIN] ? (last[HIGH] - last[LOW]) / last[TRAIN] : null;
  },

  hiddenLayers: ({ config }) => config.networkShape.length,
  hiddenUnits: ({ config }) => sum(config.networkShape),
  parameters: ({ layout }) => layout.parameters,
  features: ({ layout }) => layout.features,
  featureCount: ({ layout }) => layout.features.length,
  lineDistance: (state) => {
    const line = lineOf(state, shown(state) ?? [0, 0]);
    return line && Math.abs(line.b) / Math.hypot(line.w1, line.w2);
  },

  probedLoss: ({ frame, probe }) => (probe && probe.label !== null && frame?.probe.length ? frame.probe[frame.probe.length - 1] : null),
  probedProbability: ({ frame, probe, config, layout: { shape } }) => {
    if (!probe || !frame?.probe.length || config.problem !== 'multiclass') return null;
    const { start, end } = columnOf(shape, shape.length - 1);
    return Math.max(...frame.probe.subarray(start, end));
  },

  steps: deed('steps'),
  weightsSet: deed('weightsSet'),
  pointsProbed: deed('pointsProbed'),
  unitsPinned: deed('unitsPinned'),
  linksRead: deed('linksRead'),
  restarts: (state) => runs(state, 'restarts').length,
  restartsSolved: (state) => share(runs(state, 'restarts').map(({ solved }) => solved)),
  compared: (state) => runs(state, 'compare').length,
  comparedKnob: ({ galleries }) => galleries.compare?.knob ?? null,
  adopted: deed('adopted'),
};

/** @param {boolean[]} flags */
const share = (flags) => (flags.length ? flags.filter(Boolean).length / flags.length : null);

/**
 * A fact as it is now, or null.
 * @param {string} name
 * @param {Ready} state
 * @param {any} facts of the server
 * @returns {Value}
 */
export function readFact(name, state, facts) {
  const value = name in FACTS ? FACTS[name](state) : shownIn(name, state.config, facts);
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** @type {Record<string, (value: any, than: any) => boolean>} */
const COMPARISONS = {
  is: (value, than) => JSON.stringify(value) === JSON.stringify(than),
  at_least: (value, least) => value >= least,
  at_most: (value, most) => value <= most,
  under: (value, than) => value < than,
  over: (value, than) => value > than,
};

/** Whether a condition is met by a fact's value. @param {Condition} condition @param {Value} value */
export const met = ({ comparison, value: than }, value) => value !== null && COMPARISONS[comparison](value, than);

/** @type {Record<string, (value: any) => string>} what to show beside the name of a fact; of texts what is wanted says enough */
const WRITTEN = {
  number: (value) => (Number.isInteger(value) ? value.toLocaleString('en') : shortNumber(value)),
  whole: (value) => value.toLocaleString('en'),
  share: (value) => `${(100 * value).toFixed(1)} %`,
  flag: (value) => (value ? 'yes' : 'no'),
  list: (value) => value.join(', ') || 'none',
};

/** @param {Condition} condition @param {Value} value */
export const written = ({ kind }, value) => (value === null ? '–' : WRITTEN[kind]?.(value) ?? '');
