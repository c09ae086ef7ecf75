// Draws the state: every canvas and every number on the page, and nothing else.

import { RunMaps } from '../plane/runmaps.js';
import { classCount } from '../state/classes.js';
import { fitted } from '../draw/maps.js';
import { arrange, columns, parameterAt, PORT } from '../network/geometry.js';
import { createClassScales, createScale, labelColor } from '../draw/colors.js';
import { drawData, drawMap, inside, ticks } from '../plane/plane.js';
import { drawThumbnail } from '../plane/thumbnail.js';
import { drawLinks, drawSquares } from '../network/network.js';
import { drawAnnotations } from '../plane/annotations.js';
import { Legend } from '../plane/legend.js';
import { ClassColors } from '../plane/classcolors.js';
import { fits } from '../state/units.js';
import { isLeftOut, isHidden } from '../state/hiding.js';
import { isReady, shown } from '../state/state.js';
import { RunNumbers } from './runnumbers.js';
import { readPalette, readTheme } from '../draw/look.js';
import { sceneOf } from '../chart/losschart.js';
import { shownMapOf } from '../plane/shownmap.js';
import { writeTitle } from '../state/title.js';

const STROKE_MILLISECONDS = 45;
const THUMBNAIL = 44; // CSS pixels
const MOST_BETWEEN = 60; // pixels between network and output where they stand side by side
const TICK = 14; // the height of a number on the axis
const FAR = 9999; // farther down than any stage
const OFF_CANVAS = { x: -1000, y: -1000 }; // where a feature stands that the link leaves out

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('../state/state.js').Ready} Ready
 */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

