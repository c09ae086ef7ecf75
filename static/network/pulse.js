// What one update is, as a pulse: the batch runs forward through the links, and back as the size of each gradient.

import { columns, link, placeOn } from './geometry.js';
import { colorOf } from '../draw/colors.js';
import { fitted } from '../draw/maps.js';
import { layerOffsets } from '../state/parameters.js';
import { strongest } from './network.js';

const FORWARD = 400, BACK = 700; // milliseconds
const DOT = 2, LARGEST = 6; // radii in pixels: of the batch on its way, and of the largest gradient
const MOST = 80; // links between two layers on which a pulse runs: the strongest
const STILL = 0.5; // where dots stand that do not move, along their links
const { sqrt, abs, sign, max, min } = Math;

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('../wire/frames.js').Frame} Frame
 * @typedef {object} Look
 * @property {import('./geometry.js').Geometry} geometry
 * @property {number[]} active places of the features that are on
 * @property {{ scale: import('../draw/colors.js').Scale, theme: { text: string, surface: string } }} colors
 */

export class Pulse {
  /**
   * @param {HTMLCanvasElement} canvas over the links
   * @param {Look} look
   */
  constructor(canvas, look) {
    this.canvas = canvas;
    this.look = look;
    this.calm = window.matchMedia('(prefers-reduced-motion: reduce)');
    this.update = ''; // the one that was seen last
    this.startedAt = 0;
    /** @type {{ frame: Frame, shape: number[] } | null} what runs */
    this.shown = null;
  }

  /** Run once for each update that a step tells of. @param {Ready} state @param {Set<string>} changed */
  render({ frame, layout }, changed) {
    if (changed.has('layout') || !frame?.gradient) return this.end();
    const update = `${frame.run} ${frame.updates}`;
    if (update === this.update) return;
    this.update = update;
    this.startedAt = performance.now();
    this.canvas.hidden = false;
    if (!this.shown) requestAnimationFrame(() => this.draw());
    this.shown = { frame, shape: layout.shape };
  }

  end() {
    if (!this.shown) return;
    this.shown = null;
    this.canvas.hidden = true;
    this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  draw() {
    const time = performance.now() - this.startedAt;
    if (!this.shown || time > FORWARD + BACK) return this.end();
    const { geometry, active, colors } = this.look, { frame, shape } = this.shown;
    const context = fitted(this.canvas, geometry.width, geometry.height);
    if (frame.theta.length !== layerOffsets(shape)[shape.length - 1]) return this.end();
    const layers = shape.length - 1, back = this.calm.matches || time > FORWARD;
    const way = back ? layers * (1 - (time - FORWARD) / BACK) : (layers * time) / FORWARD; // in layers from the inputs
    const largest = frame.gradient?.reduce((most, value) => max(most, abs(value)), 0) || 1;
    for (const { layer, place, curve } of linksOf(frame, shape, columns(geometry, active), geometry.size)) {
      const share = this.calm.matches ? STILL : way - layer;
      if (share < 0 || share > 1) continue;
      const value = frame.gradient?.[place] ?? 0, size = sqrt(abs(value) / largest);
      const color = back ? colorOf(colors.scale, sign(value) * max(0.5, size)) : colors.theme.text;
      dot(context, placeOn(curve, share), back ? LARGEST * size : DOT, color, colors.theme.surface);
    }
    requestAnimationFrame(() => this.draw());
  }
}

/**
 * The links on which a pulse runs, between each two layers those with the largest gradients.
 * @param {Frame} frame @param {number[]} shape @param {import('./geometry.js').Place[][]} places @param {number} size of a square
 */
function* linksOf({ gradient }, shape, places, size) {
  const offsets = layerOffsets(shape);
  for (let layer = 0; gradient && layer < shape.length - 1; layer++) {
    const sources = shape[layer], least = strongest(gradient.slice(offsets[layer], offsets[layer + 1]), MOST);
    for (let unit = 0; unit < min(shape[layer + 1], places[layer + 1].length); unit++) {
      for (let source = 0; source < min(sources, places[layer].length); source++) {
        const place = offsets[layer] + unit * (sources + 1) + source;
        if (abs(gradient[place]) < least) continue;
        yield { layer, place, curve: link(places[layer][source], places[layer + 1][unit], size, source, sources) };
      }
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {number[]} at @param {number} radius @param {string} color @param {string} edge */
function dot(context, [x, y], radius, color, edge) {
  context.beginPath();
  context.arc(x, y, max(0.5, radius), 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = edge;
  context.stroke();
}
