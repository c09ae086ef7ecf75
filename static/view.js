// Draws the state: every canvas and every number on the page, and nothing else.

import { Atlas, bytesOf, fitted } from './maps.js';
import { arrange, columns, parameterAt } from './geometry.js';
import { createScale } from './colors.js';
import { drawChart } from './chart.js';
import { drawData, drawMap, drawThumbnail } from './plane.js';
import { drawLinks, drawSquares } from './network.js';
import { epochText, shortNumber } from './numbers.js';
import { readTheme } from './theme.js';

const STROKE_MILLISECONDS = 45;

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

export class View {
  /**
   * @param {any} facts of the server: tables and limits
   * @param {import('./overlay.js').Overlay} overlay
   */
  constructor(facts, overlay) {
    this.facts = facts;
    this.overlay = overlay;
    this.featureNames = Object.keys(facts.features);
    this.features = new Atlas();
    this.units = new Atlas();
    this.output = new Atlas();
    this.selected = new Atlas();
    this.scroller = find('#network .scroller');
    this.stage = find('#network .stage');
    this.links = find('#network .links');
    this.squares = find('#network .units');
    [this.map, this.points] = document.querySelectorAll('.plane canvas');
    this.chart = find('#chart canvas');
    this.recolor();
  }

  /** Take the colours anew, after the theme has changed. */
  recolor() {
    this.theme = /** @type {any} */ (readTheme());
    this.scale = createScale(this.theme.neutral);
    for (const thumbnail of document.querySelectorAll('.thumbnail')) {
      const canvas = /** @type {HTMLCanvasElement} */ (thumbnail.querySelector('canvas'));
      const name = /** @type {HTMLInputElement} */ (thumbnail.querySelector('input')).value;
      drawThumbnail(fitted(canvas, 64, 64), this.facts.thumbnails[name], this.scale, 64);
    }
    const legend = find('.legend canvas');
    const context = legend.getContext('2d');
    const image = new ImageData(256, 1);
    new Uint32Array(image.data.buffer).set(this.scale.pixels);
    context.putImageData(image, 0, 0);
    this.painted = null;
  }

  /**
   * @param {any} state
   * @param {Set<string>} changed
   */
  render(state, changed) {
    if (!state.config) return;
    const arranged = ['layout', 'config', 'size', 'theme'].some((key) => changed.has(key));
    if (arranged) this.arrange(state);
    this.paint(state);
    this.drawNetwork(state, arranged || changed.has('hovered'));
    this.drawPlane(state, arranged || changed.has('data'));
    this.write(state);
  }

  /**
   * Whether what changes slowly is to be drawn again: the strokes of links and losses cost more than all the maps.
   * @param {any} state
   * @param {boolean} must
   */
  strokes({ playing }, must) {
    const now = performance.now();
    if (!must && playing && now - (this.strokedAt ?? 0) < STROKE_MILLISECONDS) return false;
    this.strokedAt = now;
    return true;
  }

  /** @param {any} state */
  arrange({ config }) {
    this.hidden = config.networkShape;
    const { clientWidth, clientHeight } = this.scroller;
    this.geometry = arrange(this.featureNames.length, config.networkShape, clientWidth, clientHeight);
    this.stage.style.width = `${this.geometry.width}px`;
    this.stage.style.height = `${this.geometry.height}px`;
    this.active = this.featureNames.flatMap((name, i) => (config[name] ? [i] : []));
    this.overlay.place(this.geometry, config.networkShape);
  }

  /** Bytes to pixels, once for each frame. @param {any} state */
  paint({ frame, data, config }) {
    const key = [frame, data, config.discretize, this.scale];
    if (this.painted && key.every((part, i) => part === this.painted[i])) return;
    this.painted = key;
    const { pixels, classes } = this.scale;
    if (data !== this.paintedData || !this.features.side) this.paintFeatures(data);
    if (!frame) return;
    const shades = config.discretize ? classes : pixels;
    this.units.paint(frame.units, frame.unitSide, shades);
    this.output.paint(frame.outputs, frame.side, shades);
    if (frame.selectedMap) this.selected.paint(frame.selectedMap, frame.side, shades);
  }

