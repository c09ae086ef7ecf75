// Draws what is pointed out on the plane: the probed place, the worst points, a unit's line.

import { inside, projection } from './plane.js';

const ROOM = 11, NEAR = 7; // radii in pixels
const HEAD = 7; // of the normal's arrow

/**
 * @typedef {object} Line w1 x1 + w2 x2 + b = 0
 * @property {number} w1 @property {number} w2 @property {number} b
 *
 * @typedef {object} Marks
 * @property {[[number, number], [number, number]]} domain
 * @property {{ x: number, y: number } | null} probe
 * @property {number[][]} worst points as x, y
 * @property {Line | null} line
 * @property {{ ink: string, page: string, accent: string }} theme
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Marks} marks
 * @param {number} size of the canvas, a square
 */
export function drawMarks(context, { domain, probe, worst, line, theme }, size) {
  const { left, top, side } = inside(size);
  const place = projection(domain, left, top, side);
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  if (line) drawLine(context, line, domain, place, theme);
  for (const [x, y] of worst) drawRing(context, place(x, y), ROOM, theme);
  if (probe) drawCross(context, place(probe.x, probe.y), { left, top, side }, theme);
  context.restore();
}

/**
 * Where w.x + b = 0 comes nearest to the origin, and how far away that is.
 * @param {Line} line
 */
export function foot({ w1, w2, b }) {
  const norm2 = w1 * w1 + w2 * w2;
  return { x: (-b * w1) / norm2, y: (-b * w2) / norm2, distance: Math.abs(b) / Math.sqrt(norm2), norm: Math.sqrt(norm2) };
}

/**
 * The line, its distance from the origin as a dashed line, and its normal as an arrow from there.
 * @param {CanvasRenderingContext2D} context
 * @param {Line} line
 * @param {[[number, number], [number, number]]} domain
 * @param {(x: number, y: number) => number[]} place
 * @param {{ ink: string, page: string }} theme
 */
function drawLine(context, line, [[x0, x1], [y0, y1]], place, theme) {
  const { x, y, norm } = foot(line);
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  const far = 2 * (x1 - x0 + y1 - y0), n1 = line.w1 / norm, n2 = line.w2 / norm;
  const arrow = (x1 - x0) / 8;
  stroke(context, [place(x - far * n2, y + far * n1), place(x + far * n2, y - far * n1)], theme, 1.5);
  context.setLineDash([3, 3]);
  stroke(context, [place(0, 0), place(x, y)], theme, 1);
  context.setLineDash([]);
  const from = place(x, y), to = place(x + arrow * n1, y + arrow * n2);
  stroke(context, [from, to], theme, 1.5);
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const wing = (/** @type {number} */ turn) => [to[0] - HEAD * Math.cos(angle + turn), to[1] - HEAD * Math.sin(angle + turn)];
  stroke(context, [wing(0.5), to, wing(-0.5)], theme, 1.5);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {{ ink: string, page: string }} theme
 * @param {number} width
 */
function stroke(context, points, theme, width) {
  for (const [color, more] of /** @type {const} */ ([[theme.page, 2], [theme.ink, 0]])) { // an outline, to be seen on any map
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.lineWidth = width + more;
    context.strokeStyle = color;
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} at
 * @param {number} radius
 * @param {{ ink: string, page: string }} theme
 */
function drawRing(context, [x, y], radius, theme) {
  for (const [color, width] of /** @type {const} */ ([[theme.page, 4], [theme.ink, 2]])) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} at
 * @param {{ left: number, top: number, side: number }} square
 * @param {{ ink: string, page: string }} theme
 */
function drawCross(context, [x, y], { left, top, side }, theme) {
  context.globalAlpha = 0.5;
  stroke(context, [[left, y], [x - NEAR, y]], theme, 1);
  stroke(context, [[x + NEAR, y], [left + side, y]], theme, 1);
  stroke(context, [[x, top], [x, y - NEAR]], theme, 1);
  stroke(context, [[x, y + NEAR], [x, top + side]], theme, 1);
  context.globalAlpha = 1;
  drawRing(context, [x, y], NEAR, theme);
}
