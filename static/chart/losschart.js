// The loss chart as a person uses it: read at the pointer or by keys, zoomed, and on a logarithmic scale.

import { axesOf, boxOf } from './axes.js';
import { drawChart } from './drawing.js';
import { LINES } from './lines.js';
import { EPOCH, HIGH, LOW, RATE, TEST, TRAIN, VALIDATION, nearest } from '../state/history.js';
import { Gestures } from './gestures.js';
import { fitted } from '../draw/maps.js';
import { lossText, shortNumber } from '../draw/numbers.js';
import { readStored, writeStored } from '../draw/storage.js';
import { testIsCovered } from '../state/state.js';
import { Zoom } from './zoom.js';

const KEY = 'loss-scale';
const CARD_GAP = 12;

/**
 * @typedef {import('../state/history.js').Row} Row
 * @typedef {object} Scene what there is to show
 * @property {import('../state/history.js').History} history
 * @property {Row | null} now the present moment, NaN for what is not known of it
 * @property {number[]} lines the measures that are drawn, the strongest last
 * @property {boolean} rated whether the learning rate is drawn too
 * @property {boolean} patient whether the lowest validation loss is marked
 * @property {Record<string, string>} theme
 */

/**
 * What the chart shows of a state.
 * @param {import('../state/state.js').State} state
 * @param {Record<string, string>} theme
 * @returns {Scene}
 */
export function sceneOf(state, theme) {
  const { frame, history, config, data, rates } = state, validated = Boolean(data?.validation.length);
  return {
    history,
    now: frame && [frame.epoch, frame.trainLoss, frame.testLoss, NaN, NaN, frame.validationLoss, frame.rate],
    lines: [TRAIN, ...(validated ? [VALIDATION] : []), ...(testIsCovered(state) ? [] : [TEST])],
    rated: rates !== null,
    patient: validated && config?.patience > 0,
    theme,
  };
}

/** @type {Record<string, (chart: LossChart) => void>} */
const KEYS = {
  ArrowLeft: (chart) => chart.readNext(-1),
  ArrowRight: (chart) => chart.readNext(1),
  PageDown: (chart) => chart.readNext(-10),
  PageUp: (chart) => chart.readNext(10),
  Home: (chart) => chart.readAt(0),
  End: (chart) => chart.readAt(Infinity),
  '+': (chart) => chart.zoomByKey(0.5),
  '=': (chart) => chart.zoomByKey(0.5),
  '-': (chart) => chart.zoomByKey(2),
  0: (chart) => chart.zoomByKey(Infinity),
};

export class LossChart {
  /** @param {HTMLElement} section */
  constructor(section) {
    /** @param {string} selector @returns {any} */
    const find = (selector) => section.querySelector(selector);
    this.plot = /** @type {HTMLElement} */ (find('.chart-plot'));
    this.canvas = /** @type {HTMLCanvasElement} */ (find('canvas'));
    this.empty = /** @type {HTMLElement} */ (find('.chart-empty'));
    this.card = /** @type {HTMLElement} */ (find('.chart-card'));
    this.spoken = /** @type {HTMLElement} */ (find('[aria-live]'));
    this.logButton = /** @type {HTMLButtonElement} */ (find('.chart-log'));
    this.allButton = /** @type {HTMLButtonElement} */ (find('.chart-all'));
    this.log = readStored(KEY) === 'log'; // the person's choice
    this.zoom = new Zoom();
    this.box = boxOf(0, 0);
    /** @type {Row[]} */
    this.rows = [];
    /** @type {{ x: number } | { epoch: number } | null} what is read out: where the pointer is, or where keys went */
    this.reading = null;
    this.scheduled = 0;
    this.gestures = new Gestures(this.plot, this);
    this.logButton.addEventListener('click', () => this.toggleLog());
    this.allButton.addEventListener('click', () => this.showAll());
    this.plot.addEventListener('dblclick', () => this.showAll());
    this.plot.addEventListener('keydown', (event) => this.press(event));
    this.plot.addEventListener('blur', () => this.read(null));
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  /** @param {Scene} scene */
  draw(scene) {
    if (scene.history !== this.scene?.history) { // of another run
      this.zoom.reset();
      this.reading = this.gestures.selected = null;
    }
    this.scene = scene;
    this.paint();
  }

  /** Whether there is nothing to read or to zoom yet. */
  get isEmpty() {
    return this.rows.length < 2;
  }

  /** Draw with the next picture, once however much has changed. */
  repaint() {
    this.scheduled ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!this.scene || !width) return; // a page may hide its chart
    const { history, now, lines } = this.scene;
    const rows = this.rows = history.upTo(now);
    this.box = boxOf(width, height);
    if (rows.length) this.zoom.span(rows[0][EPOCH], rows[rows.length - 1][EPOCH]);
    const axes = axesOf(rows, this.zoom.epochs, { log: this.log, close: this.zoom.part !== null, lines }, this.box);
    const row = this.rowRead();
    drawChart(fitted(this.canvas, width, height), { ...this.scene, axes, rows, row, selected: this.gestures.selected });
    this.showCard(row, row ? axes.x(row[EPOCH]) : 0);
    this.empty.hidden = !this.isEmpty;
    this.allButton.hidden = !this.zoom.part;
    this.logButton.setAttribute('aria-pressed', String(this.log));
  }