const LIFTING = /** @type {const} */ (['hovered', 'playing', 'lost', 'pinned', 'pointed']); // what links are drawn anew for
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export class View {
  /**
   * @param {any} facts of the server
   * @param {import('../network/overlay.js').Overlay} overlay
   * @param {import('../chart/losschart.js').LossChart} chart
   */
  constructor(facts, overlay, chart) {
    this.facts = facts;
    this.overlay = overlay;
    this.chart = chart;
    this.runNumbers = new RunNumbers(facts);
    this.featureNames = Object.keys(facts.features);
    this.runMaps = new RunMaps();
    this.legend = new Legend(find('.legend'));
    this.scroller = find('#network .scroller');
    this.stage = find('#network .stage');
    this.canvases = {
      links: find('#network .links'),
      squares: find('#network .units'),
      map: find('.plane .map'),
      points: find('.plane .points'),
    };
    this.colors = this.readColors();
    this.geometry = arrange(this.featureNames.length, [], 1, 0, 0);
    /** @type {number[]} places of the features that are on */
    this.active = [];
    this.strokedAt = 0;
    this.thumbnails = false; // whether they are drawn in the present colours, for the present screen
    this.density = window.devicePixelRatio;
  }

  /** @returns {import('../plane/runmaps.js').Colors} */
  readColors() {
    const theme = /** @type {any} */ (readTheme()), { neutral } = theme;
    const scale = createScale(neutral, readPalette());
    return { theme, scale, classScales: createClassScales(neutral), classColors: new ClassColors(neutral) };
  }

  /** Take the colours anew, after the theme has changed. */
  recolor() {
    this.colors = this.readColors();
    this.thumbnails = false;
  }

  /** The data sets in small, which can wait until the first picture stands. */
  drawThumbnails() {
    this.thumbnails = true;
    for (const [name, drawn] of Object.entries(this.facts.thumbnails)) {
      const thumbnail = find(`.thumbnail:has([value="${name}"]):not(.own)`);
      if (!thumbnail) continue;
      const { scale } = this.colors, many = thumbnail.dataset.problem === 'multiclass';
      drawThumbnail(fitted(thumbnail.querySelector('canvas'), THUMBNAIL, THUMBNAIL), drawn, labelColor(scale, many), many ? null : scale.pixels, THUMBNAIL);
    }
  }

  /**
   * @param {State} state
   * @param {Set<keyof State>} changed
   */
  render(state, changed) {
    if (!isReady(state)) return;
    const arranged = /** @type {const} */ (['layout', 'config', 'size', 'theme']).some((key) => changed.has(key));
    const must = arranged || LIFTING.some((key) => changed.has(key)) || changed.has('uncovered'), isPlane = !state.data.images;
    if (arranged && isPlane) this.arrange(state);
    if (this.density !== window.devicePixelRatio) this.thumbnails = false;
    this.density = window.devicePixelRatio;
    if (isPlane) this.runMaps.paint(state, this.colors, this.featureNames);
    const stroked = isPlane ? this.drawNetwork(state, must) : this.drawLosses(state, must);
    if (isPlane) this.drawPlane(state, arranged || changed.has('data'));
    this.runNumbers.render(state, stroked);
    this.writeState(state);
    if (state.frame && !this.thumbnails) requestAnimationFrame(() => this.thumbnails || this.drawThumbnails());
  }

  /** @param {Ready} state */
  arrange({ config, layout, data }) {
    this.scroller.style.right = this.scroller.style.clipPath = ''; // as wide as its place
    const { clientWidth, clientHeight } = this.scroller, outputs = classCount(layout) || 1;
    const present = this.featureNames.filter((name) => !isLeftOut(config, name));
    this.geometry = arrange(present.length, config.networkShape, outputs, clientWidth, clientHeight, this.mouth(data.domain[1]));
    this.geometry.features = this.featureNames.map((name) => this.geometry.features[present.indexOf(name)] ?? OFF_CANVAS);
    this.stage.style.width = `${this.geometry.width}px`;
    this.stage.style.height = `${this.geometry.height}px`;
    find('#network').classList.toggle('joined', this.geometry.joined);
    if (this.geometry.joined) this.reachOut(clientWidth);
    this.active = this.featureNames.flatMap((name, i) => (config[name] ? [i] : []));
    this.overlay.place(this.geometry, config.networkShape, outputs);
  }

  /** Where links may lead into the large map, if that is beside the network. @param {[number, number]} domain upwards @returns {import('../network/geometry.js').Mouth | null} */
  mouth(domain) {
    const { left, right, top, bottom } = this.scroller.getBoundingClientRect(), plane = this.canvases.map.getBoundingClientRect();
    const map = inside(plane.width), middle = (domain[0] + domain[1]) / 2, marks = ticks(domain);
    const above = marks.find((mark) => mark > middle) ?? domain[1], below = marks.findLast((mark) => mark <= middle) ?? domain[0];
    const toY = (/** @type {number} */ value) => map.top + ((domain[1] - value) / (domain[1] - domain[0])) * map.side;
    const y = plane.top - top + (toY(above) + toY(below)) / 2;
    if (plane.left < right || plane.left > right + MOST_BETWEEN || y < 0 || y > bottom - top) return null;
    return { x: Math.round(plane.left + map.left - left), y, gap: toY(below) - toY(above) - TICK };
  }

  /** Let the network's stage reach to the large map, and into its margin at the height of its links only. @param {number} width without that */
  reachOut(width) {
    const { outputs: [{ y }], size, width: whole } = this.geometry, away = this.canvases.map.getBoundingClientRect().left;
    const near = Math.max(width, away - this.scroller.getBoundingClientRect().left), corners = [[0, 0], [near, 0], [near, y - PORT], [whole, y - PORT]];
    const below = [[whole, y + size + PORT], [near, y + size + PORT], [near, FAR], [0, FAR]];
    this.scroller.style.right = `${width - whole}px`;
    this.scroller.style.clipPath = `polygon(${[...corners, ...below].map(([x, down]) => `${x}px ${down}px`).join()})`;
  }

  /** Gives whether links and losses were drawn as well. @param {Ready} state @param {boolean} must */
  drawNetwork(state, must) {
    const { layout, hovered } = state, trains = state.playing && !state.lost;
    const frame = fits(state) ? state.frame : null;
    const { geometry, canvases: { squares, links } } = this;
    const scene = {
      ...this.runMaps,
      ...this.colors,
      geometry,
      shape: layout.shape,
      active: this.active,
      frame,
      chosen: state.pinned,
      lifted: shown(state),
      hovered,
      flow: trains && !reducedMotion.matches ? performance.now() : null,
      probe: state.probe && frame?.probe.length ? frame.probe : null,
      limits: frame ? this.limits(state, frame) : new Float64Array(),
    };
    drawSquares(fitted(squares, geometry.width, geometry.height), scene);
    if (!this.drawLosses(state, must)) return false;
    drawLinks(fitted(links, geometry.width, geometry.height), scene);
    return true;
  }

  /** Gives whether they were. @param {Ready} state @param {boolean} must */
  drawLosses(state, must) {
    if (!this.strokes(state, must)) return false;
    this.drawChart(state);
    writeTitle(state);
    return true;
  }

  /** What has the full colour: of each active feature, each unit, each output. @param {Ready} state @param {import('../wire/frames.js').Frame} frame */
  limits({ data, layout: { features, shape } }, frame) {
    const outputs = new Array(shape[shape.length - 1]).fill(1); // they have the full colour at 1
    const hidden = frame.ranges.subarray(0, -outputs.length);
    return Float64Array.from([...features.map((name) => data.features[name].range), ...hidden, ...outputs]);
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
    const { data, config, layout, probe } = state, { map, points } = this.canvases;
    const { title, legend, ...shownMap } = shownMapOf(state, this.runMaps, this.colors);
    const size = map.clientWidth;
    const plane = {
      ...data,
      ...shownMap,
      theme: this.colors.theme,
      paint: labelColor(this.colors.scale, classCount(layout) > 0),
      showTest: config.showTestData,
      probe,
      worst: worstPoints(state),
      batch: batchPoints(state),
    };
    const context = fitted(map, size, size);
    drawMap(context, plane, size);
    drawAnnotations(context, plane, size);
    if (must) drawData(fitted(points, size, size), plane, size);
    this.legend.render(legend);
    find('#output-title').textContent = title;
  }

  /** @param {State} state */
  drawChart(state) {
    this.chart.draw(sceneOf(state, this.colors.theme));
  }

  /** @param {Ready} state */
  writeState({ frame, data, config, layout, playing, lost, speed, undo, redo }) {
    if (frame) document.body.classList.add('ready');
    find('.no-features button').hidden = ['x', 'y'].some((name) => isHidden(config, name));
    find('.no-features').hidden = layout.features.length > 0 || Boolean(data.images) || data.train.length + data.test.length === 0;
    find('#class-count').hidden = !find('.thumbnails:not([hidden]) .thumbnail:not([hidden], [data-classes])[data-problem=multiclass]:has(:checked)');
    const play = find('#play');
    play.classList.toggle('playing', playing && !lost);
    play.setAttribute('aria-label', playing && !lost ? 'Pause' : 'Play');
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
 * @param {import('../state/state.js').Moment | null} moment @param {string} keys
 */
function showMoment(button, verb, moment, keys) {
  button.disabled = !moment;
  button.title = moment ? `${verb} the change of the ${moment.what} (${keys})` : `Nothing to ${verb.toLowerCase()}`;
}

/** The points of the last update, after a step. @param {Ready} state */
function batchPoints({ frame, data }) {
  return [...(frame?.batch ?? [])].flatMap((place) => (data.train[place] ? [data.train[place]] : []));
}

/** The places of the points with the largest losses. @param {Ready} state */
function worstPoints({ frame, data, config }) {
  if (!frame || !config.showWorst) return [];
  const places = [...frame.worst].filter((_, i) => i % 2 === 0);
  return places.flatMap((place) => [data.train[place] ?? data.test[place - data.train.length] ?? []]).filter((point) => point.length);
}
