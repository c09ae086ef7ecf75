// Units and inputs: their names, and a unit's parameters, read from the state.

import { classCount, className } from './classes.js';
import { layerOffsets, thetaIndex } from './parameters.js';

/**
 * @typedef {import('./state.js').Ready} Ready
 * @typedef {import('./state.js').Unit} Unit
 * @typedef {{ weights: Float64Array, bias: number }} Parameters
 * @typedef {{ w1: number, w2: number, b: number }} Line w1 x1 + w2 x2 + b = 0
 */

/** Whether the newest frame is of the network that is laid out. @param {import('./state.js').State} state */
export function fits({ frame, layout, config }) {
  if (!frame || !layout || !config || frame.theta.length !== layout.parameters) return false;
  const { shape, features } = layout, outputs = shape[shape.length - 1];
  if (['multiclass', 'images'].includes(config.problem) !== outputs > 1) return false;
  return String(shape) === String([features.length, ...config.networkShape, outputs]) && features.every((name) => config[name]);
}

/**
 * A unit's weights and bias as they are now.
 * @param {Float64Array} theta @param {number[]} shape @param {Unit} unit
 * @returns {Parameters}
 */
export function parametersOf(theta, shape, [layer, unit]) {
  const start = layerOffsets(shape)[layer] + unit * (shape[layer] + 1);
  return { weights: theta.subarray(start, start + shape[layer]), bias: theta[start + shape[layer]] };
}

/**
 * Where a column's values stand among those of a probed point: its features, all units, its loss.
 * @param {number[]} shape
 * @param {number} column 0 for the features
 */
export function columnOf(shape, column) {
  const start = shape.slice(0, column).reduce((sum, count) => sum + count, 0);
  return { start, end: start + shape[column] };
}

/**
 * The weighted sum and the output of a unit for the probed point.
 * @param {Ready} state @param {Unit} unit
 * @returns {{ z: number, a: number } | null}
 */
export function probedUnit({ frame, layout: { shape } }, unit) {
  if (!frame?.probe.length) return null;
  const { weights, bias } = parametersOf(frame.theta, shape, unit);
  const inputs = columnOf(shape, unit[0]), outputs = columnOf(shape, unit[0] + 1);
  const z = weights.reduce((sum, weight, i) => sum + weight * frame.probe[inputs.start + i], bias);
  return { z, a: frame.probe[outputs.start + unit[1]] };
}

/**
 * The line w1 x1 + w2 x2 + b = 0 of a unit that is fed by the two coordinates and nothing else. Where they are normalized
 * its weights are those of (x - mean) / sigma.
 * @param {Ready} state @param {Unit | null} unit
 * @returns {Line | null}
 */
export function lineOf({ frame, data: { scaling: { mean, sigma } }, layout: { shape, features } }, unit) {
  const plain = features.length > 0 && features.every((name) => ['x', 'y'].includes(name));
  if (!frame || !unit || unit[0] !== 0 || !plain) return null;
  const { weights, bias } = parametersOf(frame.theta, shape, unit);
  const slopes = [...weights].map((weight, i) => weight / sigma[i]);
  const slope = (/** @type {string} */ name) => slopes[features.indexOf(name)] ?? 0;
  return { w1: slope('x'), w2: slope('y'), b: slopes.reduce((sum, each, i) => sum - each * mean[i], bias) };
}

/**
 * The line of each class, where the outputs of many are fed by the two coordinates and nothing else.
 * @param {Ready} state
 */
export function classLines(state) {
  const count = state.layout.shape.length === 2 ? classCount(state.layout) : 0;
  return Array.from({ length: count }, (_, label) => lineOf(state, [0, label]));
}

/** Whether there is such a unit. @param {number[]} shape @param {Unit} unit */
export const hasUnit = (shape, [layer, unit]) => unit < (shape[layer + 1] ?? 0);

/** Whether there is such a weight or bias. @param {number[]} shape @param {import('./parameters.js').Parameter} parameter */
export const hasParameter = (shape, { layer, unit, source }) => hasUnit(shape, [layer, unit]) && (source ?? -1) < shape[layer];

/** Whether a unit is one of the outputs. @param {number[]} shape @param {Unit} unit */
export const isOutput = (shape, [layer]) => layer === shape.length - 2;

/** What a person calls a unit. @param {number[]} shape @param {Unit} unit */
export function unitName(shape, [layer, unit]) {
  if (!isOutput(shape, [layer, unit])) return `Unit ${unit + 1} of layer ${layer + 1}`;
  return classCount({ shape }) ? `Output unit of ${className(unit)}` : 'Output unit';
}

/**
 * What a person calls the source of a weight.
 * @param {Ready} state @param {number} layer of the unit that it leads to @param {number} source
 * @param {Record<string, string>} labels of the features
 */
export function sourceName({ layout }, layer, source, labels) {
  return layer === 0 ? labels[layout.features[source]] : `unit ${source + 1} of layer ${layer}`;
}

/** A weight's or bias's name in a sentence. @param {Ready} state @param {import('./parameters.js').Parameter} parameter @param {Record<string, string>} labels */
export function parameterName(state, { layer, unit, source }, labels) {
  const name = unitName(state.layout.shape, [layer, unit]).toLowerCase();
  return source === null ? `Bias of ${name}` : `Weight from ${sourceName(state, layer, source, labels)} to ${name}`;
}

/** A weight or bias as it is now. @param {import('./state.js').State} state @param {import('./parameters.js').Parameter} parameter */
export function valueOf({ frame, layout }, parameter) {
  return (layout && frame?.theta[thetaIndex(layout.shape, parameter)]) || 0;
}

/** The last update's gradient, step and outcome of a parameter, after a step. @param {Ready} state @param {import('./parameters.js').Parameter} parameter */
export function lastStep({ frame, layout: { shape } }, parameter) {
  const place = thetaIndex(shape, parameter);
  if (!frame?.gradient || !frame.step) return null;
  return { gradient: frame.gradient[place], step: frame.step[place], value: frame.theta[place] };
}

/**
 * What is left of a probe in other data: nothing outside of their plane, and a mere place where there is no such point.
 * @param {import('./state.js').Probe} probe @param {import('./state.js').Data} data
 * @returns {import('./state.js').Probe | null}
 */
export function probeIn({ x, y, label }, { domain: [[left, right], [bottom, top]], ...data }) {
  if (x < left || x > right || y < bottom || y > top) return null;
  const known = [data.train, data.validation, data.test].some((points) => points.some((point) => String(point) === String([x, y, label])));
  return { x, y, label: known ? label : null };
}
