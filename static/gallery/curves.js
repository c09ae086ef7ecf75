// Draws the loss curves of a gallery: of restarts all thin, with their median and the middle half of them; of the values of
// a knob each in a colour of its own, with its name at its end.

import { logTicks, steps, tickText } from '../chart/axes.js';
import { spread } from '../chart/lines.js';
import { CLASSES } from '../draw/colors.js';
import { lossesOf, quartiles } from '../state/gallery.js';
import { shortNumber } from '../draw/numbers.js';

const LEFT = 52, TOP = 12, BOTTOM = 24, END = 98, LETTER = 6.5; // pixels around the curves, and of a letter behind them
const TICK_GAP = 28, EPOCH_GAP = 72, REACH = 24;
const FLOOR = 1e-9, HEADROOM = 2; // losses that burst are cut off at so many times the typical first one
const DASH = [6, 3], SWATCH = 10;
const SMALL = '11px system-ui, sans-serif', NORMAL = '12px system-ui, sans-serif';

/**
 * @typedef {import('../state/gallery.js').Gallery} Gallery
 * @typedef {object} Axes
 * @property {(epoch: number) => number} x @property {(loss: number) => number} y
 * @property {number} left @property {number} top @property {number} right @property {number} bottom
 * @property {[number, number]} losses
 */

/** The colour of a curve where each has its own, and its dashes once the colours come again. @param {number} member */
export const lineOf = (member) => ({ color: CLASSES[member % CLASSES.length], dash: member < CLASSES.length ? [] : DASH });

