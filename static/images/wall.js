// The wall: test images, those that are taken for another class first, those with the largest loss foremost.

import { scaled } from './confusion.js';

const COLUMNS = 25; // of the sheet that the server sends
const TILE = 44, CAPTION = 13, MOST = 200;

export class Wall {
  /** @param {HTMLElement} place @param {(index: number) => void} show */
  constructor(place, show) {
    this.place = place;
    this.canvas = /** @type {HTMLCanvasElement} */ (place.querySelector('canvas'));
    this.show = show;
    /** @type {number[]} places of the images on the wall */
    this.order = [];
    this.focus = 0;
    /** @type {HTMLImageElement | null} */
    this.sheet = null;
    this.canvas.addEventListener('click', ({ offsetX, offsetY }) => this.open(Math.floor(offsetY / (TILE + CAPTION)) * this.columns + Math.floor(offsetX / this.step)));
    place.addEventListener('keydown', (event) => this.press(event));
  }

  columns = 1;
  step = TILE;

  /** @param {number} at */
  open(at) {
    const index = this.order[at];
    if (index === undefined) return;
    this.focus = at;
    this.show(index);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, Enter: 0 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(Math.min(this.order.length - 1, Math.max(0, this.focus + steps[event.key])));
  }

  /**
   * Load the test images of a run. @param {import('../state/state.js').ImageScene} scene @param {Record<string, any>} config @param {() => void} loaded
   */
  load({ name }, { seed, noise }, loaded) {
    const sheet = new Image();
    sheet.onload = () => {
      this.sheet = sheet;
      loaded();
    };
    this.sheet = null;
    sheet.src = `/api/v1/images/${name}.png?${new URLSearchParams({ seed, noise: String(noise) })}`;
  }

  /** Where an image stands on the sheet. @param {number} index @param {{ width: number, height: number }} size */
  source(index, { width, height }) {
    return /** @type {[number, number, number, number]} */ ([(index % COLUMNS) * width, Math.floor(index / COLUMNS) * height, width, height]);
  }

  /** The pixels of an image from 0 to 1; null while they are not here. @param {number} index @param {import('../state/state.js').ImageScene} scene */
  pixels(index, scene) {
    const { width, height, channels } = scene;
    if (!this.sheet) return null;
    const context = /** @type {CanvasRenderingContext2D} */ (Object.assign(document.createElement('canvas'), { width, height }).getContext('2d'));
    context.drawImage(this.sheet, ...this.source(index, scene), 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return Array.from({ length: width * height * channels }, (_, i) => data[4 * Math.floor(i / channels) + (i % channels)] / 255);
  }

  /**
   * @param {import('../state/state.js').ImageScene} scene @param {Uint8Array} labels
   * @param {import('../wire/frames.js').ImagePart} frame @param {import('./confusion.js').Cell | null} cell
   * @param {number} shown the one on show, or -1 @param {any} theme
   */
  render(scene, labels, { losses, predicted }, cell, shown, theme) {
    const all = Array.from(labels, (_, i) => i).filter((i) => !cell || (labels[i] === cell.truth && predicted[i] === cell.taken));
    const isWrong = (/** @type {number} */ i) => Number(predicted[i] !== labels[i]);
    this.order = all.sort((a, b) => isWrong(b) - isWrong(a) || losses[b] - losses[a]).slice(0, MOST);
    const width = this.place.clientWidth - 2;
    this.columns = Math.max(1, Math.floor(width / (TILE + 4)));
    this.step = width / this.columns;
    const rows = Math.ceil(this.order.length / this.columns), context = scaled(this.canvas, width, Math.max(1, rows) * (TILE + CAPTION));
    Object.assign(context, { imageSmoothingEnabled: false, font: '10px system-ui, sans-serif', textBaseline: 'middle', textAlign: 'center' });
    this.order.forEach((index, at) => {
      const x = (at % this.columns) * this.step + (this.step - TILE) / 2, y = Math.floor(at / this.columns) * (TILE + CAPTION);
      if (this.sheet) context.drawImage(this.sheet, ...this.source(index, scene), x, y, TILE, TILE);
      const wrong = isWrong(index), names = scene.names;
      context.fillStyle = wrong ? theme.ink : theme.muted;
      context.fillText(wrong ? `${names[labels[index]]} → ${names[predicted[index]]}` : names[labels[index]], x + TILE / 2, y + TILE + 6, this.step - 2);
      if (index !== shown) return;
      Object.assign(context, { strokeStyle: theme.accent, lineWidth: 3 });
      context.strokeRect(x + 1.5, y + 1.5, TILE - 3, TILE - 3);
    });
    return all.length;
  }
}
