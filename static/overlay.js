// The parts of the network that can be pressed: real elements laid over the canvas.

/**
 * @typedef {import('./geometry.js').Geometry} Geometry
 * @typedef {object} Actions
 * @property {(shape: number[]) => void} reshape
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
    this.fewer.addEventListener('click', () => actions.reshape(this.hidden.slice(0, -1)));
    this.more.addEventListener('click', () => actions.reshape([...this.hidden, this.hidden.length ? 2 : 4]));
  }

  /**
   * Place everything; elements are made anew only when the shape has changed.
   * @param {Geometry} geometry
   * @param {number[]} hidden
   */
  place(geometry, hidden) {
    this.features.forEach((feature, i) => move(feature, geometry.features[i].x, geometry.features[i].y, geometry.size));
    if (String(hidden) !== String(this.hidden) || !this.built) this.build(hidden);
    this.layers.classList.toggle('crowded', geometry.crowded);
    geometry.layers.forEach((places, layer) => {
      const [head, ...units] = /** @type {HTMLElement[]} */ ([...this.layers.children[layer].children]);
      head.style.left = `${places[0].x + geometry.size / 2}px`;
      units.forEach((unit, i) => move(unit, places[i].x, places[i].y, geometry.size));
    });
    const first = geometry.layers[0]?.[0].x ?? geometry.output.x;
    const output = /** @type {HTMLElement} */ (this.layers.lastElementChild);
    move(output, geometry.output.x, geometry.output.y, geometry.size);
    this.title.style.left = `${(first + geometry.output.x) / 2}px`;
  }

  /** @param {number[]} hidden */
  build(hidden) {
    const focused = document.activeElement?.getAttribute('data-key');
    this.hidden = hidden;
    this.built = true;
    const output = this.unit(hidden.length, 0, 'Output unit: show its numbers');
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
    const resize = (/** @type {number} */ by) => this.actions.reshape(this.hidden.map((n, l) => (l === layer ? n + by : n)));
    const fewer = button('−', `Remove a unit from layer ${layer + 1}`, `fewer-${layer}`, () => resize(-1));
    const more = button('+', `Add a unit to layer ${layer + 1}`, `more-${layer}`, () => resize(1));
    fewer.className = more.className = 'small';
    fewer.disabled = count <= 1;
    more.disabled = count >= this.limits.units;
    const number = document.createElement('span');
    number.textContent = String(count);
    head.append(fewer, number, more);
    column.append(head, ...Array.from({ length: count }, (_, unit) => this.unit(layer, unit)));
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
