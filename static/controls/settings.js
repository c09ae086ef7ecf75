// The sheet of further settings: it opens beside the run, so that one sees what they do; and its button's count of those
// that are not at their defaults.

import { changedFields, usualFields } from '../state/fields.js';
import { trainSize } from '../state/state.js';
import { fieldIsHidden, isHidden } from '../state/hiding.js';
import { LayerActivations } from './layeractivations.js';
import { fitted } from '../draw/maps.js';
import { shortNumber } from '../draw/numbers.js';
import { reasonOf } from './disabled.js';
import { drawSchedule } from './schedulecurve.js';
import { isReady } from '../state/state.js';

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {(set: Record<string, any>) => void} Change
 */

/** @type {Record<string, Record<string, any>>} */
const OTHERS = { activations: { activations: [] }, initializer: { initZero: false } }; // what else a control sets

export class Settings {
  /**
   * @param {HTMLElement} sheet
   * @param {HTMLButtonElement} button that opens it
   * @param {any} facts of the server
   * @param {Change} change
   * @param {() => Record<string, any> | null} config as it is now, shown or not yet
   */
  constructor(sheet, button, facts, change, config) {
    /** @param {string} selector @returns {any} */
    const find = (selector) => sheet.querySelector(selector);
    this.sheet = sheet;
    this.button = button;
    this.badge = /** @type {HTMLElement} */ (button.querySelector('.badge'));
    this.usual = /** @type {HTMLButtonElement} */ (find('#usual'));
    this.figure = /** @type {HTMLElement} */ (find('.schedule'));
    this.canvas = /** @type {HTMLCanvasElement} */ (find('.schedule canvas'));
    this.rate = /** @type {HTMLOutputElement} */ (find('.schedule output'));
    this.rows = /** @type {HTMLElement[]} */ ([...sheet.querySelectorAll('[data-setting]')]);
    this.facts = facts;
    /** @type {string[]} the fields that the sheet is about */
    this.names = [...new Set([...sheet.querySelectorAll('[name]')].map((input) => /** @type {HTMLInputElement} */ (input).name)), 'activations'];
    /** @type {Ready | null} */
    this.state = null;
    this.layers = new LayerActivations(sheet, facts, change, config);
    button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    find('.dialog-close').addEventListener('click', () => this.close());
    find('form').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
    find('#reroll').addEventListener('click', () => change({ weightSeed: otherSeed() }));
    this.usual.addEventListener('click', () => this.state && change(this.defaults(this.state.config)));
    for (const element of [sheet, button]) element.addEventListener('keydown', (event) => this.press(event));
  }

  get isOpen() {
    return !this.sheet.hidden;
  }

  open() {
    this.sheet.hidden = false;
    this.opened();
  }

  /** Gives whether it was open. */
  close() {
    if (!this.isOpen) return false;
    if (this.sheet.contains(document.activeElement)) this.button.focus();
    this.sheet.hidden = true;
    this.opened();
    return true;
  }

  opened() {
    this.button.setAttribute('aria-expanded', String(this.isOpen));
    document.body.classList.toggle('with-settings', this.isOpen);
    if (this.state) this.render(this.state, this.theme ?? {});
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== 'Escape' || event.defaultPrevented || !this.close()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The fields that can be set here. @param {Record<string, any>} config */
  shown(config) {
    return this.names.filter((name) => !fieldIsHidden(config, name));
  }

  /** What they are when nothing was chosen. @param {Record<string, any>} config @returns {Record<string, any>} */
  defaults(config) {
    const shown = this.shown(config), usual = usualFields(config, this.facts), others = shown.flatMap((name) => Object.entries(OTHERS[name] ?? {}));
    return Object.fromEntries([...shown.map((name) => [name, usual[name]]), ...others]);
  }

  /** @param {State} state @param {Record<string, string>} theme */
  render(state, theme) {
    if (!isReady(state)) return;
    this.state = state;
    this.theme = theme;
    if (isHidden(state.config, 'settings')) this.close();
    const { length: count } = changedFields(state.config, this.facts, this.shown(state.config));
    this.badge.hidden = !count;
    this.badge.textContent = String(count);
    this.badge.setAttribute('aria-label', `${count} not at ${count === 1 ? 'its default' : 'their defaults'}`);
    this.usual.disabled = !count;
    if (!this.isOpen) return;
    for (const row of this.rows) this.showReason(row, state);
    this.layers.render(state.config, theme);
    this.showSchedule(state, theme);
  }

  /** Disable a setting that has no effect, and say why. @param {HTMLElement} row @param {Ready} state */
  showReason(row, state) {
    const { config } = state;
    const reason = reasonOf(row.dataset.setting ?? '', { config, facts: this.facts, train: trainSize(state) });
    const why = /** @type {HTMLElement} */ (row.querySelector('.why'));
    if (why.textContent === reason) return;
    why.textContent = reason;
    why.hidden = !reason;
    for (const input of row.querySelectorAll('input, select, button:not(.about)')) /** @type {HTMLInputElement} */ (input).disabled = Boolean(reason);
  }

  /** @param {Ready} state @param {Record<string, string>} theme */
  showSchedule({ frame, rates }, theme) {
    this.figure.hidden = !rates || !frame;
    if (!rates || !frame) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    drawSchedule(fitted(this.canvas, width, height), { ...rates, epoch: frame.epoch, rate: frame.rate, theme }, width, height);
    this.rate.textContent = shortNumber(frame.rate);
  }
}

/** A seed as the original writes it. */
const otherSeed = () => Math.random().toFixed(5);
