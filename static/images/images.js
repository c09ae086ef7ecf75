// The page of a run with images: the image on show, the answer and its reasons, templates, the confusion matrix, the wall.

import { Confusion } from './confusion.js';
import { createLayout, loadStyles } from './layout.js';
import { HiddenLayers } from './hiddenlayers.js';
import { Pad } from './pad.js';
import { bytesOf, paint, shades, signed, signs, wordsOf } from './paint.js';
import { Templates } from './templates.js';
import { Wall } from './wall.js';

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('../state/state.js').ImageScene} ImageScene
 * @typedef {object} Acts what the page does with what a person does
 * @property {(pixels: number[] | null, chosen: number | null, told: (answer: any) => void) => void} show
 * @property {(set: Record<string, any>) => void} change
 */

const WALL_MILLISECONDS = 250; // between two orders of the wall while training, so that one can point at an image

export class Images {
  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
    const { seen, tested } = createLayout();
    /** @param {string} selector @returns {any} */
    const find = (selector) => seen.querySelector(selector);
    this.find = find;
    this.seen = seen;
    this.pad = new Pad(find('.pad'), () => this.send());
    this.templates = new Templates(find('.templates'));
    this.layers = new HiddenLayers(find('.shape'), (networkShape) => acts.change({ networkShape }));
    this.confusion = new Confusion(/** @type {HTMLElement} */ (tested.querySelector('.matrix')), () => this.drawTests(true));
    this.wall = new Wall(/** @type {HTMLElement} */ (tested.querySelector('.wall')), (index) => this.showTest(index));
    this.testedTitle = /** @type {HTMLElement} */ (tested.querySelector('h2 small'));
    this.labels = new Uint8Array();
    this.colors = new Uint32Array();
    /** @type {{ theme: any, scale: import('../draw/colors.js').Scale } | null} */
    this.look = null;
    this.key = '';
    this.shown = 0; // the test image on show, or -1 for the pad
    /** @type {number[] | null} */
    this.pixels = null;
    /** @type {number | null} */
    this.chosen = null; // the class whose evidence is asked for
    this.run = 0;
    this.wallAt = 0;
    this.waiting = false;
    seen.addEventListener('click', (event) => this.act(/** @type {HTMLElement} */ (event.target)));
  }

  /** @param {HTMLElement} target */
  act(target) {
    const { act } = target.dataset, bar = /** @type {HTMLElement | null} */ (target.closest('.bars button'));
    if (bar) {
      const chosen = Number(bar.dataset.class);
      this.chosen = this.chosen === chosen ? null : chosen;
      this.send();
    } else if (act === 'draw' || act === 'erase') {
      this.pad.erases = act === 'erase';
      this.draw(true);
    } else if (act === 'clear') {
      this.pad.clear();
      this.draw(true);
      this.send();
    } else if (act === 'centre') {
      this.pad.centres = /** @type {HTMLInputElement} */ (target).checked;
      if (this.pad.active) this.send();
    }
  }

  /** Draw on the pad, or put a test image on show. @param {boolean} drawing */
  draw(drawing) {
    if (drawing && !this.pad.active) this.pad.clear();
    this.pad.active = drawing;
    if (drawing) this.shown = -1;
    for (const [act, pressed] of /** @type {const} */ ([['draw', drawing && !this.pad.erases], ['erase', drawing && this.pad.erases]])) {
      this.find(`[data-act="${act}"]`).ariaPressed = String(pressed);
    }
    if (drawing) this.send();
  }

  /** @param {number} index */
  showTest(index) {
    this.draw(false);
    this.shown = index;
    this.chosen = null;
    this.send();
    this.drawTests(true);
  }

  /** Ask what the network makes of what is on show; while an answer is on its way, the newest waits. */
  send() {
    const { scene } = this;
    if (!scene) return;
    this.pixels = this.pad.active ? this.pad.pixels(scene) : this.wall.pixels(Math.max(0, this.shown), scene);
    if (!this.pixels) return;
    const shadesOfAll = this.pixels.map((shade) => Math.round(255 * shade));
    paint(this.find('.pad'), scene, shades(shadesOfAll, scene.channels));
    this.find('.shown').classList.toggle('drawing', this.pad.active);
    this.find('.shown .caption').textContent = this.pad.active ? 'Draw here: one image of your own.' : `Test image ${this.shown + 1}: ${scene.names[this.labels[this.shown]]}`;
    if (this.waiting) {
      this.stale = true;
      return;
    }
    this.waiting = true;
    this.acts.show(this.pixels, this.chosen, ({ image }) => {
      this.waiting = false;
      if (image) this.tell(image);
      if (this.stale) {
        this.stale = false;
        this.send();
      }
    });
  }

  /** Show an answer: a bar for each class, and what each pixel adds. @param {{ activations: ArrayLike<number>, evidence: ArrayLike<number>, chosen: number }} answer */
  tell({ activations, evidence, chosen }) {
    const { scene } = this;
    if (!scene || !activations.length || evidence.length !== scene.width * scene.height * scene.channels) return;
    const outputs = Array.from(activations).slice(-scene.names.length), best = outputs.indexOf(Math.max(...outputs));
    this.bars.forEach((bar, place) => {
      const value = Math.max(0, Math.min(1, outputs[place]));
      bar.style.setProperty('--share', String(value));
      bar.classList.toggle('best', place === best);
      bar.ariaPressed = String(place === chosen);
      /** @type {HTMLElement} */ (bar.querySelector('span')).textContent = value > 0.9995 ? '100 %' : `${(100 * value).toFixed(1)} %`;
    });
    const sum = Array.from(evidence).reduce((total, value) => total + value, 0);
    paint(this.find('.why canvas'), scene, signs(signed(evidence), scene.channels, this.colors));
    this.find('.why h2 small').textContent = `${scene.names[chosen]}?`;
    const way = this.linear ? 'weight × pixel' : 'slope × pixel';
    this.find('.why .caption').textContent = `${way}: ${this.colors.length ? 'for and against' : ''}, in all ${sum.toFixed(2).replace('-', '−')}`;
  }

  /** @param {boolean} must */
  drawTests(must = false) {
    const { scene, frame, look } = this, now = performance.now();
    if (!scene || !frame || !look || frame.predicted.length !== this.labels.length) return;
    if (!must && now - this.wallAt < WALL_MILLISECONDS) return;
    this.wallAt = now;
    this.confusion.render(scene.names, this.labels, frame.predicted, look);
    const wrong = this.labels.reduce((count, label, i) => count + Number(frame.predicted[i] !== label), 0);
    this.wall.render(scene, this.labels, frame, this.confusion.chosen, this.shown, look.theme);
    this.testedTitle.textContent = `${wrong} of ${this.labels.length.toLocaleString('en')} are wrong`;
  }

  /**
   * @param {Ready} state @param {Set<keyof import('../state/state.js').State>} changed
   * @param {{ theme: any, scale: import('../draw/colors.js').Scale }} colors
   */
  render({ config, data, layout, frame, run, playing }, changed, { theme, scale }) {
    const scene = data.images;
    document.body.classList.toggle('images', Boolean(scene));
    this.seen.hidden = !scene;
    if (!scene) return;
    if (changed.has('theme') || !this.colors.length) {
      Object.assign(this, { look: { theme, scale }, colors: wordsOf(scale) });
      this.templates.repaint(scene, this.colors);
    }
    this.begin(scene, config, run, layout);
    this.layers.render(layout.shape, layout.parameters);
    if (frame?.images && frame.images !== this.frame) this.take(scene, frame.images);
    if (changed.has('frame') || changed.has('size') || changed.has('theme')) this.drawTests(!playing || changed.has('size') || changed.has('theme'));
    const count = layout.shape[1];
    this.find('.behind h2').innerHTML = this.linear
      ? `Templates <small>above the mean of each class; correlation ${this.templates.likeness.toFixed(2)}</small>`
      : `${count} templates <small>weights of the first hidden layer</small>`;
  }

  /** Take up another image set, or another network. @param {ImageScene} scene @param {Record<string, any>} config @param {number} run @param {Ready['layout']} layout */
  begin(scene, config, run, { shape }) {
    this.linear = shape.length === 2;
    this.templates.arrange(scene, shape, run);
    const key = [scene.name, config.seed, config.noise, scene.labels.length].join();
    if (key !== this.key) {
      this.key = key;
      this.scene = scene;
      this.labels = bytesOf(scene.labels);
      this.confusion.chosen = this.chosen = null;
      this.frame = undefined;
      this.shown = 0;
      this.createBars(scene.names);
      this.draw(false);
      this.find('.pad-tools').hidden = scene.channels > 1; // one draws in white
      this.wall.load(scene, config, () => {
        this.send();
        this.drawTests(true);
      });
    } else if (run !== this.run) this.send();
    this.run = run;
  }

  /** @type {HTMLElement[]} */
  bars = [];

  /** @param {string[]} names */
  createBars(names) {
    this.bars = names.map((name, place) => {
      const bar = Object.assign(document.createElement('button'), { type: 'button', title: `Why ${name}, or why not` });
      bar.dataset.class = String(place);
      bar.innerHTML = '<b></b><i></i><span></span>';
      /** @type {HTMLElement} */ (bar.firstElementChild).textContent = name;
      return bar;
    });
    this.find('.bars').replaceChildren(...this.bars.map((bar) => {
      const item = document.createElement('li');
      item.append(bar);
      return item;
    }));
  }

  /** @param {ImageScene} scene @param {import('../wire/frames.js').ImagePart} frame */
  take(scene, frame) {
    this.frame = frame;
    this.templates.take(scene, frame, this.colors);
    if (frame.activations.length) this.tell(frame);
  }
}

/** The page of images, once its styles are there. @param {Acts} acts */
export async function createImages(acts) {
  await loadStyles();
  return new Images(acts);
}