  // --- reading out ------------------------------------------------------------------------------------------------

  /** @param {LossChart['reading']} reading */
  read(reading) {
    this.reading = reading;
    this.repaint();
  }

  /** The row that is read out, where it is in view. */
  rowRead() {
    const { rows, reading, zoom: { epochs: [from, to] } } = this;
    if (!reading || this.isEmpty) return null;
    const row = rows[nearest(rows, 'x' in reading ? this.epochAt(reading.x) : reading.epoch)];
    return row[EPOCH] >= from && row[EPOCH] <= to ? row : null;
  }

  /** Read out the row so many further on; at first the newest in view. @param {number} by */
  readNext(by) {
    const row = this.rowRead();
    this.readAt(row ? nearest(this.rows, row[EPOCH]) + by : nearest(this.rows, this.zoom.epochs[1]));
  }

  /** Read out a row, also aloud. @param {number} place */
  readAt(place) {
    const row = this.rows[Math.min(Math.max(place, 0), this.rows.length - 1)];
    this.zoom.show(row[EPOCH]);
    this.read({ epoch: row[EPOCH] });
    const [[, epoch], ...others] = this.textsOf(row);
    this.spoken.textContent = `Epoch ${epoch}: ${others.map(([name, text]) => `${name} ${text}`).join(', ')}`;
  }

  /** @param {Row | null} row @param {number} x where it stands */
  showCard(row, x) {
    this.card.hidden = !row;
    if (!row) return;
    fill(this.card, this.textsOf(row));
    this.card.style.left = `${cardLeft(x, this.card.offsetWidth, this.box, this.plot.clientWidth)}px`;
    this.card.style.top = `${this.box.top}px`;
  }

  /** A row as names and texts: epoch, losses, batches, learning rate. @param {Row} row @returns {[string, string][]} */
  textsOf(row) {
    const { lines = [], rated } = this.scene ?? {};
    const losses = [...lines].reverse().filter((line) => !Number.isNaN(row[line]));
    return [
      ['epoch', row[EPOCH].toLocaleString('en')],
      ...losses.map((line) => /** @type {[string, string]} */ ([LINES[line].name, lossText(row[line])])),
      ['batches', `${lossText(row[LOW])} to ${lossText(row[HIGH])}`],
      ...(rated && !Number.isNaN(row[RATE]) ? [/** @type {[string, string]} */ ([LINES[RATE].name, shortNumber(row[RATE])])] : []),
    ];
  }

  // --- scales -----------------------------------------------------------------------------------------------------

  toggleLog() {
    this.log = !this.log;
    writeStored(KEY, this.log ? 'log' : 'linear');
    this.repaint();
  }

  showAll() {
    if (document.activeElement === this.allButton) this.plot.focus(); // the button goes
    this.zoom.reset();
    this.repaint();
  }

  /** The epoch at a place of the canvas, within the view. @param {number} x */
  epochAt(x) {
    const [from, to] = this.zoom.epochs;
    return from + Math.min(1, Math.max(0, (x - this.box.left) / this.box.w)) * (to - from);
  }

  /** Zoom about what is read out, or else the newest epoch in view. @param {number} times */
  zoomByKey(times) {
    if (times === Infinity) this.zoom.reset();
    else this.zoom.by(times, this.rowRead()?.[EPOCH] ?? this.zoom.epochs[1]);
    const [from, to] = this.zoom.epochs.map((epoch) => Math.round(epoch).toLocaleString('en'));
    this.spoken.textContent = `Epochs ${from} to ${to}`;
    this.repaint();
  }

  // --- keys -------------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    const combined = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key.length > 1);
    if (combined || this.isEmpty) return;
    const stops = event.key === 'Escape' && (this.reading || this.gestures.selected);
    if (!stops && !KEYS[event.key]) return;
    event.preventDefault();
    event.stopPropagation(); // the page has other uses for some of these keys
    if (stops) {
      this.gestures.selected = null;
      this.read(null);
    } else KEYS[event.key](this);
  }
}

/** Names and texts, in elements that are kept as long as there are as many. @param {HTMLElement} card @param {[string, string][]} texts */
function fill(card, texts) {
  if (card.children.length !== 2 * texts.length) {
    card.replaceChildren(...texts.flatMap(() => [document.createElement('span'), document.createElement('b')]));
  }
  texts.flat().forEach((text, i) => { card.children[i].textContent = text; });
  card.querySelectorAll('b').forEach((value, i) => value.classList.toggle('marked', texts[i][0] === LINES[TEST].name));
}

/**
 * Where the card stands: beside the line that is read, off the labels if it can, and always on the canvas.
 * @param {number} x of the line
 * @param {number} size of the card
 * @param {import('./axes.js').Box} box
 * @param {number} width of the canvas
 */
export function cardLeft(x, size, box, width) {
  const right = x + CARD_GAP, left = right - 2 * CARD_GAP - size;
  if (right + size <= box.left + box.w) return right;
  return left >= 0 ? left : Math.max(0, Math.min(right, width - size));
}
