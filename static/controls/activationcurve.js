// Draws an activation: its curve strong, its slope thin, and where a unit is on it.

import { drawPolyline } from '../draw/polyline.js';

const REACH = 5; // the curve goes from minus to plus this weighted sum
const MARGIN = 3, DOT = 4;
const LOWEST = -1.6, HIGHEST = 3.2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ values: number[], slopes: number[], at: { z: number, a: number } | null, theme: Record<string, string> }} curve
 * @param {number} width @param {number} height
 */
export function drawActivation(context, { values, slopes, at, theme }, width, height) {
  const low = Math.max(LOWEST, Math.min(-0.2, ...values)), high = Math.min(HIGHEST, Math.max(1.1, ...values));
  const x = (/** @type {number} */ z) => MARGIN + ((z + REACH) / (2 * REACH)) * (width - 2 * MARGIN);
  const y = (/** @type {number} */ a) => MARGIN + ((high - a) / (high - low)) * (height - 2 * MARGIN);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  drawPolyline(context, [[0, y(0)], [width, y(0)]], theme.line, 1);
  drawPolyline(context, [[x(0), 0], [x(0), height]], theme.line, 1);
  const place = (/** @type {number[]} */ samples) => samples.map((a, i) => [x(-REACH + (2 * REACH * i) / (samples.length - 1)), y(a)]);
  context.setLineDash([3, 2]);
  drawPolyline(context, place(slopes), theme.muted, 1);
  context.setLineDash([]);
  drawPolyline(context, place(values), theme.text, 1.75);
  if (at) {
    context.beginPath();
    context.arc(x(Math.max(-REACH, Math.min(REACH, at.z))), y(Math.max(low, Math.min(high, at.a))), DOT, 0, 2 * Math.PI);
    context.fillStyle = theme.accent;
    context.fill();
  }
  context.restore();
}
