// The axes of a sweep's parallel coordinates: where a run stands on each, from 0 at the foot to 1 at the head.

import { valuesOf } from './objective.js';
import { valueText } from './gridcells.js';
import { measureText } from './scale.js';

const WIDE = 30; // numbers that span more than this ratio are shown in the logarithm
const FLOOR = 1e-9, TICKS = 8;

/**
 * @typedef {import('./objective.js').Run} Run
 * @typedef {object} Axis
 * @property {string} key @property {string} label
 * @property {(run: Run) => number | null} at null where it has no such value
 * @property {{ at: number, text: string }[]} ticks
 * @property {(place: number) => string} textAt what stands at a place of the axis
 */

/**
 * An axis for each knob, and last that of what the runs are compared by, with the best at its head.
 * @param {Run[]} runs @param {import('./gridcells.js').Knob[]} knobs @param {import('./objective.js').Objective} objective
 * @param {import('./gridcells.js').Words} words
 * @returns {Axis[]}
 */
export function axesOf(runs, knobs, objective, words) {
  return [...knobs.map((knob) => axisOf(runs, knob, words)), measured(runs, objective)];
}

/** @param {Run[]} runs @param {import('./gridcells.js').Knob} knob @param {import('./gridcells.js').Words} words @returns {Axis} */
function axisOf(runs, { key, label, values }, words) {
  const found = runs.map(({ place }) => place[key]);
  if (found.every((value) => typeof value === 'number')) {
    return { key, label, ...numbers(found, ({ place }) => place[key], (value) => valueText(words, key, value)) };
  }
  const names = [...new Set(found.map((value) => JSON.stringify(value)))], step = 1 / Math.max(1, names.length - 1);
  const texts = names.map((name) => valueText(words, key, JSON.parse(name)));
  return {
    key,
    label,
    at: ({ place }) => names.indexOf(JSON.stringify(place[key])) * step,
    ticks: texts.map((text, i) => ({ at: i * step, text })).filter((_, i) => i % Math.ceil(values.length / TICKS) === 0),
    textAt: (place) => texts[Math.round(place / step)] ?? texts[0],
  };
}

/** @param {Run[]} runs @param {import('./objective.js').Objective} objective @returns {Axis} */
function measured(runs, { label, maximizes }) {
  const axis = numbers(valuesOf(runs), ({ value }) => value, measureText);
  if (maximizes) return { key: 'objective', label, ...axis };
  const { at, ticks, textAt } = axis;
  /** @param {Run} run */
  const turned = (run) => {
    const place = at(run);
    return place === null ? null : 1 - place;
  };
  return { key: 'objective', label, at: turned, ticks: ticks.map((tick) => ({ ...tick, at: 1 - tick.at })), textAt: (place) => textAt(1 - place) };
}

/** @param {number[]} values @param {(run: Run) => number | null} valueOf @param {(value: number) => string} write */
function numbers(values, valueOf, write) {
  const low = Math.min(...values), high = Math.max(...values), log = low > 0 && high / low > WIDE;
  const even = (/** @type {number} */ value) => (log ? Math.log(Math.max(value, FLOOR)) : value);
  const from = even(low), span = even(high) - from || 1;
  const valueAt = (/** @type {number} */ place) => (log ? Math.exp(from + place * span) : from + place * span);
  const few = (/** @type {number} */ value) => write(Number(value.toPrecision(3)));
  const count = values.length && high > low ? 4 : 0;
  return {
    at: (/** @type {Run} */ run) => {
      const value = valueOf(run);
      return value === null ? null : (even(value) - from) / span;
    },
    ticks: values.length ? Array.from({ length: count + 1 }, (_, i) => ({ at: i / (count || 1), text: few(valueAt(i / (count || 1))) })) : [],
    textAt: (/** @type {number} */ place) => few(valueAt(place)),
  };
}
