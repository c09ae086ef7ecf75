// Draws the losses by epoch: training thin, test strong, those of single batches as a pale band behind them.

import { EPOCH, HIGH, LOW, TEST, TRAIN, between, extremes } from './history.js';
import { logTicks, steps, tickText } from './axes.js';
import { shortNumber } from './numbers.js';

const LABEL_GAP = 15, TICK_GAP = 20, EPOCH_GAP = 80;
const SMALL = '11px system-ui, sans-serif', NORMAL = '12px system-ui, sans-serif', STRONG = `600 ${NORMAL}`;

/**
 * @typedef {import('./history.js').Row} Row
 * @typedef {import('./axes.js').Axes} Axes
 * @typedef {object} Chart
 * @property {Axes} axes
 * @property {Row[]} rows all that are known
 * @property {Row | null} row that is read out
 * @property {[number, number] | null} selected epochs
 * @property {Record<string, string>} theme
 */

/** @param {CanvasRenderingContext2D} context @param {Chart} chart */
export function drawChart(context, chart) {
  const { axes, theme, rows } = chart, { left, top, w, h } = axes.box;
  drawGrid(context, axes, theme);
  if (rows.length < 2) return;
  const seen = between(rows, axes.epochs);
  if (!seen.length) return;
  context.save();
  context.beginPath();
  context.rect(left, top, w + 2, h + 2); // not the half of a line along an edge
  context.clip();
  drawBand(context, seen, axes, theme);
  drawLine(context, seen, TRAIN, axes, theme.muted, 1.25);
  drawLine(context, seen, TEST, axes, theme.text, 2.25);
  if (chart.selected) drawSelection(context, chart.selected, axes, theme);
  context.restore();
  drawEnds(context, seen, axes, theme);
  if (chart.row) drawRow(context, chart.row, axes, theme);
}

/** @param {CanvasRenderingContext2D} context @param {Axes} axes @param {Record<string, string>} theme */
function drawGrid(context, { box: { left, top, w, h }, epochs, losses, log, x, y }, theme) {
  const most = Math.min(6, Math.max(2, Math.floor(h / TICK_GAP)));
  const { major, minor } = log ? logTicks(losses, most) : { major: steps(losses, most), minor: [] };
  context.font = SMALL;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const loss of major) context.fillText(tickText(loss), left - 8, y(loss));
  rules(context, major.map(y), left, left + w, theme.hairline);
  rules(context, minor.map(y), left - 4, left, theme.line);
  context.textBaseline = 'top';
  context.fillText('epoch', left - 8, top + h + 6);
  context.textAlign = 'center';
  for (const epoch of steps(epochs, w / EPOCH_GAP, 1)) context.fillText(epoch.toLocaleString('en'), x(epoch), top + h + 6);
}

/**
 * Fine level lines.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} places
 * @param {number} from @param {number} to
 * @param {string} color
 */
function rules(context, places, from, to, color) {
  context.beginPath();
  for (const place of places) {
    context.moveTo(from, Math.round(place) + 0.5);
    context.lineTo(to, Math.round(place) + 0.5);
  }
  context.lineWidth = 1;
  context.strokeStyle = color;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Row[]} rows @param {Axes} axes @param {Record<string, string>} theme */
function drawBand(context, rows, { x, y }, theme) {
  context.beginPath();
  for (const [, most] of extremes(rows, HIGH, x)) context.lineTo(x(rows[most][EPOCH]), y(rows[most][HIGH]));
  for (const [least] of extremes(rows, LOW, x).reverse()) context.lineTo(x(rows[least][EPOCH]), y(rows[least][LOW]));
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.2;
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Row[]} rows @param {number} measure
 * @param {Axes} axes
 * @param {string} color @param {number} thickness
 */
function drawLine(context, rows, measure, { x, y }, color, thickness) {
  context.beginPath();
  for (const [least, most] of extremes(rows, measure, x)) {
    const level = y(rows[least][measure]) - y(rows[most][measure]) < 0.5; // pixels, which nobody sees
    for (const i of level ? [most] : [Math.min(least, most), Math.max(least, most)]) {
      context.lineTo(x(rows[i][EPOCH]), y(rows[i][measure]));
    }
  }
  context.lineJoin = 'bevel'; // the cheapest
  context.lineWidth = thickness;
  context.strokeStyle = color;
  context.stroke();
}

/**
 * Where the labels at the ends of the lines stand: the higher line's above, none over another.
 * @param {number} train @param {number} test where the lines end
 * @param {number} low @param {number} high the least and the largest place
 * @returns {{ train: number, test: number, batches: number | null }} the band's beside training's, where there is room
 */
export function labelPlaces(train, test, low, high) {
  const side = train >= test ? 1 : -1; // training's from test's
  const apart = Math.min(Math.max(LABEL_GAP, Math.abs(train - test)), high - low), middle = (train + test) / 2;
  const upper = Math.min(Math.max(middle - apart / 2, low), high - apart);
  const [trainAt, testAt] = side > 0 ? [upper + apart, upper] : [upper, upper + apart];
  const free = [trainAt + side * LABEL_GAP, trainAt - side * LABEL_GAP, testAt - side * LABEL_GAP].find(
    (at) => at >= low && at <= high && Math.abs(at - testAt) >= LABEL_GAP,
  );
  return { train: trainAt, test: testAt, batches: free ?? null };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Row[]} rows in view
 * @param {Axes} axes
 * @param {Record<string, string>} theme
 */
function drawEnds(context, rows, { x, y, box: { top, h } }, theme) {
  const end = rows[rows.length - 1], at = x(end[EPOCH]) + 8;
  const places = labelPlaces(y(end[TRAIN]), y(end[TEST]), top, top + h - 8);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = theme.muted;
  context.font = SMALL;
  if (places.batches !== null && rows.some((row) => row[HIGH] > row[LOW])) context.fillText('batches', at, places.batches);
  context.font = NORMAL;
  context.fillText(`train ${shortNumber(end[TRAIN])}`, at, places.train);
  context.font = STRONG;
  context.fillStyle = theme.text;
  context.fillText(`test ${shortNumber(end[TEST])}`, at, places.test);
}

/** @param {CanvasRenderingContext2D} context @param {Row} row @param {Axes} axes @param {Record<string, string>} theme */
function drawRow(context, row, { x, y, box: { top, h } }, theme) {
  const at = x(row[EPOCH]);
  context.fillStyle = theme.muted;
  context.fillRect(Math.round(at - 0.5), top, 1, h);
  context.strokeStyle = theme.page;
  context.lineWidth = 1.5;
  for (const [measure, color] of /** @type {const} */ ([[TRAIN, theme.muted], [TEST, theme.text]])) {
    context.beginPath();
    context.arc(at, y(row[measure]), 3.5, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} epochs
 * @param {Axes} axes
 * @param {Record<string, string>} theme
 */
function drawSelection(context, [from, to], { x, box: { top, h } }, theme) {
  context.fillStyle = theme.text;
  context.globalAlpha = 0.1;
  context.fillRect(x(from), top, x(to) - x(from), h);
  context.globalAlpha = 1;
}