/** @param {Gallery} gallery @param {boolean} log @param {number} width @param {number} height @returns {Axes} */
export function axesOf({ kind, labels, rows, part, epochs }, log, width, height) {
  const all = rows.flatMap((row) => [...lossesOf(row, part)]).filter(Number.isFinite);
  const first = rows.length ? quartiles(Array.from(lossesOf(rows[0], part)).filter(Number.isFinite)) : null;
  const high = Math.min(Math.max(...all, FLOOR), HEADROOM * (first?.[1] || Infinity));
  const low = Math.max(FLOOR, Math.min(...all, high) * 0.9);
  const losses = /** @type {[number, number]} */ (all.length ? (log ? [low, high * 1.1] : [0, high * 1.05]) : [log ? 0.01 : 0, 1]);
  const longest = kind === 'compare' ? Math.max(...labels.map((label) => label.length)) : 'Run'.length;
  const left = LEFT, top = TOP, right = Math.max(left + 1, width - END - LETTER * longest), bottom = Math.max(top + 1, height - BOTTOM);
  const measure = log ? (/** @type {number} */ loss) => Math.log(Math.max(loss, FLOOR)) : (/** @type {number} */ loss) => loss;
  const [from, to] = losses.map(measure);
  return {
    left,
    top,
    right,
    bottom,
    losses,
    x: (epoch) => left + (epoch / epochs) * (right - left),
    y: (loss) => bottom - ((Math.min(measure(loss), 2 * to - from) - from) / (to - from)) * (bottom - top),
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Gallery} gallery
 * @param {{ log: boolean, marked: number | null, width: number, height: number, theme: Record<string, string> }} look
 */
export function drawCurves(context, gallery, { log, marked, width, height, theme }) {
  const axes = axesOf(gallery, log, width, height);
  drawGrid(context, axes, gallery.epochs, log, theme);
  if (!gallery.rows.length) return;
  context.save();
  context.beginPath();
  context.rect(axes.left, axes.top - 2, axes.right - axes.left + 2, axes.bottom - axes.top + 4);
  context.clip();
  context.lineJoin = 'round';
  if (gallery.kind === 'restarts') drawSpread(context, gallery, axes, theme);
  gallery.labels.forEach((_, member) => {
    if (member !== marked) drawCurve(context, gallery, member, axes, styleOf(gallery, member, marked, theme));
  });
  if (marked !== null) drawCurve(context, gallery, marked, axes, styleOf(gallery, marked, marked, theme));
  context.restore();
  drawEnds(context, gallery, axes, marked, theme);
}

/** @param {Gallery} gallery @param {number} member @param {number | null} marked @param {Record<string, string>} theme */
function styleOf({ kind }, member, marked, theme) {
  if (kind === 'restarts') {
    return member === marked
      ? { color: theme.accent, dash: [], width: 2.5, alpha: 1 }
      : { color: theme.muted, dash: [], width: 1, alpha: 0.4 };
  }
  return { ...lineOf(member), width: member === marked ? 3.5 : 2, alpha: marked === null || member === marked ? 1 : 0.35 };
}

/** @param {CanvasRenderingContext2D} context @param {Axes} axes @param {number} epochs @param {boolean} log @param {Record<string, string>} theme */
function drawGrid(context, { left, right, top, bottom, losses, x, y }, epochs, log, theme) {
  const most = Math.min(8, Math.max(2, Math.floor((bottom - top) / TICK_GAP)));
  const ticks = log ? logTicks(losses, most).major : steps(losses, most);
  context.font = SMALL;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.hairline;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.beginPath();
  for (const loss of ticks.filter((tick) => y(tick) >= top - 1)) {
    context.fillText(tickText(loss), left - 8, y(loss));
    context.moveTo(left, Math.round(y(loss)) + 0.5);
    context.lineTo(right, Math.round(y(loss)) + 0.5);
  }
  context.stroke();
  context.textBaseline = 'top';
  context.fillText('epoch', left - 8, bottom + 8);
  context.textAlign = 'center';
  const marks = steps([0, epochs], Math.max(1, (right - left) / EPOCH_GAP), 1).filter((epoch) => epoch <= epochs);
  for (const epoch of marks) context.fillText(epoch.toLocaleString('en'), x(epoch), bottom + 8);
}

/** The middle half of all curves as a band, and their median. @param {CanvasRenderingContext2D} context @param {Gallery} gallery @param {Axes} axes @param {Record<string, string>} theme */
function drawSpread(context, { rows, part }, { x, y }, theme) {
  const spreads = rows.flatMap((row) => {
    const found = quartiles(lossesOf(row, part));
    return found ? [{ epoch: row[0], found }] : [];
  });
  context.beginPath();
  for (const { epoch, found } of spreads) context.lineTo(x(epoch), y(found[2]));
  for (const { epoch, found } of [...spreads].reverse()) context.lineTo(x(epoch), y(found[0]));
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.22;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (const { epoch, found } of spreads) context.lineTo(x(epoch), y(found[1]));
  context.strokeStyle = theme.text;
  context.lineWidth = 2;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Gallery} gallery @param {number} member @param {Axes} axes
 * @param {{ color: string, dash: number[], width: number, alpha: number }} style
 */
function drawCurve(context, { rows, part, members }, member, { x, y }, { color, dash, width, alpha }) {
  let last = null;
  context.beginPath();
  for (const row of rows) {
    const loss = lossesOf(row, part)[member];
    if (Number.isNaN(loss)) break;
    last = [x(row[0]), y(loss)];
    context.lineTo(last[0], last[1]);
  }
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  if (last && members[member]?.diverged) drawCross(context, last[0], last[1]);
  context.globalAlpha = 1;
}

/** Where a run has left the finite numbers. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function drawCross(context, x, y) {
  const top = Math.max(y, TOP + 4);
  context.beginPath();
  for (const way of [-1, 1]) {
    context.moveTo(x - 4, top - 4 * way);
    context.lineTo(x + 4, top + 4 * way);
  }
  context.lineWidth = 2;
  context.stroke();
}

/** The names of the lines at the right. @param {CanvasRenderingContext2D} context @param {Gallery} gallery @param {Axes} axes @param {number | null} marked @param {Record<string, string>} theme */
function drawEnds(context, gallery, { x, y, top, bottom, right }, marked, theme) {
  const row = gallery.rows[gallery.rows.length - 1], losses = lossesOf(row, gallery.part);
  const known = gallery.labels.map((_, i) => i).filter((i) => !Number.isNaN(losses[i]));
  const ends = gallery.kind === 'compare'
    ? known.map((i) => ({ loss: losses[i], text: `${gallery.labels[i]}  ${shortNumber(losses[i])}`, color: theme.text, bold: i === marked, line: lineOf(i).color }))
    : [...spreadEnds(losses, theme), ...markedEnd(gallery, losses, marked, theme)];
  const at = Math.min(x(row[0]), right) + 8;
  const places = spread(ends.map(({ loss }) => Math.min(Math.max(y(loss), top), bottom)), top, bottom);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  ends.forEach(({ text, color, bold, line }, i) => {
    context.fillStyle = line;
    if (line) context.fillRect(at, places[i] - 1, SWATCH, 3);
    context.font = bold ? `600 ${NORMAL}` : NORMAL;
    context.fillStyle = color;
    context.fillText(text, line ? at + SWATCH + 4 : at, places[i]);
  });
}

/** @param {Float64Array} losses @param {Record<string, string>} theme */
function spreadEnds(losses, theme) {
  const found = quartiles(losses);
  if (!found) return [];
  const best = Math.min(...Array.from(losses).filter((loss) => !Number.isNaN(loss)));
  return [
    { loss: found[1], text: `median ${shortNumber(found[1])}`, color: theme.text, bold: true, line: '' },
    { loss: best, text: `best ${shortNumber(best)}`, color: theme.muted, bold: false, line: '' },
  ];
}

/** @param {Gallery} gallery @param {Float64Array} losses @param {number | null} marked @param {Record<string, string>} theme */
function markedEnd({ title, labels }, losses, marked, theme) {
  if (marked === null || Number.isNaN(losses[marked])) return [];
  return [{ loss: losses[marked], text: `${title} ${labels[marked]} ${shortNumber(losses[marked])}`, color: theme.accent, bold: true, line: '' }];
}

/** The member whose curve is nearest to a place, where one is near. @param {Gallery} gallery @param {Axes} axes @param {number} px @param {number} py @returns {number | null} */
export function nearestCurve({ rows, part }, { x, y, left, right }, px, py) {
  if (!rows.length || px < left - REACH || px > right + REACH) return null;
  const row = rows.reduce((best, one) => (Math.abs(x(one[0]) - px) < Math.abs(x(best[0]) - px) ? one : best));
  const away = Array.from(lossesOf(row, part), (loss) => (Number.isNaN(loss) ? Infinity : Math.abs(y(loss) - py)));
  const nearest = away.indexOf(Math.min(...away));
  return away[nearest] <= REACH ? nearest : null;
}
