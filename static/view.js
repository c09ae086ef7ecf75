// Draws the state: every canvas and every number on the page, and nothing else.

import { Atlas, bytesOf, fitted } from './maps.js';
import { arrange, columns, parameterAt } from './geometry.js';
import { createScale, paintScale, within } from './colors.js';
import { drawData, drawMap, drawThumbnail } from './plane.js';
import { drawLinks, drawSquares } from './network.js';
import { drawMarks } from './marks.js';
import { fits, lineOf, unitName } from './wires.js';
import { isReady, shown } from './state.js';
import { Readings } from './readings.js';
import { readPalette, readTheme } from './look.js';
import { shortNumber } from './numbers.js';

const STROKE_MILLISECONDS = 45;
const THUMBNAIL = 44; // CSS pixels

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Ready} Ready
 */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

export class View {
  /**
   * @param {{ features: Record<string, string>, thumbnails: Record<string, any> }} facts of the server
   * @param {import('./overlay.js').Overlay} overlay
   * @param {import('./losschart.js').LossChart} chart
   */
  constructor(facts, overlay, chart) {
    this.facts = facts;
    this.overlay = overlay;
    this.chart = chart;
    this.readings = new Readings();
    this.featureNames = Object.keys(facts.features);
    this.atlases = { features: new Atlas(), units: new Atlas(), output: new Atlas(), selected: new Atlas() };
    this.scroller = find('#network .scroller');
    this.stage = find('#network .stage');
    this.canvases = {
      links: find('#network .links'),
      squares: find('#network .units'),
      map: find('.plane .map'),
      points: find('.plane .points'),
    };
    this.colors = this.readColors();
    this.geometry = arrange(this.featureNames.length, [], 0, 0);
    /** @type {number[]} places of the features that are on */
    this.active = [];
    /** @type {unknown[]} what the maps on the atlases were painted from */
    this.painted = [];
    this.strokedAt = 0;
    this.thumbnails = false; // whether they are drawn in the present colours
  }

  readColors() {
    const theme = /** @type {any} */ (readTheme());
    return { theme, scale: createScale(theme.neutral, readPalette()) };
  }

  /** Take the colours anew, after the theme has changed. */
  recolor() {
    this.colors = this.readColors();
    this.thumbnails = false;
    paintScale(find('.legend canvas'), this.colors.scale);
  }

  /** The data sets in small, which can wait until the first picture stands. */
  drawThumbnails() {
    this.thumbnails = true;
    for (const [name, drawn] of Object.entries(this.facts.thumbnails)) {
      const canvas = find(`.thumbnail:has([value="${name}"]):not(.own) canvas`);
      if (canvas) drawThumbnail(fitted(canvas, THUMBNAIL, THUMBNAIL), drawn, this.colors.scale, THUMBNAIL);
    }
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
    this.drawNetwork(state, arranged || changed.has('hovered') || changed.has('playing'));
    this.drawPlane(state, arranged || changed.has('data'));
    this.readings.render(state);
    this.writeState(state);
    if (state.frame && !this.thumbnails) requestAnimationFrame(() => this.thumbnails || this.drawThumbnails());
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
    output.paint(frame.outputs, frame.side, config.discretize ? scale.classes : within(scale.pixels, frame.ranges[frame.ranges.length - 1]));
    if (frame.selectedMap) selected.paint(frame.selectedMap, frame.side, scale.pixels);
  }

  /** @param {Ready} state @param {boolean} must */
  drawNetwork(state, must) {
    const { layout, hovered, playing } = state;
    const frame = fits(state) ? state.frame : null;
    const { geometry, canvases: { squares, links } } = this;
    const scene = {
      ...this.atlases,
      ...this.colors,
      geometry,
      shape: layout.shape,
      active: this.active,
      frame,
      chosen: shown(state),
      hovered,
      flow: playing && !calm.matches ? performance.now() : null,
      probe: state.probe && frame?.probe.length ? frame.probe : null,
      limits: frame ? this.limits(state, frame) : new Float64Array(),
    };
    drawSquares(fitted(squares, geometry.width, geometry.height), scene);
    if (!this.strokes(state, must)) return;
    drawLinks(fitted(links, geometry.width, geometry.height), scene);
    this.drawChart(state);
    this.readings.title(state.frame, playing);
  }

