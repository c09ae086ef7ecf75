// Fine lines on a map, by marching over its squares: where a value crosses zero, or where the decision changes.

const ZERO = 128; // the byte of zero in a map
const TIE = 0.5; // by how much the one that is decided for is ahead, where bytes cannot tell

/** @typedef {{ left: number, top: number, side: number }} Square on the canvas */

/**
 * The line where a map crosses zero.
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} bytes
 * @param {number} n pixels a side of the map
 * @param {Square} square
 * @param {string} color
 */
export function drawZero(context, bytes, n, square, color) {
  march(context, n, square, color, (a, b, c, d, segments) => {
    const above = Number(bytes[a] >= ZERO) + Number(bytes[b] >= ZERO) + Number(bytes[c] >= ZERO) + Number(bytes[d] >= ZERO);
    if (above % 4) segments([bytes[a] - ZERO, bytes[b] - ZERO, bytes[c] - ZERO, bytes[d] - ZERO]);
  });
}

/**
 * The lines between the classes that are decided for, or around one of them.
 * @param {CanvasRenderingContext2D} context
 * @param {{ maps: Uint8Array, decided: Uint8Array, only: number | null }} classes their maps, one after the other, and which
 *   is the largest where
 * @param {number} n pixels a side of each map
 * @param {Square} square
 * @param {string} color
 */
export function drawDecisions(context, { maps, decided, only }, n, square, color) {
  march(context, n, square, color, (a, b, c, d, segments) => {
    const first = decided[a];
    if (decided[b] === first && decided[c] === first && decided[d] === first) return;
    const corners = [a, b, c, d];
    const here = new Set(corners.map((at) => decided[at]));
    const around = only === null ? [...here].slice(1) : here.has(only) ? [only] : []; // the last line is that of all others
    for (const label of around) segments(corners.map((at) => lead(maps, n * n, label, at) + (decided[at] === label ? TIE : -TIE)));
  });
}

/** By how much a class is ahead of all others at a place. @param {Uint8Array} maps @param {number} area @param {number} label @param {number} at */
function lead(maps, area, label, at) {
  let best = -Infinity;
  for (let k = 0, i = at; i < maps.length; k++, i += area) if (k !== label) best = Math.max(best, maps[i]);
  return maps[label * area + at] - best;
}

/**
 * Look at each square between four pixels, clockwise from the upper left, and draw the lines that are found there.
 * @param {CanvasRenderingContext2D} context
 * @param {number} n pixels a side of the map
 * @param {Square} square
 * @param {string} color
 * @param {(a: number, b: number, c: number, d: number, segments: (corners: number[]) => void) => void} look
 */
function march(context, n, { left, top, side }, color, look) {
  const unit = side / n;
  let x = 0, y = 0;
  const segments = (/** @type {number[]} */ corners) => drawSegments(context, corners, x, y, unit);
  context.beginPath();
  for (let row = 0; row + 1 < n; row++) {
    y = top + (row + 0.5) * unit;
    for (let column = 0, at = row * n; column + 1 < n; column++, at++) {
      x = left + (column + 0.5) * unit;
      look(at, at + 1, at + n + 1, at + n, segments);
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
 * @param {number[]} corners values, clockwise from the upper left
 * @param {number} x @param {number} y of the upper left corner
 * @param {number} unit the square's side
 */
function drawSegments(context, corners, x, y, unit) {
  let started = false;
  corners.forEach((value, i) => {
    const next = corners[(i + 1) % 4];
    if (value >= 0 === next >= 0) return;
    const t = (value / (value - next)) * unit;
    const [px, py] = [[x + t, y], [x + unit, y + t], [x + unit - t, y + unit], [x, y + unit - t]][i];
    if (started) context.lineTo(px, py);
    else context.moveTo(px, py);
    started = !started;
  });
}
