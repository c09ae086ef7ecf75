// The toolbar of the drawing mode: which points, by which brush, and what to do with the strokes.

import { classTitle } from '../state/classes.js';

const TWO = [1, -1]; // the labels of two classes

/**
 * @typedef {import('./sketch.js').Brush} Brush
 * @typedef {object} Shown
 * @property {string} problem
 * @property {number} classes how many, where there are many
 * @property {number[][]} points
 * @property {boolean} undoable
 * @property {string} other the data set that one could start from, or nothing
 * @property {(label: number) => string} paint the colour of a label
 */

export class Sketchbar {
  /**
   * @param {HTMLElement} root with the tools
   * @param {Brush} brush to change
   * @param {Record<string, () => void>} acts by name: undo, clear, done, start
   */
  constructor(root, brush, acts) {
    this.brush = brush;
    /** @param {string} selector @returns {any} */
    const find = (selector) => root.querySelector(selector);
    this.tools = find('.tools');
    this.classes = find('.classes');
    this.value = find('.value');
    this.valueField = find('.value input');
    this.buttons = Object.fromEntries(Object.keys(acts).map((name) => [name, find(`[data-do=${name}]`)]));
    /** @type {HTMLElement[]} */
    this.classButtons = [];
    this.built = ''; // the problem and the labels that they are for
    this.brushButtons = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-brush]')]);
    this.radius = find('.radius');
    for (const [name, act] of Object.entries(acts)) this.buttons[name].addEventListener('click', act);
    for (const button of this.brushButtons) button.addEventListener('click', () => this.choose({ kind: button.dataset.brush }));
    this.valueField.addEventListener('input', () => this.choose({ value: this.valueField.valueAsNumber }));
    this.radius.addEventListener('input', () => this.choose({ radius: this.radius.valueAsNumber / 100 }));
  }

  /** @param {Partial<Brush>} change */
  choose(change) {
    if ('value' in change && this.brush.kind === 'eraser') this.brush.kind = 'point'; // who picks a class means to draw
    Object.assign(this.brush, change);
    if (this.shown) this.show(this.shown);
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    const { problem, points, undoable, other } = shown, { brush } = this;
    const regression = problem === 'regression';
    if (!regression) this.build(shown);
    this.tools.classList.toggle('many', problem === 'multiclass');
    this.classes.hidden = regression;
    this.value.hidden = !regression;
    if (regression) this.showValue(shown);
    else for (const button of this.classButtons) this.showClass(button, shown);
    for (const button of this.brushButtons) button.ariaPressed = String(button.dataset.brush === brush.kind);
    this.radius.disabled = brush.kind === 'point';
    this.buttons.undo.disabled = !undoable;
    this.buttons.clear.disabled = !points.length;
    this.buttons.start.hidden = !other;
    this.buttons.start.textContent = `Start from ${other}`;
  }

  /** A button for each class. @param {Shown} shown */
  build({ problem, classes }) {
    const labels = classes ? [...new Array(classes).keys()] : TWO, wanted = `${problem} ${labels}`;
    if (wanted === this.built) return;
    const goesOn = this.built.startsWith(`${problem} `) && labels.includes(this.brush.value);
    if (!goesOn) this.brush.value = labels[0];
    this.built = wanted;
    this.classButtons = labels.map((label) => this.button(label));
    this.classes.replaceChildren(...this.classButtons);
  }

  /** @param {number} label */
  button(label) {
    const button = document.createElement('button'), dot = document.createElement('i');
    button.type = 'button';
    button.dataset.value = String(label);
    dot.className = 'dot';
    button.append(dot, document.createElement('output'));
    button.addEventListener('click', () => this.choose({ value: label }));
    return button;
  }

  /** @param {HTMLElement} button @param {Shown} shown */
  showClass(button, { points, paint, classes }) {
    const value = Number(button.dataset.value);
    const count = points.filter((point) => point[2] === value).length;
    const name = classes ? classTitle(value) : `Class ${value}`.replace('-', '−');
    button.ariaPressed = String(value === this.brush.value);
    button.ariaLabel = `${name}, ${count} ${count === 1 ? 'point' : 'points'}`;
    button.title = name;
    paintDot(button, paint(value));
    /** @type {HTMLElement} */ (button.querySelector('output')).textContent = String(count);
  }

  /** @param {Shown} shown */
  showValue({ points, paint }) {
    const value = this.brush.value = Math.min(1, Math.max(-1, this.brush.value));
    this.valueField.value = value;
    paintDot(this.value, paint(value));
    this.value.querySelector('output').textContent = value.toFixed(1).replace('-', '−');
    this.value.title = `Value of new points; there are ${points.length}`;
  }
}

/** @param {HTMLElement} parent @param {string} color */
function paintDot(parent, color) {
  /** @type {HTMLElement} */ (parent.querySelector('.dot')).style.background = color;
}
