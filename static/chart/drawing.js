// Draws the losses by epoch: training thin, test strong, validation dashed, those of single batches as a pale band behind
// them; and the learning rate where it falls, on a scale of its own.

import { LINES, freePlace, spread } from './lines.js';
import { EPOCH, HIGH, LOW, RATE, TEST, TRAIN, VALIDATION, between, extremes, lowest } from '../state/history.js';
import { logTicks, steps, tickText } from './axes.js';
import { lossText, shortNumber } from '../draw/numbers.js';

const TICK_GAP = 20, EPOCH_GAP = 80, RING = 5;
const SMALL = '11px system-ui, sans-serif', NORMAL = '12px system-ui, sans-serif', STRONG = `600 ${NORMAL}`;

/**
 * @typedef {import('../state/history.js').Row} Row
 * @typedef {import('./axes.js').Axes} Axes
 * @typedef {object} Chart
 * @property {Axes} axes
 * @property {Row[]} rows all that are known
 * @property {number[]} lines the measures that are drawn, the strongest last
 * @property {boolean} rated whether the learning rate is drawn too
 * @property {boolean} patient whether the lowest validation loss is marked
 * @property {Row | null} row that is read out
 * @property {[number, number] | null} selected epochs
 * @property {Record<string, string>} theme
 */

/** @param {CanvasRenderingContext2D} context @param {Chart} chart */
export function drawChart(context, chart) {
  const { axes, theme, rows, lines } = chart, { left, top, w, h } = axes.box;
  drawGrid(context, axes, theme);
  if (rows.length < 2) return;
  const seen = between(rows, axes.epochs);
  if (!seen.length) return;
  context.save();
  context.beginPath();
  context.rect(left, top, w + 2, h + 2); // not the half of a line along an edge
  context.clip();
  drawBand(context, seen, axes, theme);
  const rate = chart.rated ? rateScale(seen, axes) : null;
  if (rate) drawLine(context, seen, RATE, axes.x, rate, theme);
  for (const line of lines) drawLine(context, seen, line, axes.x, axes.y, theme);
  if (chart.patient) drawBest(context, lowest(rows, VALIDATION), axes, theme);
  if (chart.selected) drawSelection(context, chart.selected, axes, theme);
  context.restore();
  drawEnds(context, seen, [...lines].reverse(), axes, rate, theme);
  if (chart.row) drawRow(context, chart.row, lines, axes, theme);
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
 * Where a learning rate stands: 0 at the bottom, the largest in view at the top.
 * @param {Row[]} rows @param {Axes} axes
 * @returns {(rate: number) => number}
 */
function rateScale(rows, { box: { top, h } }) {
  let most = 0;
  for (const row of rows) if (row[RATE] > most) most = row[RATE];
  return (rate) => top + (1 - (most ? rate / most : 0)) * h;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Row[]} rows @param {number} measure
 * @param {(epoch: number) => number} x @param {(value: number) => number} y
 * @param {Record<string, string>} theme
 */
function drawLine(context, rows, measure, x, y, theme) {
  const { color, width, dash } = LINES[measure];
  context.beginPath();
  for (const [least, most] of extremes(rows, measure, x)) {
    const level = y(rows[least][measure]) - y(rows[most][measure]) < 0.5; // pixels, which nobody sees
    for (const i of level ? [most] : [Math.min(least, most), Math.max(least, most)]) {
      context.lineTo(x(rows[i][EPOCH]), y(rows[i][measure]));
    }
  }
  context.lineJoin = 'bevel'; // the cheapest
  context.lineWidth = width;
  context.strokeStyle = theme[color];
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

/** A ring about the epoch whose validation loss is the lowest. @param {CanvasRenderingContext2D} context @param {Row | null} row @param {Axes} axes @param {Record<string, string>} theme */
function drawBest(context, row, { x, y }, theme) {
  if (!row) return;
  context.beginPath();
  context.arc(x(row[EPOCH]), y(row[VALIDATION]), RING, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = theme[LINES[VALIDATION].color];
  context.stroke();
}

/**
 * The names of the lines at their ends, with the present values.
 * @param {CanvasRenderingContext2D} context
 * @param {Row[]} rows in view
 * @param {number[]} lines the strongest first, which stands above its equals
 * @param {Axes} axes
 * @param {((rate: number) => number) | null} rate
 * @param {Record<string, string>} theme
 */
function drawEnds(context, rows, lines, { x, y, box: { top, h } }, rate, theme) {
  const end = rows[rows.length - 1], at = x(end[EPOCH]) + 8, low = top, high = top + h - 8;
  const named = [...lines, ...(rate ? [RATE] : [])].filter((line) => !Number.isNaN(end[line]));
  const places = spread(named.map((line) => (rate && line === RATE ? rate : y)(end[line])), low, high);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  named.forEach((line, i) => {
    context.font = line === TEST ? STRONG : NORMAL;
    context.fillStyle = theme[LINES[line].color];
    const { name, short = name } = LINES[line];
    context.fillText(`${short} ${(line === RATE ? shortNumber : lossText)(end[line])}`, at, places[i]);
  });
  const batches = freePlace(places, places[named.indexOf(TRAIN)], low, high);
  context.font = SMALL;
  context.fillStyle = theme.muted;
  if (batches !== null && rows.some((row) => row[HIGH] > row[LOW])) context.fillText('batches', at, batches);
}

/** @param {CanvasRenderingContext2D} context @param {Row} row @param {number[]} lines @param {Axes} axes @param {Record<string, string>} theme */
function drawRow(context, row, lines, { x, y, box: { top, h } }, theme) {
  const at = x(row[EPOCH]);
  context.fillStyle = theme.muted;
  context.fillRect(Math.round(at - 0.5), top, 1, h);
  context.strokeStyle = theme.page;
  context.lineWidth = 1.5;
  for (const line of lines.filter((measure) => !Number.isNaN(row[measure]))) {
    context.beginPath();
    context.arc(at, y(row[line]), 3.5, 0, 2 * Math.PI);
    context.fillStyle = theme[LINES[line].color];
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
