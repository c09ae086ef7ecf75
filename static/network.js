// Draws the network: links by the weight's size and sign, every unit's map, every bias.

import { colorOf } from './colors.js';
import { columns, link } from './geometry.js';
import { layerOffsets } from './frames.js';

const CORNER = 4, DOT = 3.5;
const THINNEST = 0.5, THICKEST = 8, PER_WEIGHT = 3;
const MOST_LINKS = 300; // between two layers: more would only be a blur, and take long to draw

/**
 * @typedef {object} Scene
 * @property {import('./geometry.js').Geometry} geometry
 * @property {number[]} shape
 * @property {number[]} active places of the features that are on
 * @property {import('./colors.js').Scale} scale
 * @property {import('./frames.js').Frame | null} frame
 * @property {import('./maps.js').Atlas} features @property {import('./maps.js').Atlas} units
 * @property {import('./maps.js').Atlas} output
 * @property {[number, number] | null} chosen a hidden unit to be ringed
 * @property {import('./geometry.js').Parameter | null} hovered the weight or bias under the pointer
 * @property {{ line: string, accent: string, surface: string }} theme
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
export function drawLinks(context, { geometry, shape, active, scale, hovered, frame }) {
  if (!frame) return;
  const { theta } = frame;
  const places = columns(geometry, active), offsets = layerOffsets(shape);
  const fade = hovered !== null && hovered.source !== null;
  for (let l = 1; l < shape.length; l++) {
    const sources = shape[l - 1];
    const faint = strongest(theta.subarray(offsets[l - 1], offsets[l]), MOST_LINKS);
    for (let unit = 0; unit < shape[l]; unit++) {
      const start = offsets[l - 1] + unit * (sources + 1);
      for (let source = 0; source < sources; source++) {
        const weight = theta[start + source];
        const size = Math.abs(weight);
        if (size < faint) continue;
        const curve = link(places[l - 1][source], places[l][unit], geometry.size, source, sources);
        const mine = hovered && hovered.layer === l - 1 && hovered.unit === unit && hovered.source === source;
        context.globalAlpha = mine ? 1 : (fade ? 0.4 : 1) * Math.min(1, 0.18 + size);
        context.lineWidth = Math.min(THICKEST, THINNEST + PER_WEIGHT * size) + (mine ? 1 : 0);
        context.strokeStyle = colorOf(scale, Math.sign(weight) * Math.max(0.45, Math.min(1, size)));
        context.beginPath();
        context.moveTo(curve.x1, curve.y1);
        context.bezierCurveTo(curve.cx1, curve.y1, curve.cx2, curve.y2, curve.x2, curve.y2);
        context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
}

/**
 * The squares: features, hidden units and the output, with their maps and biases.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function drawSquares(context, scene) {
  context.imageSmoothingQuality = 'medium';
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
    drawMap(context, scene, scene.units, index++, place);
    if (chosen && chosen[0] === layer && chosen[1] === unit) ring(context, place, geometry.size, theme.accent);
    if (frame) drawBias(context, scene, place, frame.theta[offsets[layer] + (unit + 1) * (shape[layer] + 1) - 1]);
  }));
  drawMap(context, scene, scene.output, 0, geometry.output);
  if (frame) drawBias(context, scene, geometry.output, frame.theta[frame.theta.length - 1]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {import('./maps.js').Atlas} atlas
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
