// The card of a weight or a bias: shows its value while it is pointed at, and takes a new one when it is clicked.

import { placeInTheta } from './geometry.js';
import { shortNumber } from './numbers.js';

const OFFSET = 14; // pixels between the pointer and the card

/**
 * @typedef {import('./geometry.js').Parameter} Parameter
 * @typedef {object} Actions
 * @property {(x: number, y: number) => Parameter | null} at what is under a point
 * @property {(parameter: Parameter | null) => void} hover
 * @property {(parameter: Parameter, value: number) => void} set
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
    this.field = /** @type {HTMLInputElement} */ (this.element.querySelector('input'));
    /** @type {Parameter | null} */
    this.parameter = null;
    this.editing = false;
    stage.addEventListener('pointermove', (event) => this.follow(event));
    stage.addEventListener('pointerleave', () => this.editing || this.point(null));
    stage.addEventListener('click', (event) => this.pick(event), true); // before the unit that a bias stands on
    this.field.addEventListener('change', () => this.submit());
    this.field.addEventListener('keydown', (event) => event.key === 'Enter' && this.close());
    this.field.addEventListener('blur', () => this.close());
  }

  /** @param {MouseEvent} event */
  under(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const onUnit = target.matches('.unit');
    if (!onUnit && !target.matches('canvas, .stage')) return null;
    const box = this.stage.getBoundingClientRect();
    const found = this.actions.at(event.clientX - box.left, event.clientY - box.top);
    return onUnit && found?.source !== null ? null : found;
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (this.editing) return;
    this.point(this.under(event));
    const box = this.stage.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + OFFSET, box.width - this.element.offsetWidth - 4);
    this.element.style.left = `${x}px`;
    this.element.style.top = `${event.clientY - box.top + OFFSET}px`;
  }

  /** @param {Parameter | null} parameter */
  point(parameter) {
    if (JSON.stringify(parameter) === JSON.stringify(this.parameter)) return;
    this.parameter = parameter;
    this.stage.classList.toggle('on-link', parameter !== null);
    this.actions.hover(parameter);
  }

  /** @param {PointerEvent | MouseEvent} event */
  pick(event) {
    const parameter = this.under(event);
    if (this.editing || !parameter) return;
    event.stopPropagation();
    this.follow(/** @type {PointerEvent} */ (event));
    this.editing = true;
    this.field.hidden = false;
    this.field.value = String(this.exact ?? 0);
    this.value.hidden = true;
    this.element.classList.add('open');
    this.element.hidden = false;
    this.field.select();
    this.field.focus();
  }

  submit() {
    const value = this.field.valueAsNumber;
    if (this.parameter && Number.isFinite(value)) this.actions.set(this.parameter, value);
  }

  /** Put the card away; returns whether it was open. */
  close() {
    if (!this.editing) return false;
    this.editing = false;
    this.field.hidden = true;
    this.value.hidden = false;
    this.element.classList.remove('open');
    this.point(null);
    return true;
  }

  /**
   * Show the present value.
   * @param {Float64Array} theta
   * @param {number[]} shape
   */
  show(theta, shape) {
    this.element.hidden = !this.parameter;
    if (!this.parameter) return;
    this.exact = theta[placeInTheta(shape, this.parameter)];
    this.name.textContent = this.parameter.source === null ? 'b' : 'w';
    this.value.textContent = `= ${shortNumber(this.exact)}`;
  }
}
