// The layout of the network: pure functions from its shape and the space to positions.

const TOP = 62, BOTTOM = 14, LABEL = 62, RIGHT = 10, CLASS_LABEL = 66;
const LARGEST = 48, SMALLEST = 18, FILL = 0.76, SPREAD = 1.5;
const NARROWED = 24; // a square that is smaller only where the rows are many
const MIN_COLUMN = 46, ROOMY_COLUMN = 64, GAP = 16;
const LINK_REACH = 6, BIAS_REACH = 7;

/**
 * @typedef {{ x: number, y: number }} Place the upper left corner of a square
 * @typedef {object} Geometry
 * @property {number} size of a unit's square
 * @property {number} width @property {number} height that the network needs
 * @property {Place[]} features one for each feature that could be on, in the first column
 * @property {number} left where that column begins
 * @property {Place[][]} layers the hidden units
 * @property {Place[]} outputs
 * @property {boolean} crowded whether a layer's column is too narrow for its buttons in one row
 */

/**
 * Lay the network out.
 * @param {number} features how many rows the features take
 * @param {number[]} hidden units of each hidden layer
 * @param {number} outputs one, or one for each class, with its name beside it
 * @param {number} room width in CSS pixels
 * @param {number} headroom height in CSS pixels
 * @returns {Geometry}
 */
export function arrange(features, hidden, outputs, room, headroom) {
  const rows = Math.max(features, ...hidden);
  const right = outputs > 1 ? CLASS_LABEL : RIGHT;
  const row = Math.max((headroom - TOP - BOTTOM) / rows, SMALLEST / FILL);
  const between = room - LABEL - right, gaps = hidden.length + 1;
  const size = Math.floor(narrowed(Math.min(LARGEST, row * FILL), between, gaps));
  const step = Math.min(row, size * SPREAD);
  const left = LABEL;
  const width = Math.max(room, left + size + gaps * columnOf(size) + right);
  const end = width - right - size;
  const column = (end - left) / gaps;
  /** @param {number} index @param {number} count */
  const places = (index, count) =>
    Array.from({ length: count }, (_, i) => ({ x: Math.round(left + index * column), y: Math.round(TOP + i * step) }));
  const middle = TOP + (step * features) / 2 - size / 2;
  return {
    size,
    width,
    left,
    height: Math.max(headroom, Math.ceil(TOP + rows * step + BOTTOM)),
    features: places(0, features),
    layers: hidden.map((count, l) => places(l + 1, count)),
    outputs: Array.from({ length: outputs }, (_, k) => ({
      x: Math.round(end), y: Math.round(middle + (k - (outputs - 1) / 2) * step),
    })),
    crowded: column < ROOMY_COLUMN,
  };
}

/** How wide a column of squares is at least. @param {number} size */
const columnOf = (size) => Math.max(MIN_COLUMN, size + GAP);

/**
 * The size of squares of which all columns have room, where that is not too small: else the network scrolls.
 * @param {number} size that the rows leave
 * @param {number} room between the labels at both sides
 * @param {number} gaps between the columns
 */
function narrowed(size, room, gaps) {
  if (size + gaps * columnOf(size) <= room) return size;
  const wide = (room - gaps * GAP) / (gaps + 1), fit = Math.min(size, columnOf(wide) > MIN_COLUMN ? wide : room - gaps * MIN_COLUMN);
  return fit < NARROWED ? size : fit;
}

/**
 * The columns of the network that is on, inputs to output, as places.
 * @param {Geometry} geometry
 * @param {number[]} active which features are on, by their place in the column
 */
export function columns(geometry, active) {
  return [active.map((i) => geometry.features[i]), ...geometry.layers, geometry.outputs];
}

/**
 * A link's curve, from the right edge of one unit to the left edge of another, where the links fan out.
 * @param {Place} from @param {Place} to
 * @param {number} size of the squares
 * @param {number} index of the source @param {number} count of sources
 */
export function link(from, to, size, index, count) {
  const x1 = from.x + size, y1 = from.y + size / 2;
  const x2 = to.x, y2 = to.y + (size * (index + 1)) / (count + 1);
  const bend = (x2 - x1) / 2;
  return { x1, y1, cx1: x1 + bend, cx2: x2 - bend, x2, y2 };
}

/**
 * The weight or bias under a point, if there is one.
 * @param {Place[][]} places of the network's columns, inputs first
 * @param {number} size of the squares
 * @param {number} x @param {number} y
 * @param {number} reach how much farther than with a mouse it may be
 * @returns {import('../state/parameters.js').Parameter | null}
 */
export function parameterAt(places, size, x, y, reach = 1) {
  for (let layer = 1; layer < places.length; layer++) {
    const unit = places[layer].findIndex((place) => Math.hypot(x - place.x, y - place.y - size + 1) <= BIAS_REACH * reach);
    if (unit >= 0) return { layer: layer - 1, unit, source: null };
  }
  let found = null, nearest = LINK_REACH * reach;
  for (let layer = 1; layer < places.length; layer++) {
    const from = places[layer - 1], to = places[layer];
    if (!from.length || x < from[0].x + size || x > to[0].x) continue;
    to.forEach((target, unit) => from.forEach((start, source) => {
      const away = distance(link(start, target, size, source, from.length), x, y);
      if (away < nearest) {
        nearest = away;
        found = { layer: layer - 1, unit, source };
      }
    }));
  }
  return found;
}

/**
 * How far a point is from a link's curve, by the nearest of some points on it.
 * @param {ReturnType<typeof link>} curve
 * @param {number} x @param {number} y
 */
export function distance(curve, x, y) {
  let nearest = Infinity;
  for (let i = 0; i <= 24; i++) {
    const t = i / 24, s = 1 - t;
    const px = s ** 3 * curve.x1 + 3 * s * s * t * curve.cx1 + 3 * s * t * t * curve.cx2 + t ** 3 * curve.x2;
    const py = s ** 3 * curve.y1 + 3 * s * s * t * curve.y1 + 3 * s * t * t * curve.y2 + t ** 3 * curve.y2;
    nearest = Math.min(nearest, Math.hypot(px - x, py - y));
  }
  return nearest;
}
