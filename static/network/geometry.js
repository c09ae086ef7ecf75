// The layout of the network: pure functions from its shape and the space to positions.

const TOP = 62, BOTTOM = 14, LABEL = 62, RIGHT = 10, CLASS_LABEL = 66;
const LARGEST = 80, SMALLEST = 18, FILL = 0.76, SPREAD = 1.5;
const NARROWED = 24; // a square that is smaller only where the rows are many
const MIN_COLUMN = 46, ROOMY_COLUMN = 64, GAP = 16;
const LINK_REACH = 6, BIAS_REACH = 7;
const ROUND = 4; // pixels of room around what is drawn there
const FAN = 24; // pixels at least in which the links to the large map come together before its margin
const PIECES = 24; // of a curve, for how far something is away
export const PORT = 6; // pixels to each side of the large map's edge where its links end

/**
 * @typedef {{ x: number, y: number, lead?: number }} Place the upper left corner of a square; links end in a straight lead
 * @typedef {object} Geometry
 * @property {number} size of a unit's square
 * @property {number} width @property {number} height that the network needs
 * @property {Place[]} features one for each feature that could be on, in the first column
 * @property {number} left where that column begins
 * @property {Place[][]} layers the hidden units
 * @property {Place[]} outputs
 * @property {boolean} joined whether the one output is the large map beside, and so has no square
 * @property {boolean} crowded whether a layer's column is too narrow for its buttons in one row
 */

/**
 * @typedef {object} Mouth where links may lead into the large map, from the stage's upper left
 * @property {number} x its left edge
 * @property {number} y the middle of a gap in its scale
 * @property {number} gap pixels
 */

/**
 * Lay the network out.
 * @param {number} features how many rows the features take
 * @param {number[]} hidden units of each hidden layer
 * @param {number} outputs one, or one for each class, with its name beside it
 * @param {number} room width in CSS pixels
 * @param {number} headroom height in CSS pixels
 * @param {Mouth | null} mouth of the large map, where that is beside
 * @returns {Geometry}
 */
export function arrange(features, hidden, outputs, room, headroom, mouth = null) {
  const alone = arrangeAlone(features, hidden, outputs, room, headroom);
  if (!mouth || outputs > 1 || alone.width > room || alone.height > headroom) return alone;
  const joined = arrangeAlone(features, hidden, 1, mouth.x + alone.size + RIGHT, headroom, room - FAN);
  const output = { lead: Math.max(0, mouth.x - room), x: mouth.x, y: Math.round(mouth.y - Math.min(joined.size, mouth.gap) / 2) };
  return { ...joined, width: mouth.x + PORT + ROUND, outputs: [output], joined: true };
}

/**
 * @param {number} features @param {number[]} hidden @param {number} outputs @param {number} room @param {number} headroom
 * @param {number} edge that the hidden layers may reach, for a lead behind them
 * @returns {Geometry}
 */
function arrangeAlone(features, hidden, outputs, room, headroom, edge = Infinity) {
  const rows = Math.max(features, ...hidden);
  const right = outputs > 1 ? CLASS_LABEL : RIGHT;
  const row = Math.max((headroom - TOP - BOTTOM) / rows, SMALLEST / FILL);
  const between = room - LABEL - right, gaps = hidden.length + 1;
  const size = Math.floor(narrowed(Math.min(LARGEST, row * FILL), between, gaps));
  const step = Math.min(row, size * SPREAD);
  const left = LABEL;
  const width = Math.max(room, left + size + gaps * columnOf(size) + right);
  const end = width - right - size;
  const column = Math.min((end - left) / gaps, hidden.length ? (edge - size - left) / hidden.length : Infinity);
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
    joined: false,
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
 * A link's curve, from the right edge of one unit to the left edge of another, where the links fan out; to the large map a
 * straight lead follows.
 * @param {Place} from @param {Place} to
 * @param {number} size of the squares
 * @param {number} index of the source @param {number} count of sources
 */
export function link(from, to, size, index, count) {
  const x1 = from.x + size, y1 = from.y + size / 2;
  const x3 = to.x, x2 = x3 - (to.lead ?? 0), y2 = to.y + (size * (index + 1)) / (count + 1);
  const bend = (x2 - x1) / 2;
  return { x1, y1, cx1: x1 + bend, cx2: x2 - bend, x2, x3, y2 };
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
 * How far a point is from a link's curve, as straight pieces.
 * @param {ReturnType<typeof link>} curve
 * @param {number} x @param {number} y
 */
export function distance(curve, x, y) {
  let nearest = Infinity, from = placeOn(curve, 0);
  for (let i = 1; i <= PIECES + 1; i++) {
    const to = i > PIECES ? [curve.x3, curve.y2] : placeOn(curve, i / PIECES), [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1), t = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(from[0] + t * dx - x, from[1] + t * dy - y));
    from = to;
  }
  return nearest;
}

/** A place on a curve, from 0 at its start to 1 at its end, before the lead. @param {ReturnType<typeof link>} curve @param {number} t */
export function placeOn({ x1, y1, cx1, cx2, x2, y2 }, t) {
  const s = 1 - t, bend = 3 * s * s * t, reach = 3 * s * t * t;
  return [s ** 3 * x1 + bend * cx1 + reach * cx2 + t ** 3 * x2, (s ** 3 + bend) * y1 + (reach + t ** 3) * y2];
}
