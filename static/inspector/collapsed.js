// The single linear layer that a network of linear activations equals, in live numbers.

import { operand } from '../draw/numbers.js';
import { indexed, symbolOf } from '../draw/symbols.js';

/** @typedef {import('../state/state.js').Ready} Ready */

export class Collapse {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.rows = /** @type {HTMLElement} */ (section.querySelector('.layer'));
    this.scaled = /** @type {HTMLElement} */ (section.querySelector('.scaled'));
    this.built = '';
    /** @type {HTMLElement[]} */
    this.numbers = [];
  }

  /** Show it where there is one and more than one layer to collapse, unless something else is on show. @param {Ready} state @param {boolean} wanted @param {string} output the name of its activation */
  render({ frame, layout: { shape, features }, config }, wanted, output = 'linear') {
    const values = frame?.collapsed ?? [];
    this.section.hidden = !wanted || !values.length || shape.length < 3;
    if (this.section.hidden) return;
    const outputs = shape[shape.length - 1], key = String([outputs, features, output]);
    if (key !== this.built) this.build(features, outputs, output === 'linear' ? 'y' : 'z');
    this.built = key;
    this.scaled.hidden = !config.normalize;
    this.numbers.forEach((number, i) => {
      const text = operand(values[i], i % (features.length + 1) === 0);
      if (number.textContent !== text) number.textContent = text;
    });
  }

  /** Everything but the numbers. @param {string[]} features @param {number} outputs @param {string} name of what they give */
  build(features, outputs, name) {
    this.numbers = [];
    this.rows.replaceChildren(...Array.from({ length: outputs }, (_, k) => {
      const row = document.createElement('p');
      row.append(outputs > 1 ? indexed(name, k + 1) : letter(name), ' = ');
      for (const feature of [...features, null]) {
        const number = document.createElement('b');
        this.numbers.push(number);
        row.append(number, ...(feature ? ['\u2009', symbolOf(feature)] : []));
      }
      return row;
    }));
  }
}

/** @param {string} name */
function letter(name) {
  const element = document.createElement('i');
  element.textContent = name;
  return element;
}
