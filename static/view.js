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
const THUMBNAIL = 64;

/**
 * @typedef {import('./state.js').State} State
 * @typedef {State & { config: NonNullable<State['config']>, data: NonNullable<State['data']>,
 *   layout: NonNullable<State['layout']> }} Ready a state that the server has filled
 */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

/** @param {State} state @returns {state is Ready} */
const isReady = (state) => Boolean(state.config && state.data && state.layout);

export class View {
  /**
   * @param {{ features: Record<string, string>, thumbnails: Record<string, any> }} facts of the server
   * @param {import('./overlay.js').Overlay} overlay
   */
  constructor(facts, overlay) {
    this.facts = facts;
    this.overlay = overlay;
    this.featureNames = Object.keys(facts.features);
    this.atlases = { features: new Atlas(), units: new Atlas(), output: new Atlas(), selected: new Atlas() };
    this.scroller = find('#network .scroller');
    this.stage = find('#network .stage');
    this.canvases = {
      links: find('#network .links'),
      squares: find('#network .units'),
      map: find('.plane canvas:first-child'),
      points: find('.plane canvas:last-child'),
      chart: find('#chart canvas'),
    };
    this.colors = this.readColors();
    this.geometry = arrange(this.featureNames.length, [], 0, 0);
    /** @type {number[]} places of the features that are on */
    this.active = [];
    /** @type {unknown[]} what the maps on the atlases were painted from */
    this.painted = [];
    this.strokedAt = 0;
  }

  readColors() {
    const theme = /** @type {any} */ (readTheme());
    return { theme, scale: createScale(theme.neutral) };
  }

  /** Take the colours anew, after the theme has changed. */
  recolor() {
    this.colors = this.readColors();
    const { scale } = this.colors;
    for (const thumbnail of document.querySelectorAll('.thumbnail')) {
      const canvas = /** @type {HTMLCanvasElement} */ (thumbnail.querySelector('canvas'));
      const name = /** @type {HTMLInputElement} */ (thumbnail.querySelector('input')).value;
      drawThumbnail(fitted(canvas, THUMBNAIL, THUMBNAIL), this.facts.thumbnails[name], scale, THUMBNAIL);
    }
    const image = new ImageData(scale.pixels.length, 1);
    new Uint32Array(image.data.buffer).set(scale.pixels);
    find('.legend canvas').getContext('2d').putImageData(image, 0, 0);
  }

  /**
   * @param {State} state
   * @param {Set<keyof State>} changed
   */
  render(state, changed) {
    if (!isReady(state)) return;
    const arranged = /** @type {const} */ (['layout', 'config', 'size', 'theme']).some((key) => changed.has(key));
    if (arranged) this.arrange(state);
    this.paint(state);
    this.drawNetwork(state, arranged || changed.has('hovered'));
    this.drawPlane(state, arranged || changed.has('data'));
    this.write(state);
  }

  /** @param {Ready} state */
  arrange({ config }) {
    const { clientWidth, clientHeight } = this.scroller;
    this.geometry = arrange(this.featureNames.length, config.networkShape, clientWidth, clientHeight);
    this.stage.style.width = `${this.geometry.width}px`;
    this.stage.style.height = `${this.geometry.height}px`;
    this.active = this.featureNames.flatMap((name, i) => (config[name] ? [i] : []));
    this.overlay.place(this.geometry, config.networkShape);
  }

  /** Bytes to pixels, each once. @param {Ready} state */
  paint({ frame, data, config }) {
    const { scale } = this.colors, { features, units, output, selected } = this.atlases;
    const [paintedData, paintedScale, paintedFrame, paintedClasses] = this.painted;
    this.painted = [data, scale, frame, config.discretize];
    const recolored = scale !== paintedScale;
    if (data !== paintedData || recolored) {
      const maps = this.featureNames.map((name) => bytesOf(data.features[name].map));
      features.paint(joined(maps), Math.sqrt(maps[0].length), scale.pixels);
    }
    if (!frame || (frame === paintedFrame && config.discretize === paintedClasses && !recolored)) return;
    units.paint(frame.units, frame.unitSide, scale.pixels);
    output.paint(frame.outputs, frame.side, config.discretize ? scale.classes : scale.pixels);
    if (frame.selectedMap) selected.paint(frame.selectedMap, frame.side, scale.pixels);
  }

