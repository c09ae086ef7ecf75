// What the plane shows: the output as a whole, one class's share of it, or a hidden unit.

import { classCount, className } from '../state/classes.js';
import { CLASSES, inkOn } from '../draw/colors.js';
import { drawContour } from './contours.js';
import { shown } from '../state/state.js';
import { classLines, fits, hasUnit, isOutput, lineOf, unitName } from '../state/units.js';

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('./runmaps.js').Colors} Colors
 * @typedef {object} Legend what the colours mean: a scale from a number to another, or a colour for each class
 * @property {number} low @property {number} high
 * @property {import('../draw/colors.js').Scale} scale
 * @property {number} classes how many, or 0
 *
 * @typedef {object} ShownMap
 * @property {string} title
 * @property {import('../draw/maps.js').Atlas} map @property {number} index of its map there
 * @property {import('./plane.js').Plane['contour']} contour
 * @property {import('./annotations.js').Mark[]} lines
 * @property {Legend} legend
 */

/**
 * @param {Ready} state
 * @param {import('./runmaps.js').RunMaps} runMaps
 * @param {Colors} colors
 * @returns {ShownMap}
 */
export function shownMapOf(state, runMaps, colors) {
  const { frame, layout } = state, asked = shown(state), classes = classCount(layout);
  const unit = asked && hasUnit(layout.shape, asked) ? asked : null; // one that was just added is yet to come
  if (unit && frame?.selectedMap && String(frame.selected) === String(unit)) return unitMap(state, unit, runMaps, colors);
  const lines = unitLines(state, unit, colors);
  if (classes && unit && isOutput(layout.shape, unit)) return { ...classMap(state, unit[1], runMaps, colors), lines };
  if (classes) return { ...allClassesMap(state, classes, runMaps, colors), lines: unit ? lines : allLines(state) };
  return {
    title: 'Output',
    map: runMaps.output,
    index: 0,
    contour: contourOf(frame?.lines, frame, colors),
    lines,
    legend: { low: -1, high: 1, scale: colors.scale, classes: 0 },
  };
}

/** @param {Ready} state @param {import('../state/state.js').Unit} unit @param {import('./runmaps.js').RunMaps} runMaps @param {Colors} colors @returns {ShownMap} */
function unitMap(state, unit, runMaps, colors) {
  const { frame, layout: { shape } } = state;
  const before = shape.slice(1, unit[0] + 1).reduce((sum, count) => sum + count, 0);
  const range = frame?.ranges[before + unit[1]] ?? 1;
  return {
    title: unitName(shape, unit),
    map: runMaps.selected,
    index: 0,
    contour: contourOf(frame?.selectedLines, frame, colors),
    lines: unitLines(state, unit, colors),
    legend: { low: -range, high: range, scale: colors.scale, classes: 0 },
  };
}

/** One class's probability. @param {Ready} state @param {number} label @param {import('./runmaps.js').RunMaps} runMaps @param {Colors} colors */
function classMap({ frame }, label, runMaps, colors) {
  return {
    title: `Probability of ${className(label)}`,
    map: runMaps.classes,
    index: label,
    contour: contourOf(frame?.lines, frame, colors, label),
    legend: { low: 0, high: 1, scale: colors.classScales[label], classes: 0 },
  };
}

/** All classes as one. @param {Ready} state @param {number} classes @param {import('./runmaps.js').RunMaps} runMaps @param {Colors} colors */
function allClassesMap({ frame }, classes, runMaps, colors) {
  return {
    title: 'Output',
    map: runMaps.output,
    index: 0,
    contour: contourOf(frame?.lines, frame, colors),
    legend: { low: 0, high: 1, scale: colors.classScales[0], classes },
  };
}

/** @param {Uint32Array | undefined} lines @param {import('../wire/frames.js').Frame | null} frame @param {Colors} colors @param {number | null} only a class @returns {ShownMap['contour']} */
function contourOf(lines, frame, { scale }, only = null) {
  if (!lines || !frame) return null;
  return (context, square) => drawContour(context, lines, frame.side, square, inkOn(scale, 0), only);
}

/** @param {Ready} state @param {import('../state/state.js').Unit | null} unit @param {Colors} colors @returns {import('./annotations.js').Mark[]} */
function unitLines(state, unit, { theme }) {
  const line = fits(state) ? lineOf(state, unit) : null;
  return line ? [{ line, color: theme.ink, measured: true }] : [];
}

/** @param {Ready} state @returns {import('./annotations.js').Mark[]} */
function allLines(state) {
  const lines = fits(state) ? classLines(state) : [];
  return lines.flatMap((line, label) => (line ? [{ line, color: CLASSES[label], measured: false }] : []));
}
