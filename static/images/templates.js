// The units of the first layer as templates: their weights as images, of a linear network above the mean images of the classes.

import { bytesOf, correlation, paint, shades, signs } from './paint.js';

/** @typedef {import('../state/state.js').ImageScene} ImageScene */

export class Templates {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.key = '';
    this.bytes = new Uint8Array();
    this.means = new Uint8Array();
    /** @type {{ element: HTMLElement, canvas: HTMLCanvasElement, likeness: HTMLElement | null }[]} */
    this.units = [];
  }

  /**
   * Elements for the units of a network. @param {ImageScene} scene @param {number[]} shape @param {number} run
   */
  arrange(scene, shape, run) {
    const key = [run, scene.name, shape].join();
    if (key === this.key) return;
    this.key = key;
    const { height, width, channels, names } = scene, pixels = height * width * channels, linear = shape.length === 2;
    this.bytes = new Uint8Array(shape[1] * pixels).fill(128);
    this.means = bytesOf(scene.means);
    this.place.classList.toggle('linear', linear);
    this.place.replaceChildren();
    this.units = Array.from({ length: shape[1] }, (_, unit) => {
      const element = document.createElement('figure');
      element.innerHTML = linear
        ? '<canvas role="img"></canvas><canvas role="img"></canvas><figcaption><b></b> <span></span></figcaption>'
        : '<canvas role="img"></canvas><i></i>';
      const [canvas, mean] = element.querySelectorAll('canvas'), name = linear ? names[unit] : `unit ${unit + 1}`;
      canvas.setAttribute('aria-label', `Weights of ${name}`);
      element.title = linear ? `${name}: its weights, the mean of its images, and how alike they are` : `Weights of unit ${unit + 1}; the bar says how strongly it answers`;
      if (linear) {
        mean.setAttribute('aria-label', `Mean of the images of ${name}`);
        paint(mean, scene, shades(this.means.subarray(unit * pixels, (unit + 1) * pixels), channels));
        /** @type {HTMLElement} */ (element.querySelector('b')).textContent = name;
      }
      this.place.append(element);
      return { element, canvas, likeness: element.querySelector('span') };
    });
  }

  /**
   * Take the templates that a frame brings, and paint them. @param {ImageScene} scene
   * @param {import('../wire/frames.js').ImagePart} frame @param {Uint32Array} colors
   */
  take(scene, { first, ranges, templates, activations }, colors) {
    const { height, width, channels } = scene, pixels = height * width * channels;
    if (templates.length !== ranges.length * pixels || first + ranges.length > this.units.length) return; // of another network
    this.bytes.set(templates, first * pixels);
    for (let unit = first; unit < first + ranges.length; unit++) this.paint(unit, scene, colors);
    if (!this.place.classList.contains('linear')) this.light(activations);
  }

  /** @param {number} unit @param {ImageScene} scene @param {Uint32Array} colors */
  paint(unit, scene, colors) {
    const pixels = scene.height * scene.width * scene.channels, { canvas, likeness } = this.units[unit];
    const own = this.bytes.subarray(unit * pixels, (unit + 1) * pixels);
    paint(canvas, scene, signs(own, scene.channels, colors));
    if (!likeness) return;
    const alike = correlation(own, this.means.subarray(unit * pixels, (unit + 1) * pixels));
    likeness.textContent = Number.isNaN(alike) ? '–' : alike.toFixed(2).replace('-', '−');
  }

  /** All in other colours. @param {ImageScene} scene @param {Uint32Array} colors */
  repaint(scene, colors) {
    this.units.forEach((_, unit) => this.paint(unit, scene, colors));
  }

  /** How strongly each unit answers to the image on show. @param {Float32Array} activations of all units */
  light(activations) {
    const own = activations.subarray(0, this.units.length), largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.units.forEach(({ element }, unit) => element.style.setProperty('--answer', own.length && largest ? (Math.abs(own[unit]) / largest).toFixed(3) : '0'));
  }

  /** The mean correlation of templates and means, of a linear network. */
  get likeness() {
    const found = this.units.map(({ likeness }) => Number(likeness?.textContent?.replace('−', '-')));
    return found.reduce((sum, value) => sum + value, 0) / found.length;
  }
}
