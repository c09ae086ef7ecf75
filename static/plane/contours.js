// Fine lines on a map: from one crossing of its grid to the next. engine/pictures/crossings.py finds the crossings.

const PAIRINGS = [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 1, 2]]; // of four crossings around one square

/** @typedef {{ left: number, top: number, side: number }} Square on the canvas */
/** @typedef {[number, number]} Place in pixels of the map, from the middle of the first */

/**
 * The lines where the decision changes, or those around one class.
 * @param {CanvasRenderingContext2D} context
 * @param {Uint32Array} lines a frame's crossings
 * @param {number} n pixels a side of the map
 * @param {Square} square
 * @param {string} color
 * @param {number | null} only the class
 */
export function drawContour(context, lines, n, { left, top, side }, color, only = null) {
  const unit = side / n, at = (/** @type {number} */ place) => (place + 0.5) * unit;
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  context.beginPath();
  for (const [from, to] of segments(crossings(lines, n, only), n)) {
    context.moveTo(left + at(from[0]), top + at(from[1]));
    context.lineTo(left + at(to[0]), top + at(to[1]));
  }
  context.lineWidth = 1.25;
  context.strokeStyle = color;
  context.globalAlpha = 0.7;
  context.stroke();
  context.restore();
}

/**
 * The places of the crossings around each square between four pixels, by the place of its upper left one.
 * @param {Uint32Array} lines @param {number} n pixels a side @param {number | null} only a class
 * @returns {Map<number, Place[]>}
 */
function crossings(lines, n, only) {
  /** @type {Map<number, Place[]>} */
  const found = new Map();
  const add = (/** @type {number} */ square, /** @type {Place} */ place) => {
    const places = found.get(square);
    if (places) places.push(place);
    else found.set(square, [place]);
  };
  for (const line of lines) {
    if (only !== null && ((line >> 8) & 7) !== only && ((line >> 11) & 7) !== only) continue;
    const edge = line >>> 14, share = (line & 255) / 255, down = edge >= n * n;
    const start = down ? edge - n * n : edge, column = start % n, row = (start - column) / n;
    /** @type {Place} */
    const place = down ? [column, row + share] : [column + share, row];
    if (down ? column + 1 < n : row + 1 < n) add(start, place);
    if (down ? column : row) add(down ? start - 1 : start - n, place);
  }
  return found;
}

/**
 * Straight pieces through each square; where three meet or more of many classes, to their middle.
 * @param {Map<number, Place[]>} found @param {number} n
 * @returns {Place[][]}
 */
function segments(found, n) {
  const pieces = [];
  for (const places of found.values()) {
    if (places.length === 2) pieces.push(places);
    else if (places.length === 4) pieces.push(...paired(places));
    else pieces.push(...places.map((place) => [place, middle(places)]));
  }
  return pieces.map(([from, to]) => [toEdge(from, to, n), toEdge(to, from, n)]);
}

/** Two pieces through four places, as short as can be. @param {Place[]} places */
function paired(places) {
  const length = (/** @type {number[]} */ [a, b, c, d]) => away(places[a], places[b]) + away(places[c], places[d]);
  const [a, b, c, d] = PAIRINGS.reduce((best, next) => (length(next) < length(best) ? next : best));
  return [[places[a], places[b]], [places[c], places[d]]];
}

/** @param {Place} a @param {Place} b */
const away = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** @param {Place[]} places @returns {Place} */
function middle(places) {
  const mean = (/** @type {0 | 1} */ axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  return [mean(0), mean(1)];
}

/** An end, or where the line comes to the edge of the map: half a pixel beyond the outermost grid line. @param {Place} end @param {Place} from @param {number} n @returns {Place} */
function toEdge(end, from, n) {
  const length = away(end, from), outermost = end.some((place) => place === 0 || place === n - 1);
  return outermost && length ? [end[0] + (end[0] - from[0]) / length, end[1] + (end[1] - from[1]) / length] : end;
}
