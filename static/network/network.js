// Draws the network: links by the weight's size and sign, every unit's map, every bias.

import { classCount } from '../state/classes.js';
import { CLASSES, colorOf, inkOn } from '../draw/colors.js';
import { columns, link, PORT } from './geometry.js';
import { layerOffsets } from '../state/parameters.js';
import { tinyNumber } from '../draw/numbers.js';

const CORNER = 4, DOT = 3.5, CHIP = 4.5;
const CHIP_GAP = 10; // from a square to the middle of its class's chip
const THINNEST = 1, THICKEST = 8, PER_WEIGHT = 3;
const MOST_LINKS = 300; // between two layers: more would only be a blur, and take long to draw
const MOST_FLOWING = 24; // of these, those that are seen to flow
const FAINTEST = 0.4, FADED = 0.35; // opacity of a weight of 0, and of links beside those that are lifted
const DASH = [3, 9], FLOW = 0.03; // pixels; pixels a millisecond
const ROOM_FOR_NUMBERS = 26; // pixels a side

/**
 * @typedef {object} Scene
 * @property {import('./geometry.js').Geometry} geometry
 * @property {number[]} shape
 * @property {number[]} active places of the features that are on
 * @property {import('../draw/colors.js').Scale} scale
 * @property {import('../wire/frames.js').Frame | null} frame
 * @property {import('../draw/maps.js').Atlas} features @property {import('../draw/maps.js').Atlas} units
 * @property {import('../draw/maps.js').Atlas} output all of it as one @property {import('../draw/maps.js').Atlas} classes each one's own map
 * @property {import('../draw/colors.js').Scale[]} classScales
 * @property {[number, number] | null} chosen a unit to be ringed
 * @property {[number, number] | null} lifted the unit whose links stand out
 * @property {import('../state/parameters.js').Parameter | null} hovered the weight or bias under the pointer
 * @property {number | null} flow milliseconds that the links have flowed, while they do
 * @property {Float64Array | null} probe what every feature and every unit gives for the probed point
 * @property {Float64Array} limits the values, in the same order, that have the full colour
 * @property {{ line: string, accent: string, surface: string, text: string }} theme
 */

/**
 * The size from which on at most so many parameters are, or 0 where there are no more of them.
 * @param {Float64Array} theta
 * @param {number} most
 */
export function strongest(theta, most) {
  if (theta.length <= most) return 0;
  return theta.map(Math.abs).sort()[theta.length - most];
}

/**
 * The links, or the strongest where there are very many, by the size and the sign of their weights.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function drawLinks(context, { geometry, shape, active, scale, hovered, lifted, frame, flow, theme }) {
  if (!frame) return;
  const { theta } = frame;
  const places = columns(geometry, active), offsets = layerOffsets(shape);
  const fade = lifted !== null || (hovered !== null && hovered.source !== null);
  for (let l = 1; l < shape.length; l++) {
    const sources = shape[l - 1];
    const weights = theta.subarray(offsets[l - 1], offsets[l]);
    const faint = strongest(weights, MOST_LINKS), flowing = flow === null ? Infinity : strongest(weights, MOST_FLOWING);
    for (let unit = 0; unit < shape[l]; unit++) {
      const start = offsets[l - 1] + unit * (sources + 1);
      for (let source = 0; source < sources; source++) {
        const weight = theta[start + source];
        const size = Math.abs(weight);
        if (size < faint) continue;
        const curve = link(places[l - 1][source], places[l][unit], geometry.size, source, sources);
        const mine = hovered && hovered.layer === l - 1 && hovered.unit === unit && hovered.source === source;
        const touches = lifted && ((lifted[0] === l - 1 && lifted[1] === unit) || (lifted[0] === l - 2 && lifted[1] === source));
        context.globalAlpha = mine ? 1 : (fade && !touches ? FADED : 1) * Math.min(1, FAINTEST + size);
        context.lineWidth = Math.min(THICKEST, THINNEST + PER_WEIGHT * size) + (mine ? 1 : 0);
        context.strokeStyle = colorOf(scale, Math.sign(weight) * Math.max(0.45, Math.min(1, size)));
        trace(context, curve);
        if (size >= flowing && flow !== null) drawFlow(context, curve, flow, theme.surface);
      }
    }
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof link>} curve
 */
function trace(context, curve) {
  context.beginPath();
  context.moveTo(curve.x1, curve.y1);
  context.bezierCurveTo(curve.cx1, curve.y1, curve.cx2, curve.y2, curve.x2, curve.y2);
  context.lineTo(curve.x3, curve.y2);
  context.stroke();
}

/**
 * Gaps that run along a link.
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof link>} curve
 * @param {number} flow milliseconds that it has flowed
 * @param {string} color
 */
function drawFlow(context, curve, flow, color) {
  context.globalAlpha = 0.6;
  context.lineWidth = Math.max(1, context.lineWidth * 0.35);
  context.strokeStyle = color;
  context.setLineDash(DASH);
  context.lineDashOffset = -flow * FLOW;
  trace(context, curve);
  context.setLineDash([]);
}

