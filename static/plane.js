// Draws the plane: the output's map (or a unit's), the decision's contour, the points, the axes.

import { colorOf, inkOn } from './colors.js';

const MARGIN = { left: 22, top: 4, right: 4, bottom: 20 };
const POINT = 3;
const ZERO = 128; // the byte of zero in a map

/**
 * @typedef {object} Plane
 * @property {import('./maps.js').Atlas} map
 * @property {Uint8Array | null} bytes the same map's bytes, for its contour
 * @property {number} side
 * @property {[[number, number], [number, number]]} domain
 * @property {number[][]} train @property {number[][]} test
 * @property {boolean} showTest
 * @property {import('./colors.js').Scale} scale
 * @property {{ line: string, text: string, surface: string, ink: string }} theme
 */
/** @typedef {Omit<Plane, 'map' | 'bytes' | 'side'>} Scene what lies above the map */

/**
 * The map and its contour, which change with every frame.
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {number} size of the canvas, a square
 */
export function drawMap(context, plane, size) {
  const { left, top, side } = inside(size);
  context.imageSmoothingQuality = 'medium';
  context.fillStyle = plane.theme.surface;
  context.fillRect(left, top, side, side);
  plane.map.draw(context, 0, left, top, side);
  if (plane.bytes) drawContour(context, plane.bytes, plane.side, left, top, side, inkOn(plane.scale, 0));
}

/**
 * The points, the frame and the axes, which lie above the map and change only with the data.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} plane
 * @param {number} size of the canvas, a square
 */
export function drawData(context, plane, size) {
  const { left, top, side } = inside(size);
  context.strokeStyle = plane.theme.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  drawPoints(context, plane, left, top, side);
  drawAxes(context, plane, left, top, side);
}

/** The map's square. @param {number} size of the canvas */
export const inside = (size) => ({ ...MARGIN, side: size - MARGIN.left - MARGIN.right });

/**
 * The line where the map crosses zero, by marching over its squares.
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} bytes
 * @param {number} n pixels a side of the map
 * @param {number} left @param {number} top @param {number} size on the canvas
 * @param {string} color
 */
function drawContour(context, bytes, n, left, top, size, color) {
  const unit = size / n;
  context.beginPath();
  for (let row = 0; row + 1 < n; row++) {
    for (let column = 0; column + 1 < n; column++) {
      const at = row * n + column;
      const a = bytes[at], b = bytes[at + 1], c = bytes[at + n + 1], d = bytes[at + n];
      const above = Number(a >= ZERO) + Number(b >= ZERO) + Number(c >= ZERO) + Number(d >= ZERO);
      if (above % 4) drawSegments(context, [a, b, c, d], left + (column + 0.5) * unit, top + (row + 0.5) * unit, unit);
    }
  }
  context.lineWidth = 1;
  context.strokeStyle = color;
  context.globalAlpha = 0.55;
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * The contour within one square between four pixels: from each edge that it crosses to the next.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} corners bytes, clockwise from the upper left
 * @param {number} x @param {number} y of the upper left corner
 * @param {number} unit the square's side
 */
function drawSegments(context, corners, x, y, unit) {
  let started = false;
  corners.forEach((value, i) => {
    const next = corners[(i + 1) % 4];
    if (value >= ZERO === next >= ZERO) return;
    const t = ((ZERO - value) / (next - value)) * unit;
    const [px, py] = [[x + t, y], [x + unit, y + t], [x + unit - t, y + unit], [x, y + unit - t]][i];
    if (started) context.lineTo(px, py);
    else context.moveTo(px, py);
    started = !started;
  });
}

/**
 * Where a point of the plane stands on the canvas.
 * @param {[[number, number], [number, number]]} domain
 * @param {number} left @param {number} top @param {number} side
 */
export function projection([[x0, x1], [y0, y1]], left, top, side) {
  return (/** @type {number} */ x, /** @type {number} */ y) => [
    left + ((x - x0) / (x1 - x0)) * side,
    top + ((y1 - y) / (y1 - y0)) * side,
  ];
}

/**
 * Which point of the plane stands at a place of the canvas.
 * @param {[[number, number], [number, number]]} domain
 * @param {number} left @param {number} top @param {number} side
 */
export function placeAt([[x0, x1], [y0, y1]], left, top, side) {
  return (/** @type {number} */ px, /** @type {number} */ py) => [
    x0 + ((px - left) / side) * (x1 - x0),
    y1 - ((py - top) / side) * (y1 - y0),
  ];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} plane
 * @param {number} left @param {number} top @param {number} side
 */
function drawPoints(context, plane, left, top, side) {
  const place = projection(plane.domain, left, top, side);
  const size = plane.train.length > 1500 ? POINT - 1 : POINT;
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  /** @param {number[][]} points @param {string} outline @param {number} radius */
  const draw = (points, outline, radius) => {
    context.strokeStyle = outline;
    context.lineWidth = 1;
    for (const [x, y, label] of points) {
      const [px, py] = place(x, y);
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fillStyle = colorOf(plane.scale, label);
      context.fill();
      context.stroke();
    }
  };
  if (plane.showTest) draw(plane.test, plane.theme.surface, size + 1); // around the other outline, to be seen on any map
  draw(plane.train, plane.theme.surface, size);
  if (plane.showTest) draw(plane.test, plane.theme.ink, size);
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} plane
 * @param {number} left @param {number} top @param {number} side
 */
function drawAxes(context, { domain, theme }, left, top, side) {
  const place = projection(domain, left, top, side);
  context.fillStyle = theme.text;
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const x of ticks(domain[0])) context.fillText(label(x), place(x, 0)[0], top + side + 5);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const y of ticks(domain[1])) context.fillText(label(y), left - 5, place(0, y)[1]);
}

/** @param {number} value */
const label = (value) => String(value).replace('-', '−');

/**
 * Some round numbers strictly inside an interval.
 * @param {[number, number]} interval
 */
export function ticks([low, high]) {
  const rough = (high - low) / 6, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const found = [];
  for (let i = Math.ceil((low + step * 0.2) / step); i * step < high - step * 0.2; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/**
 * A data set in small, without axes.
 * @param {CanvasRenderingContext2D} context
 * @param {{ domain: [[number, number], [number, number]], points: number[][] }} data
 * @param {import('./colors.js').Scale} scale
 * @param {number} size
 */
export function drawThumbnail(context, { domain, points }, scale, size) {
  const place = projection(domain, 0, 0, size);
  for (const [x, y, value] of points) {
    const [px, py] = place(x, y);
    context.fillStyle = colorOf(scale, value);
    context.beginPath();
    context.arc(px, py, 1.6, 0, 2 * Math.PI);
    context.fill();
  }
}
