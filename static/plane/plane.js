// Draws the plane: the output's map (or a unit's), the decision's contour, the points, the axes.

const MARGIN = { left: 22, top: 4, right: 4, bottom: 20 };
const POINT = 3, CROWD = 1500; // a point's radius in pixels; from more training points on it is smaller
const SQUARE = Math.sqrt(Math.PI) / 2; // half the side of a square that is as large as a disc, by its radius
const THOUSAND = 1000;

/**
 * @typedef {object} Plane
 * @property {import('../draw/maps.js').Atlas} map @property {number} index of the map among those of the atlas
 * @property {((context: CanvasRenderingContext2D, square: import('./contours.js').Square) => void) | null} contour upon it
 * @property {[[number, number], [number, number]]} domain
 * @property {number[][]} train @property {number[][]} validation @property {number[][]} test
 * @property {boolean} showTest whether those that do not train are drawn too
 * @property {(label: number) => string} paint the colour of a label
 * @property {{ line: string, text: string, surface: string, ink: string }} theme
 */
/** @typedef {Omit<Plane, 'map' | 'index' | 'contour'>} Scene what lies above the map */

/**
 * The map and its contour, which change with every frame.
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {number} size of the canvas, a square
 */
export function drawMap(context, plane, size) {
  const square = inside(size), { left, top, side } = square;
  context.imageSmoothingQuality = 'medium';
  context.fillStyle = plane.theme.surface;
  context.fillRect(left, top, side, side);
  plane.map.draw(context, plane.index, left, top, side);
  plane.contour?.(context, square);
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
  const { train, validation, test, theme, paint } = plane;
  const place = projection(plane.domain, left, top, side);
  const size = train.length > CROWD ? POINT - 1 : POINT;
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  context.lineWidth = 1;
  /** @param {number[][]} points @param {typeof disc} shape @param {string} outline @param {number} radius */
  const draw = (points, shape, outline, radius) => {
    context.strokeStyle = outline;
    for (const [x, y, label] of points) {
      const [px, py] = place(x, y);
      context.beginPath();
      shape(context, px, py, radius);
      context.fillStyle = paint(label);
      context.fill();
      context.stroke();
    }
  };
  /** @type {[number[][], typeof disc][]} */
  const others = plane.showTest ? [[validation, box], [test, disc]] : [];
  for (const [points, shape] of others) draw(points, shape, theme.surface, size + 1); // around the other outline, to be seen on any map
  draw(train, disc, theme.surface, size);
  for (const [points, shape] of others) draw(points, shape, theme.ink, size);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function disc(context, x, y, radius) {
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius of a disc that is as large */
function box(context, x, y, radius) {
  context.rect(x - radius * SQUARE, y - radius * SQUARE, 2 * radius * SQUARE, 2 * radius * SQUARE);
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
  for (const y of ticks(domain[1])) context.fillText(label(y), left - 5, place(0, y)[1], left - 6);
}

/** A round number in few characters: −4, 0.2, 1k. @param {number} value */
function label(value) {
  const text = Math.abs(value) < THOUSAND ? String(value) : `${value / THOUSAND}k`;
  return text.replace('-', '−');
}

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
