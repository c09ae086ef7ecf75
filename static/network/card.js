// The card of a weight or a bias: shows its value while it is pointed at, and takes a new one when it is clicked.

import { bindNumber } from '../controls/numberfield.js';
import { shortNumber } from '../draw/numbers.js';

const OFFSET = 14, EDGE = 4; // pixels between the pointer and the card, and from there to where the network ends
const REACH = 5; // of the slider, where the value is not larger
const FINGER = 2.5; // how much less exactly a finger points than a mouse

/**
 * @typedef {import('../state/parameters.js').Parameter} Parameter
 * @typedef {object} Actions
 * @property {(x: number, y: number, reach: number) => Parameter | null} at what is under a point
 * @property {(parameter: Parameter | null) => void} hover
 * @property {(parameter: Parameter) => number} value that it has now
 * @property {(parameter: Parameter, value: number) => void} set
 * @property {(sentence: string) => void} refuse told why what was typed changes nothing
 */

export class Card {
  /**
   * @param {HTMLElement} stage
   * @param {Actions} actions
   */
  constructor(stage, actions) {
    this.stage = stage;
    this.actions = actions;
    this.element = /** @type {HTMLElement} */ (stage.querySelector('.card'));
    this.name = /** @type {HTMLElement} */ (this.element.querySelector('i'));
    this.value = /** @type {HTMLOutputElement} */ (this.element.querySelector('output'));
    this.editor = /** @type {HTMLElement} */ (this.element.querySelector('.editor'));
    this.field = /** @type {HTMLInputElement} */ (this.element.querySelector('.number'));
    this.slider = /** @type {HTMLInputElement} */ (this.element.querySelector('[type=range]'));
    /** @type {Parameter | null} */
    this.parameter = null;
    this.editing = false;
    /** @type {MouseEvent | null} where the pointer was last */
    this.pointer = null;
    stage.addEventListener('pointermove', (event) => this.follow(event));
    stage.addEventListener('pointerleave', () => this.editing || this.point(null));
    stage.addEventListener('click', (event) => this.pick(event), true); // before the unit that a bias stands on
    bindNumber(this.field, { take: (value) => this.submit(value), refuse: actions.refuse, close: () => this.close() });
    this.slider.addEventListener('input', () => {
      this.field.value = this.slider.value;
      this.submit(this.slider.valueAsNumber);
    });
    this.editor.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.editor.contains(/** @type {Node | null} */ (relatedTarget))) this.close();
    });
  }

  /** @param {MouseEvent} event */
  under(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const onUnit = target.matches('.unit');
    if (!onUnit && !target.matches('canvas, .stage')) return null;
    const box = this.stage.getBoundingClientRect();
    const reach = /** @type {PointerEvent} */ (event).pointerType === 'touch' ? FINGER : 1;
    const found = this.actions.at(event.clientX - box.left, event.clientY - box.top, reach);
    return onUnit && found?.source !== null ? null : found;
  }

  /** @param {MouseEvent} event */
  follow(event) {
    if (this.editing) return;
    this.pointer = event;
    this.point(this.under(event));
    this.place();
  }

  /** Beside the pointer, but whole: it is asked again when there is another number in it. */
  place() {
    if (!this.pointer || this.element.hidden) return;
    const box = this.stage.getBoundingClientRect(), seen = /** @type {HTMLElement} */ (this.stage.closest('section')).getBoundingClientRect();
    const { clientX, clientY } = this.pointer, { offsetWidth: width, offsetHeight: height } = this.element;
    const x = Math.max(seen.left, Math.min(clientX + OFFSET, seen.right - width - EDGE));
    const y = Math.max(seen.top, Math.min(clientY + OFFSET, seen.bottom - height - EDGE));
    this.element.style.left = `${x - box.left}px`;
    this.element.style.top = `${y - box.top}px`;
  }

  /** @param {Parameter | null} parameter */
  point(parameter) {
    if (JSON.stringify(parameter) === JSON.stringify(this.parameter)) return;
    this.parameter = parameter;
    this.stage.classList.toggle('on-link', parameter !== null);
    this.actions.hover(parameter);
  }

  /** @param {MouseEvent} event */
  pick(event) {
    const parameter = this.under(event);
    if (this.editing || !parameter) return;
    event.stopPropagation();
    this.point(parameter);
    this.editing = true;
    this.before = /** @type {HTMLElement | null} */ (document.activeElement);
    this.open(true);
    this.pointer = event;
    this.place();
    this.begin(this.actions.value(parameter));
  }

  /** Offer a value for change. @param {number} value */
  begin(value) {
    const reach = Math.max(REACH, 2 * Math.abs(value));
    [this.slider.min, this.slider.max] = [String(-reach), String(reach)];
    this.slider.value = this.field.value = String(value);
    this.field.focus();
    this.field.select();
  }

  /** @param {boolean} open */
  open(open) {
    this.element.classList.toggle('open', open);
    this.element.hidden = !open;
    this.editor.hidden = !open;
    this.value.hidden = open;
  }

  /** @param {number} value */
  submit(value) {
    if (this.parameter) this.actions.set(this.parameter, value);
  }

  /** End the editing; returns whether there was any. */
  close() {
    if (!this.editing) return false;
    const focused = this.editor.contains(document.activeElement);
    this.editing = false;
    this.open(false);
    if (focused) this.origin()?.focus({ preventScroll: true });
    this.point(null);
    return true;
  }

  /** What had the focus before the editing, or else the unit that the weight or bias belongs to. @returns {HTMLElement | null} */
  origin() {
    if (this.before && this.before !== document.body) return this.before;
    return this.parameter && this.stage.querySelector(`[data-key="unit-${this.parameter.layer}-${this.parameter.unit}"]`);
  }

  /**
   * Show the present value; the fields follow it, but for the one that is being changed.
   * @param {boolean} present whether what was pointed at is still there
   */
  show(present) {
    if (!present && !this.close()) this.point(null);
    this.element.hidden = !this.parameter;
    if (!this.parameter) return;
    const value = this.actions.value(this.parameter);
    this.name.textContent = this.parameter.source === null ? 'b' : 'w';
    this.value.textContent = `= ${shortNumber(value)}`;
    if (!this.editing) return this.place();
    for (const field of [this.field, this.slider]) if (document.activeElement !== field) field.value = String(value);
  }
}
