// Draws the losses by epoch: training thin, test strong, each with its present value at the end of its line.

import { shortNumber } from './numbers.js';
import { ticks } from './plane.js';

const MARGIN = { left: 44, top: 10, right: 118, bottom: 22 };
const ROWS = 4000;

/** The losses that the page knows, epochs ascending. */
export class History {
  constructor() {
    /** @type {number[][]} rows of epoch, training loss, test loss */
    this.rows = [];
  }

  /**
   * Take in rows of a frame: those that follow the last one here.
   * @param {ArrayLike<number>} rows flat, three numbers each
   */
  extend(rows) {
    for (let i = 0; i < rows.length; i += 3) if (rows[i] > this.last) this.rows.push([rows[i], rows[i + 1], rows[i + 2]]);
    if (this.rows.length > ROWS) this.rows = this.rows.filter((_, i) => i % 2 === 0 || i === this.rows.length - 1);
  }

  /** @param {number} epoch after which nothing is kept */
  truncate(epoch) {
    this.rows = this.rows.filter((row) => row[0] <= epoch);
  }

  get last() {
    return this.rows.length ? this.rows[this.rows.length - 1][0] : -1;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ history: History, now: [number, number, number] | null, theme: Record<string, string> }} chart
 *   `now` is the present epoch, training loss and test loss
 * @param {number} width @param {number} height
 */
export function drawChart(context, { history, now, theme }, width, height) {
  const rows = now ? [...history.rows, now] : history.rows;
  const { left, top } = MARGIN, w = width - left - MARGIN.right, h = height - top - MARGIN.bottom;
  const epochs = Math.max(10, rows.length ? rows[rows.length - 1][0] : 0);
  const highest = rows.reduce((high, row) => Math.max(high, row[1], row[2]), 1e-3) * 1.05;
  /** @param {number} epoch */
  const x = (epoch) => left + (epoch / epochs) * w;
  /** @param {number} loss */
  const y = (loss) => top + (1 - loss / highest) * h;
  drawGrid(context, { theme, left, top, w, h, x, y, epochs, highest });
  if (!rows.length) return;
  drawLine(context, rows, 1, x, y, theme.muted, 1.25);
  drawLine(context, rows, 2, x, y, theme.text, 2.25);
  drawEnds(context, rows[rows.length - 1], x, y, theme, top, h);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {any} frame
 */
function drawGrid(context, { theme, left, top, w, h, x, y, epochs, highest }) {
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.hairline;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const losses = [0, ...ticks([0, highest])].filter((_, i, all) => all.length < 5 || i % 2 === 0);
  for (const loss of losses) {
    const at = Math.round(y(loss)) + 0.5;
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(left + w, at);
    context.stroke();
    context.fillText(String(loss), left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const epoch of [0, ...ticks([0, epochs])]) context.fillText(epoch.toLocaleString('en'), x(epoch), top + h + 6);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} rows
 * @param {number} column
 * @param {(epoch: number) => number} x @param {(loss: number) => number} y
 * @param {string} color @param {number} thickness
 */
function drawLine(context, rows, column, x, y, color, thickness) {
  context.beginPath();
  for (const row of rows) context.lineTo(x(row[0]), y(row[column]));
  context.lineJoin = 'round';
  context.lineWidth = thickness;
  context.strokeStyle = color;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} last
 * @param {(epoch: number) => number} x @param {(loss: number) => number} y
 * @param {Record<string, string>} theme
 * @param {number} top @param {number} h
 */
function drawEnds(context, [epoch, train, test], x, y, theme, top, h) {
  let trainAt = y(train), testAt = y(test);
  const gap = 15 - Math.abs(trainAt - testAt);
  if (gap > 0) { // keep the two labels apart, the higher one above
    const push = (train > test ? -1 : 1) * (gap / 2);
    trainAt += push;
    testAt -= push;
  }
  const shift = Math.min(0, top + h - Math.max(trainAt, testAt));
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = '12px system-ui, sans-serif';
  context.fillStyle = theme.muted;
  context.fillText(`train ${shortNumber(train)}`, x(epoch) + 8, trainAt + shift);
  context.font = '600 12px system-ui, sans-serif';
  context.fillStyle = theme.text;
  context.fillText(`test ${shortNumber(test)}`, x(epoch) + 8, testAt + shift);
}