/**
 * The squares: features, hidden units and outputs, with their maps and biases.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function drawSquares(context, scene) {
  context.imageSmoothingQuality = 'medium';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  drawFeatures(context, scene);
  drawUnits(context, scene);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function drawFeatures(context, scene) {
  const { geometry, active } = scene;
  geometry.features.forEach((place, i) => {
    context.globalAlpha = active.includes(i) ? 1 : 0.3;
    drawMap(context, scene, scene.features, i, place);
    if (active.includes(i)) drawValue(context, scene, active.indexOf(i), place, scene.scale);
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
function drawUnits(context, scene) {
  const { geometry, shape, chosen, theme, frame } = scene;
  const offsets = layerOffsets(shape);
  let index = 0;
  geometry.layers.forEach((places, layer) => places.forEach((place, unit) => {
    drawMap(context, scene, scene.units, index, place);
    drawValue(context, scene, shape[0] + index++, place, scene.scale);
    if (chosen && chosen[0] === layer && chosen[1] === unit) ring(context, place, geometry.size, theme.accent);
    if (frame) drawBias(context, scene, place, frame.theta[offsets[layer] + (unit + 1) * (shape[layer] + 1) - 1]);
  }));
  drawOutputs(context, scene, index);
}

/**
 * The one output, or that of each class with a chip in its colour.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} before how many hidden units there are
 */
function drawOutputs(context, scene, before) {
  const { geometry, shape, chosen, theme, frame, scale, classScales } = scene;
  const layer = geometry.layers.length, many = classCount({ shape }) > 0, start = layerOffsets(shape)[layer];
  if (geometry.joined) return drawPort(context, scene, frame?.theta[start + shape[layer]] ?? 0);
  geometry.outputs.forEach((place, unit) => {
    drawMap(context, scene, many ? scene.classes : scene.output, unit, place);
    drawValue(context, scene, shape[0] + before + unit, place, many ? classScales[unit] : scale);
    if (chosen && chosen[0] === layer && chosen[1] === unit) ring(context, place, geometry.size, theme.accent);
    if (frame) drawBias(context, scene, place, frame.theta[start + (unit + 1) * (shape[layer] + 1) - 1]);
    if (many) drawChip(context, place.x + geometry.size + CHIP_GAP, place.y + geometry.size / 2, CLASSES[unit], theme.line);
  });
}

/**
 * Where the links lead into the large map, with the output's bias.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} bias
 */
function drawPort(context, scene, bias) {
  const { geometry: { outputs: [place], layers, size }, chosen, theme } = scene;
  context.beginPath();
  context.roundRect(place.x - 1, place.y, PORT - 2, size, 2);
  context.fillStyle = chosen?.[0] === layers.length ? theme.accent : theme.text;
  context.fill();
  drawBias(context, scene, place, bias);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} color @param {string} edge */
function drawChip(context, x, y, color, edge) {
  context.beginPath();
  context.arc(x, y, CHIP, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = edge;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import('../draw/maps.js').Atlas} atlas
 * @param {number} index
 * @param {import('./geometry.js').Place} place
 */
function drawMap(context, { geometry: { size }, theme }, atlas, index, { x, y }) {
  context.save();
  context.beginPath();
  context.roundRect(x, y, size, size, CORNER);
  context.fillStyle = theme.surface;
  context.fill();
  context.clip();
  atlas.draw(context, index, x, y, size);
  context.restore();
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, size - 1, size - 1, CORNER);
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  context.stroke();
}

/**
 * What a feature or a unit gives for the probed point, as a number on its colour.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} index among active features, hidden units and the outputs
 * @param {import('./geometry.js').Place} place
 * @param {import('../draw/colors.js').Scale} scale
 */
function drawValue(context, { geometry: { size }, probe, limits }, index, { x, y }, scale) {
  if (!probe) return;
  const value = probe[index], share = value / limits[index];
  context.beginPath();
  context.roundRect(x + 1, y + 1, size - 2, size - 2, CORNER - 1);
  context.fillStyle = colorOf(scale, share);
  context.fill();
  if (size < ROOM_FOR_NUMBERS) return;
  context.font = `600 ${Math.min(12, Math.floor(size / 3.3))}px system-ui, sans-serif`;
  context.fillStyle = inkOn(scale, share);
  context.fillText(tinyNumber(value), x + size / 2, y + size / 2, size - 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('./geometry.js').Place} place
 * @param {number} size
 * @param {string} color
 */
function ring(context, { x, y }, size, color) {
  context.beginPath();
  context.roundRect(x - 1.5, y - 1.5, size + 3, size + 3, CORNER + 1.5);
  context.lineWidth = 2;
  context.strokeStyle = color;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import('./geometry.js').Place} place
 * @param {number} bias
 */
function drawBias(context, { geometry: { size }, scale, theme }, { x, y }, bias) {
  context.beginPath();
  context.arc(x, y + size - 1, DOT, 0, 2 * Math.PI);
  context.fillStyle = colorOf(scale, bias);
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = theme.surface;
  context.stroke();
  context.beginPath();
  context.arc(x, y + size - 1, DOT + 1, 0, 2 * Math.PI);
  context.strokeStyle = theme.line;
  context.stroke();
}