  /** @param {Ready} state @param {boolean} must */
  drawNetwork(state, must) {
    const { frame, layout, selected, hovered } = state;
    const { geometry, canvases: { squares, links } } = this;
    const scene = {
      ...this.atlases,
      ...this.colors,
      geometry,
      shape: layout.shape,
      active: this.active,
      frame: frame && this.fits(state) ? frame : null,
      chosen: selected,
      hovered,
    };
    drawSquares(fitted(squares, geometry.width, geometry.height), scene);
    if (!this.strokes(state, must)) return;
    drawLinks(fitted(links, geometry.width, geometry.height), scene);
    this.drawChart(state);
    this.writeTitle(state);
  }

  /**
   * Whether to draw again what changes slowly: the strokes of links and losses cost more than all the maps.
   * @param {State} state
   * @param {boolean} must
   */
  strokes({ playing }, must) {
    const now = performance.now();
    if (!must && playing && now - this.strokedAt < STROKE_MILLISECONDS) return false;
    this.strokedAt = now;
    return true;
  }

  /** Whether the frame is of the network as it is laid out, which the page changes ahead of the server. @param {Ready} state */
  fits({ frame, layout, config }) {
    return frame?.theta.length === layout.parameters && String(layout.shape) === String([this.active.length, ...config.networkShape, 1]);
  }

  /** @param {Ready} state @param {boolean} must */
  drawPlane({ frame, data, config, selected }, must) {
    const { map, points } = this.canvases;
    const size = map.clientWidth;
    const one = selected && frame?.selectedMap && String(frame.selected) === String(selected) ? selected : null;
    const plane = {
      ...this.colors,
      map: one ? this.atlases.selected : this.atlases.output,
      bytes: (one ? frame?.selectedMap : frame?.outputs) ?? null,
      side: frame?.side ?? 0,
      domain: data.domain,
      train: data.train,
      test: data.test,
      showTest: config.showTestData,
    };
    drawMap(fitted(map, size, size), plane, size);
    if (must) drawData(fitted(points, size, size), plane, size);
    const before = config.networkShape.slice(0, one?.[0]).reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0);
    const range = one && frame ? frame.ranges[before + one[1]] : 1;
    find('#legend-low').textContent = shortNumber(-range);
    find('#legend-high').textContent = shortNumber(range);
    find('#output-title').textContent = one ? `Unit ${one[1] + 1} of layer ${one[0] + 1}` : 'Output';
  }

  /** @param {State} state */
  drawChart({ frame, history }) {
    const { chart } = this.canvases;
    const { clientWidth, clientHeight } = chart;
    /** @type {[number, number, number] | null} */
    const now = frame ? [frame.epoch, frame.trainLoss, frame.testLoss] : null;
    drawChart(fitted(chart, clientWidth, clientHeight), { history, now, theme: this.colors.theme }, clientWidth, clientHeight);
  }

  /** @param {State} state */
  write({ frame, playing, lost }) {
    find('#epoch').textContent = epochText(frame?.epoch ?? 0);
    find('#test-loss').textContent = frame ? shortNumber(frame.testLoss) : '–';
    find('#train-loss').textContent = frame ? shortNumber(frame.trainLoss) : '–';
    const play = find('#play');
    play.classList.toggle('playing', playing);
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    document.body.classList.toggle('lost', lost);
  }

  /** The title of the tab. @param {State} state */
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

/** Maps of one size, one after the other. @param {Uint8Array[]} maps */
function joined(maps) {
  const all = new Uint8Array(maps.length * maps[0].length);
  maps.forEach((map, i) => all.set(map, i * map.length));
  return all;
}