  /** @param {any} data */
  paintFeatures(data) {
    const maps = this.featureNames.map((name) => bytesOf(data.features[name].map));
    const all = new Uint8Array(maps.length * maps[0].length);
    maps.forEach((map, i) => all.set(map, i * map.length));
    this.features.paint(all, Math.sqrt(maps[0].length), this.scale.pixels);
  }

  /** @param {any} state @param {boolean} must */
  drawNetwork(state, must) {
    const { frame, layout, selected, hovered } = state;
    const { geometry } = this;
    const scene = {
      geometry,
      shape: layout.shape,
      active: this.active,
      scale: this.scale,
      frame: this.matches(frame, layout) ? frame : null,
      features: this.features,
      units: this.units,
      output: this.output,
      selected,
      hovered,
      theme: this.theme,
    };
    drawSquares(fitted(this.squares, geometry.width, geometry.height), scene);
    if (!this.strokes(state, must)) return;
    drawLinks(fitted(this.links, geometry.width, geometry.height), scene);
    this.drawChart(state);
    this.writeTitle(state);
  }

  /** Whether a frame is one of the network as it is laid out now. @param {any} frame @param {any} layout */
  matches(frame, layout) {
    const shape = [this.active.length, ...this.hidden, 1];
    return frame && frame.theta.length === layout.parameters && String(layout.shape) === String(shape);
  }

  /** @param {any} state @param {boolean} must */
  drawPlane({ frame, data, config, selected }, must) {
    const size = this.map.clientWidth;
    const one = Boolean(selected && frame?.selectedMap && String(frame.selected) === String(selected));
    const plane = {
      map: one ? this.selected : this.output,
      bytes: frame ? (one ? frame.selectedMap : frame.outputs) : null,
      side: frame?.side ?? 0,
      domain: data.domain,
      train: data.train,
      test: data.test,
      showTest: config.showTestData,
      scale: this.scale,
      theme: this.theme,
    };
    drawMap(fitted(this.map, size, size), plane, size);
    if (must) drawData(fitted(this.points, size, size), plane, size);
    const range = one ? frame.ranges[this.index(selected)] : 1;
    find('#legend-low').textContent = shortNumber(-range);
    find('#legend-high').textContent = shortNumber(range);
    find('#output-title').textContent = one ? `Unit ${selected[1] + 1} of layer ${selected[0] + 1}` : 'Output';
  }

  /** A hidden unit's place among all. @param {[number, number]} unit */
  index([layer, unit]) {
    return this.hidden.slice(0, layer).reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, unit);
  }

  /** @param {any} state */
  drawChart({ frame, history }) {
    const { clientWidth, clientHeight } = this.chart;
    const now = frame ? [frame.epoch, frame.trainLoss, frame.testLoss] : null;
    drawChart(fitted(this.chart, clientWidth, clientHeight), { history, now, theme: this.theme }, clientWidth, clientHeight);
  }

  /** @param {any} state */
  write({ frame, playing, lost }) {
    find('#epoch').textContent = epochText(frame?.epoch ?? 0);
    find('#test-loss').textContent = frame ? shortNumber(frame.testLoss) : '–';
    find('#train-loss').textContent = frame ? shortNumber(frame.trainLoss) : '–';
    const play = find('#play');
    play.classList.toggle('playing', playing);
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    document.body.classList.toggle('lost', lost);
  }

  /** The title of the tab. @param {any} state */
  writeTitle({ frame, playing }) {
    const loss = frame ? `${frame.testLoss.toFixed(3)} - ` : '';
    document.title = `${playing ? '▶ ' : ''}${loss}Playground`;
  }

  /**
   * The weight or bias under a point of the stage.
   * @param {number} x @param {number} y
   */
  parameterAt(x, y) {
    return parameterAt(columns(this.geometry, this.active), this.geometry.size, x, y);
  }
}
