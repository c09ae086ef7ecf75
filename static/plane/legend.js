// What the colours of the plane mean: a scale between two numbers, or the colour of each class.

import { visuallyHidden } from '../draw/visuallyhidden.js';
import { classTitle } from '../state/classes.js';
import { CLASSES, paintScale } from '../draw/colors.js';
import { shortNumber } from '../draw/numbers.js';

const MOST_NAMES = 4; // classes whose whole names have room beside each other

export class Legend {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @param {string} selector @returns {any} */
    const find = (selector) => root.querySelector(selector);
    this.scale = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.scale')]);
    this.low = find('#legend-low');
    this.strip = find('.scale canvas');
    this.high = find('#legend-high');
    this.list = /** @type {HTMLElement} */ (find('.class-list'));
    this.classes = 0;
    /** @type {import('../draw/colors.js').Scale | null} that is on the strip */
    this.painted = null;
  }

  /** @param {import('./shownmap.js').Legend} legend */
  render({ low, high, scale, classes }) {
    for (const part of this.scale) part.hidden = classes > 0;
    this.list.hidden = !classes;
    if (classes) return this.showClasses(classes);
    this.low.textContent = low ? shortNumber(low) : '0';
    this.high.textContent = low ? shortNumber(high) : String(high);
    if (scale !== this.painted) paintScale(this.strip, scale);
    this.painted = scale;
  }

  /** @param {number} count */
  showClasses(count) {
    if (count === this.classes) return;
    this.classes = count;
    this.list.replaceChildren(...Array.from({ length: count }, (_, label) => {
      const item = document.createElement('li'), name = document.createElement('span');
      name.textContent = classTitle(label);
      if (count > MOST_NAMES && label) name.replaceChildren(visuallyHidden('Class '), String(label + 1));
      item.append(chip(CLASSES[label]), name);
      return item;
    }));
  }
}

/** A spot of one colour, which saved pictures show too. @param {string} color */
export function chip(color) {
  const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
  canvas.className = 'chip';
  canvas.width = canvas.height = 1;
  canvas.setAttribute('aria-hidden', 'true');
  if (context) {
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
  }
  return canvas;
}
