// What a gallery is to be made of: the number of restarts, or a knob and its values.

import { fieldIsHidden } from '../state/hiding.js';
import { numberIn, numbersIn } from '../controls/numberfield.js';
import { reasonOf } from '../controls/disabled.js';

const DEFAULT_KNOB = 'learningRate';

/**
 * @typedef {Record<string, any>} Config
 * @typedef {{ label: string, values: any[], labels: string[], number: boolean }} Knob
 */

export class GallerySetup {
  /**
   * @param {HTMLFormElement} form
   * @param {any} facts of the server
   * @param {(message: { type: string, [field: string]: unknown }) => void} begin
   */
  constructor(form, facts, begin) {
    /** @param {string} selector @returns {any} */
    const find = (selector) => form.querySelector(selector);
    this.form = form;
    this.facts = facts;
    /** @type {Record<string, Knob>} */
    this.knobs = facts.gallery.knobs;
    this.count = /** @type {HTMLInputElement} */ (find('.gallery-count'));
    this.knob = /** @type {HTMLSelectElement} */ (find('.gallery-knob'));
    this.values = /** @type {HTMLInputElement} */ (find('.gallery-values'));
    this.choices = /** @type {HTMLElement} */ (find('.gallery-choices'));
    this.why = /** @type {HTMLElement} */ (find('.gallery-why'));
    this.epochs = /** @type {HTMLInputElement} */ (find('.gallery-last'));
    this.start = /** @type {HTMLButtonElement} */ (find('.gallery-start'));
    this.kind = 'restarts';
    /** @type {Config} */
    this.config = {};
    this.points = 0; // that train
    this.knob.append(...this.groups());
    this.knob.value = DEFAULT_KNOB;
    this.knob.addEventListener('change', () => this.showValues());
    this.choices.addEventListener('change', () => this.limit());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.explain();
      const message = this.message();
      if (message) begin(message);
    });
  }

  /** The knobs by their kinds. */
  groups() {
    /** @type {Record<string, HTMLOptionElement[]>} */
    const groups = { Numbers: [], Choices: [], Switches: [] };
    for (const [name, { label, values, number }] of Object.entries(this.knobs)) {
      groups[number ? 'Numbers' : typeof values[0] === 'boolean' ? 'Switches' : 'Choices'].push(new Option(label, name));
    }
    return Object.entries(groups).map(([label, options]) => {
      const group = document.createElement('optgroup');
      group.label = label;
      group.append(...options.sort((a, b) => Number(b.value === DEFAULT_KNOB) - Number(a.value === DEFAULT_KNOB)));
      return group;
    });
  }

  /** Ask for what suits a configuration. @param {string} kind @param {Config} config @param {number} points that train */
  open(kind, config, points) {
    const other = this.kind !== kind || this.config.problem !== config.problem;
    Object.assign(this, { kind, config, points });
    this.form.dataset.kind = kind;
    this.count.disabled = kind !== 'restarts';
    this.knob.disabled = kind !== 'compare';
    if (this.offer() || other || !this.values.value) this.showValues();
    else this.explain();
  }

  /** Offer the knobs that the link does not hide; gives whether another one had to be chosen. */
  offer() {
    for (const group of this.knob.querySelectorAll('optgroup')) {
      const options = [...group.querySelectorAll('option')];
      for (const option of options) option.hidden = option.disabled = fieldIsHidden(this.config, option.value);
      group.hidden = options.every((option) => option.hidden);
    }
    if (!this.knob.selectedOptions[0]?.hidden) return false;
    this.knob.value = [...this.knob.options].find((option) => !option.hidden)?.value ?? '';
    return true;
  }

  /** Offer values of the chosen knob: a line of numbers, or what the problem allows of a table. */
  showValues() {
    const { values, labels, number } = this.knobs[this.knob.value];
    this.values.hidden = this.values.disabled = !number || this.kind !== 'compare';
    this.choices.hidden = number;
    this.values.value = number ? values.join(', ') : ' ';
    const fitting = values.map((_, i) => i).filter((i) => this.fits(values[i]));
    this.choices.replaceChildren(...(number ? [] : fitting.map((i, place) => choice(labels[i], i, place < this.facts.gallery.values))));
    this.limit();
    this.explain();
  }

  /** Whether a value of the chosen knob is one for this problem. @param {any} value */
  fits(value) {
    const { losses, outputs } = this.facts.tasks[this.config.problem ?? 'classification'];
    const fitting = { loss: losses, outputActivation: outputs }[this.knob.value];
    return !fitting || fitting.includes(value);
  }

  get checked() {
    return /** @type {HTMLInputElement[]} */ ([...this.choices.querySelectorAll('input')]);
  }

  /** No more choices than there may be. */
  limit() {
    const full = this.checked.filter(({ checked }) => checked).length >= this.facts.gallery.values;
    for (const input of this.checked) input.disabled = full && !input.checked;
  }

  /** Say where the knob has no effect. */
  explain() {
    const reason = this.kind === 'compare' ? reasonOf(this.knob.value, { config: this.config, facts: this.facts, train: this.points }) : '';
    this.why.textContent = reason && `${reason} So all runs will be the same.`;
    this.why.hidden = !reason;
  }

  /** What to ask the server for, or nothing where the person has to say something else first. */
  message() {
    let asked = this.epochs;
    try {
      const epochs = numberIn(this.epochs);
      if (this.kind === 'restarts') return { type: 'restarts', count: numberIn((asked = this.count)), epochs };
      asked = this.knobs[this.knob.value].number ? this.values : this.checked[0];
      return { type: 'compare', knob: this.knob.value, values: this.chosen(), epochs };
    } catch (error) {
      this.why.hidden = false;
      this.why.textContent = /** @type {Error} */ (error).message;
      asked.focus();
      return null;
    }
  }

  /** The values of the knob to compare; an Error with a sentence where they cannot be read, or are too few or too many. */
  chosen() {
    const { values, number } = this.knobs[this.knob.value], { values: most } = this.facts.gallery;
    if (number) return numbersIn(this.values, values.every(Number.isInteger), most);
    const chosen = this.checked.filter(({ checked }) => checked).map(({ value }) => values[Number(value)]);
    if (chosen.length < 2) throw new Error('Expected at least two of them.');
    return chosen;
  }
}

/** @param {string} label @param {number} place among all values @param {boolean} checked */
function choice(label, place, checked) {
  const element = document.createElement('label'), input = document.createElement('input');
  input.type = 'checkbox';
  input.value = String(place);
  input.checked = checked;
  element.append(input, label);
  return element;
}