  /** What has the full colour: of each active feature, each unit, the output. @param {Ready} state @param {import('./frames.js').Frame} frame */
  limits({ data, layout }, frame) {
    const hidden = frame.ranges.subarray(0, -1); // the output has the full colour at 1
    return Float64Array.from([...layout.features.map((name) => data.features[name].range), ...hidden, 1]);
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

  /** @param {Ready} state @param {boolean} must */
  drawPlane(state, must) {
    const { frame, data, config, layout, probe } = state;
    const { map, points } = this.canvases;
    const size = map.clientWidth, unit = shown(state);
    const one = unit && frame?.selectedMap && String(frame.selected) === String(unit) ? unit : null;
    const plane = {
      ...this.colors,
      map: one ? this.atlases.selected : this.atlases.output,
      bytes: (one ? frame?.selectedMap : frame?.outputs) ?? null,
      side: frame?.side ?? 0,
      domain: data.domain,
      train: data.train,
      test: data.test,
      showTest: config.showTestData,
      probe,
      worst: worstPoints(state),
      line: fits(state) ? lineOf(state, unit) : null,
    };
    const context = fitted(map, size, size);
    drawMap(context, plane, size);
    drawMarks(context, plane, size);
    if (must) drawData(fitted(points, size, size), plane, size);
    const before = config.networkShape.slice(0, one?.[0]).reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0);
    const range = one && frame ? frame.ranges[before + one[1]] : 1;
    find('#legend-low').textContent = shortNumber(-range);
    find('#legend-high').textContent = shortNumber(range);
    find('#output-title').textContent = one ? unitName(layout.shape, one) : 'Output';
  }

  /** @param {State} state */
  drawChart({ frame, history }) {
    /** @type {[number, number, number] | null} */
    const now = frame ? [frame.epoch, frame.trainLoss, frame.testLoss] : null;
    this.chart.draw({ history, now, theme: this.colors.theme });
  }

  /** @param {Ready} state */
  writeState({ frame, data, layout, playing, lost, speed, undo, redo }) {
    if (frame) document.body.classList.add('ready');
    find('.no-features').hidden = layout.features.length > 0 || data.train.length + data.test.length === 0;
    const play = find('#play');
    play.classList.toggle('playing', playing);
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    document.body.classList.toggle('lost', lost);
    find('#speed').value = speed;
    showMoment(find('#undo'), 'Undo', undo, 'Ctrl+Z');
    showMoment(find('#redo'), 'Redo', redo, 'Ctrl+Shift+Z');
  }

  /**
   * The weight or bias under a point of the stage.
   * @param {number} x @param {number} y
   * @param {number} reach how much farther than with a mouse something may be
   */
  parameterAt(x, y, reach) {
    return parameterAt(columns(this.geometry, this.active), this.geometry.size, x, y, reach);
  }
}

/**
 * @param {HTMLButtonElement} button @param {string} verb
 * @param {import('./state.js').Moment | null} moment @param {string} keys
 */
function showMoment(button, verb, moment, keys) {
  button.disabled = !moment;
  button.title = moment ? `${verb} the change of the ${moment.what} (${keys})` : `Nothing to ${verb.toLowerCase()}`;
}

/** The places of the points with the largest losses. @param {Ready} state */
function worstPoints({ frame, data, config }) {
  if (!frame || !config.showWorst) return [];
  const places = [...frame.worst].filter((_, i) => i % 2 === 0);
  return places.flatMap((place) => [data.train[place] ?? data.test[place - data.train.length] ?? []]).filter((point) => point.length);
}

/** Maps of one size, one after the other. @param {Uint8Array[]} maps */
function joined(maps) {
  const all = new Uint8Array(maps.length * maps[0].length);
  maps.forEach((map, i) => all.set(map, i * map.length));
  return all;
}
