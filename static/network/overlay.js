// The parts of the network that can be pressed: real elements laid over the canvas.

import { className, classTitle } from '../state/classes.js';
import { PORT } from './geometry.js';

const NAME_GAP = 18; // pixels from an output's square to the name of its class

/**
 * @typedef {import('./geometry.js').Geometry} Geometry
 * @typedef {object} Actions
 * @property {(change: (hidden: number[]) => number[]) => void} reshape
 * @property {(unit: [number, number] | null) => void} hover
 * @property {(unit: [number, number], byKeyboard: boolean) => void} pick
 */

export class Overlay {
  /**
   * @param {HTMLElement} stage
   * @param {{ layers: number, units: number }} limits
   * @param {Actions} actions
   */
  constructor(stage, limits, actions) {
    this.features = /** @type {HTMLElement[]} */ ([...stage.querySelectorAll('.feature')]);
    this.layers = /** @type {HTMLElement} */ (stage.querySelector('.layers'));
    this.title = /** @type {HTMLElement} */ (stage.querySelector('.layers-title'));
    this.count = /** @type {HTMLElement} */ (stage.querySelector('#layers-count'));
    this.fewer = /** @type {HTMLButtonElement} */ (stage.querySelector('#fewer-layers'));
    this.more = /** @type {HTMLButtonElement} */ (stage.querySelector('#more-layers'));
    this.limits = limits;
    this.actions = actions;
    /** @type {number[]} */
    this.hidden = [];
    this.outputs = 1;
    this.fewer.addEventListener('click', () => actions.reshape((hidden) => hidden.slice(0, -1)));
    this.more.addEventListener('click', () => actions.reshape((hidden) => [...hidden, hidden.length ? 2 : 4].slice(0, limits.layers)));
  }

  /**
   * Place everything; elements are made anew only when the shape has changed.
   * @param {Geometry} geometry
   * @param {number[]} hidden
   * @param {number} outputs
   */
  place(geometry, hidden, outputs) {
    this.features.forEach((feature, i) => move(feature, geometry.features[i].x, geometry.features[i].y, geometry.size));
    if (String([hidden, outputs]) !== String([this.hidden, this.outputs]) || !this.built) this.build(hidden, outputs);
    this.layers.classList.toggle('crowded', geometry.crowded);
    geometry.layers.forEach((places, layer) => {
      const [head, ...units] = /** @type {HTMLElement[]} */ ([...this.layers.children[layer].children]);
      head.style.left = `${places[0].x + geometry.size / 2}px`;
      units.forEach((unit, i) => move(unit, places[i].x, places[i].y, geometry.size));
    });
    this.placeOutputs(geometry);
    const [{ x: last }] = geometry.outputs, first = geometry.layers[0]?.[0].x ?? geometry.left;
    this.title.style.left = `${(first + last) / 2}px`;
  }

  /** @param {Geometry} geometry */
  placeOutputs({ outputs, size, joined }) {
    const output = /** @type {HTMLElement} */ (this.layers.lastElementChild);
    if (outputs.length === 1) {
      move(output, outputs[0].x - (joined ? PORT : 0), outputs[0].y, size);
      if (joined) output.style.width = `${2 * PORT}px`;
      return;
    }
    const parts = /** @type {HTMLElement[]} */ ([...output.children]);
    outputs.forEach(({ x, y }, unit) => {
      const [square, name] = parts.slice(2 * unit);
      move(square, x, y, size);
      name.style.left = `${x + size + NAME_GAP}px`;
      name.style.top = `${y + size / 2}px`;
    });
  }

  /** @param {number[]} hidden @param {number} outputs */
  build(hidden, outputs) {
    const focused = document.activeElement?.getAttribute('data-key');
    [this.hidden, this.outputs] = [hidden, outputs];
    this.built = true;
    const output = outputs > 1 ? this.classes(hidden.length, outputs) : this.unit(hidden.length, 0, 'Output unit: show its numbers');
    this.layers.replaceChildren(...hidden.map((count, layer) => this.column(layer, count)), output);
    this.count.textContent = `${hidden.length} hidden layer${hidden.length === 1 ? '' : 's'}`;
    this.fewer.disabled = hidden.length === 0;
    this.more.disabled = hidden.length >= this.limits.layers;
    if (focused) /** @type {HTMLElement | null} */ (this.layers.querySelector(`[data-key="${focused}"]`))?.focus();
  }

  /** @param {number} layer @param {number} count */
  column(layer, count) {
    const column = document.createElement('div');
    column.setAttribute('role', 'group');
    column.setAttribute('aria-label', `Hidden layer ${layer + 1}`);
    const head = document.createElement('div');
    head.className = 'layer-head';
    const { units: most } = this.limits;
    const resize = (/** @type {number} */ by) =>
      this.actions.reshape((hidden) => hidden.map((n, l) => (l === layer ? Math.min(Math.max(n + by, 1), most) : n)));
    const fewer = button('−', `Remove a unit from layer ${layer + 1}`, `fewer-${layer}`, () => resize(-1));
    const more = button('+', `Add a unit to layer ${layer + 1}`, `more-${layer}`, () => resize(1));
    fewer.className = more.className = 'small';
    fewer.disabled = count <= 1;
    more.disabled = count >= most;
    const number = document.createElement('span');
    number.textContent = String(count);
    head.append(fewer, number, more);
    column.append(head, ...Array.from({ length: count }, (_, unit) => this.unit(layer, unit)));
    return column;
  }

  /** An output for each class, and its name. @param {number} layer @param {number} count */
  classes(layer, count) {
    const column = document.createElement('div');
    column.setAttribute('role', 'group');
    column.setAttribute('aria-label', 'Outputs');
    column.append(...Array.from({ length: count }, (_, unit) => {
      const name = document.createElement('span');
      name.className = 'class-name';
      name.textContent = classTitle(unit);
      return [this.unit(layer, unit, `Output unit of ${className(unit)}: show it large`), name];
    }).flat());
    return column;
  }

  /** @param {number} layer @param {number} unit @param {string} label */
  unit(layer, unit, label = `Unit ${unit + 1} of layer ${layer + 1}: show it large`) {
    const { hover, pick } = this.actions;
    const element = button('', label, `unit-${layer}-${unit}`, () => {});
    element.addEventListener('click', ({ detail }) => pick([layer, unit], detail === 0));
    element.className = 'unit';
    element.addEventListener('pointerenter', ({ pointerType }) => pointerType === 'mouse' && hover([layer, unit]));
    element.addEventListener('pointerleave', () => hover(null));
    element.addEventListener('focus', () => element.matches(':focus-visible') && hover([layer, unit]));
    element.addEventListener('blur', () => hover(null));
    return element;
  }
}

/** @param {string} text @param {string} label @param {string} key @param {() => void} press */
function button(text, label, key, press) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.setAttribute('aria-label', label);
  element.dataset.key = key;
  element.addEventListener('click', press);
  return element;
}

/** @param {HTMLElement} element @param {number} x @param {number} y @param {number} size */
function move(element, x, y, size) {
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = element.style.height = `${size}px`;
}
