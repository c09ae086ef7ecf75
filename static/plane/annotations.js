// Draws what is pointed out on the plane: the probed place, the worst points, the lines of units.

import { inside, projection } from './plane.js';

const ROOM = 11, NEAR = 7, USED = 5.5; // radii in pixels
const HEAD = 7; // of an arrow
const ARROW = 1 / 8; // of the plane's side

/**
 * @typedef {[[number, number], [number, number]]} Domain
 * @typedef {import('../state/units.js').Line} Line
 * @typedef {object} Mark a line to be drawn
 * @property {Line} line
 * @property {string} color
 * @property {boolean} measured whether its distance from the origin is drawn too
 *
 * @typedef {object} Marks
 * @property {Domain} domain
 * @property {{ x: number, y: number } | null} probe
 * @property {number[][]} worst points as x, y @property {number[][]} batch those of the last update
 * @property {Mark[]} lines
 * @property {{ ink: string, page: string, accent: string }} theme
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Marks} marks
 * @param {number} size of the canvas, a square
 */
export function drawAnnotations(context, { domain, probe, worst, batch, lines, theme }, size) {
  const { left, top, side } = inside(size);
  const place = projection(domain, left, top, side);
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  for (const mark of lines) drawLine(context, mark, domain, { left, top, side }, theme);
  for (const [x, y] of batch) drawRing(context, place(x, y), USED, theme, 1);
  for (const [x, y] of worst) drawRing(context, place(x, y), ROOM, theme);
  if (probe) drawCross(context, place(probe.x, probe.y), { left, top, side }, theme);
  context.restore();
}

/** Whether both axes have the same unit, so that angles and distances mean something. @param {Domain} domain */
export function hasOneUnit([[x0, x1], [y0, y1]]) {
  return Math.abs(x1 - x0 - (y1 - y0)) < 1e-9 * (x1 - x0);
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
 * A line as it stands on the canvas: n1 u + n2 v = d for places in pixels, with a normal of length 1 that points to where
 * the sum grows; or nothing where it has no direction.
 * @param {Line} line
 * @param {Domain} domain
 * @param {import('./contours.js').Square} square
 */
export function onCanvas({ w1, w2, b }, [[x0, x1], [y0, y1]], { left, top, side }) {
  const a = (w1 * (x1 - x0)) / side, c = (-w2 * (y1 - y0)) / side; // by pixels to the right and down
  const norm = Math.hypot(a, c), d = a * left + c * top - (w1 * x0 + w2 * y1 + b);
  return norm > 0 && Number.isFinite(d / norm) ? { n1: a / norm, n2: c / norm, d: d / norm } : null;
}

/**
 * The line and an arrow to where its unit's sum grows. Where both axes have one unit that is its normal: it starts where
 * the line is nearest to the origin, and the distance may be drawn as a dashed line.
 * @param {CanvasRenderingContext2D} context
 * @param {Mark} mark
 * @param {Domain} domain
 * @param {import('./contours.js').Square} square
 * @param {{ ink: string, page: string }} theme
 */
function drawLine(context, { line, color, measured }, domain, square, theme) {
  const on = onCanvas(line, domain, square), { left, top, side } = square;
  if (!on) return;
  const { n1, n2, d } = on, far = 3 * side;
  const origin = hasOneUnit(domain) ? projection(domain, left, top, side)(0, 0) : [left + side / 2, top + side / 2];
  const away = d - n1 * origin[0] - n2 * origin[1];
  const [u, v] = [origin[0] + away * n1, origin[1] + away * n2]; // the nearest place of the line
  stroke(context, [[u - far * n2, v + far * n1], [u + far * n2, v - far * n1]], theme, 1.5, color);
  if (measured && hasOneUnit(domain)) {
    context.setLineDash([3, 3]);
    stroke(context, [origin, [u, v]], theme, 1, color);
    context.setLineDash([]);
  }
  drawArrow(context, [u, v], [u + ARROW * side * n1, v + ARROW * side * n2], theme, color);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} from @param {number[]} to
 * @param {{ page: string }} theme
 * @param {string} color
 */
function drawArrow(context, from, to, theme, color) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const wing = (/** @type {number} */ turn) => [to[0] - HEAD * Math.cos(angle + turn), to[1] - HEAD * Math.sin(angle + turn)];
  stroke(context, [from, to], theme, 1.5, color);
  stroke(context, [wing(0.5), to, wing(-0.5)], theme, 1.5, color);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {{ page: string }} theme
 * @param {number} width
 * @param {string} ink
 */
function stroke(context, points, theme, width, ink) {
  for (const [color, more] of /** @type {const} */ ([[theme.page, 2], [ink, 0]])) { // an outline, to be seen on any map
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
 * @param {number} thick pixels
 */
function drawRing(context, [x, y], radius, theme, thick = 2) {
  for (const [color, width] of /** @type {const} */ ([[theme.page, 2 * thick], [theme.ink, thick]])) {
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
  stroke(context, [[left, y], [x - NEAR, y]], theme, 1, theme.ink);
  stroke(context, [[x + NEAR, y], [left + side, y]], theme, 1, theme.ink);
  stroke(context, [[x, top], [x, y - NEAR]], theme, 1, theme.ink);
  stroke(context, [[x, y + NEAR], [x, top + side]], theme, 1, theme.ink);
  context.globalAlpha = 1;
  drawRing(context, [x, y], NEAR, theme);
}
