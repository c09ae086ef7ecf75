// Draws a schedule: the learning rate over some epochs, the past part strong, and a dot at the present.

import { drawPolyline } from '../draw/polyline.js';

const MARGIN = 5, DOT = 3.5;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ rates: number[], until: number, epoch: number, rate: number, theme: Record<string, string> }} schedule rates
 *   evenly from epoch 0 to `until`
 * @param {number} width @param {number} height
 */
export function drawSchedule(context, { rates, until, epoch, rate, theme }, width, height) {
  const most = Math.max(...rates) || 1, w = width - 2 * MARGIN, h = height - 2 * MARGIN;
  const x = (/** @type {number} */ share) => MARGIN + Math.min(1, share) * w;
  const y = (/** @type {number} */ value) => MARGIN + (1 - Math.min(1, value / most)) * h;
  const places = rates.map((value, i) => [x(i / (rates.length - 1)), y(value)]);
  const now = x(epoch / until);
  context.clearRect(0, 0, width, height);
  drawPolyline(context, [[MARGIN, y(0)], [MARGIN + w, y(0)]], theme.line, 1);
  drawPolyline(context, places, theme.muted, 1);
  drawPolyline(context, [...places.filter(([at]) => at <= now), [now, y(rate)]], theme.rate, 2);
  context.beginPath();
  context.arc(now, y(rate), DOT, 0, 2 * Math.PI);
  context.fillStyle = theme.rate;
  context.fill();
}
