// A menu for the activation of each hidden layer, each beside its curve and slope; and the output's curve.

import { drawActivation } from './activationcurve.js';
import { hiddenActivations, layerChange, shownIn } from '../state/fields.js';
import { fitted } from '../draw/maps.js';

export class LayerActivations {
  /**
   * @param {HTMLElement} sheet
   * @param {any} facts of the server
   * @param {(set: Record<string, any>) => void} change
   * @param {() => Record<string, any> | null} config as it is now
   */
  constructor(sheet, facts, change, config) {
    this.rows = /** @type {HTMLElement} */ (sheet.querySelector('.layer-activations'));
    this.output = /** @type {HTMLCanvasElement} */ (sheet.querySelector('[data-setting=outputActivation] canvas'));
    this.template = /** @type {HTMLTemplateElement} */ (sheet.querySelector('.layer-activation'));
    this.facts = facts;
    this.rows.addEventListener('change', ({ target }) => {
      const { value, dataset } = /** @type {HTMLSelectElement} */ (target), now = config();
      if (now) change(layerChange(now, Number(dataset.layer), value));
    });
  }

  /** @param {Record<string, any>} config @param {Record<string, string>} theme */
  render(config, theme) {
    const names = hiddenActivations(config), { activations, outputs } = this.facts;
    if (this.rows.children.length !== names.length) this.build(names.length);
    names.forEach((name, layer) => {
      const row = this.rows.children[layer], select = /** @type {HTMLSelectElement} */ (row.querySelector('select'));
      if (select.value !== name) select.value = name;
      draw(/** @type {HTMLCanvasElement} */ (row.querySelector('canvas')), activations[name], theme);
    });
    draw(this.output, outputs[shownIn('outputActivation', config, this.facts)], theme);
  }

  /** @param {number} layers */
  build(layers) {
    this.rows.replaceChildren(...Array.from({ length: layers }, (_, layer) => {
      const row = /** @type {HTMLElement} */ (this.template.content.firstElementChild?.cloneNode(true));
      const select = /** @type {HTMLSelectElement} */ (row.querySelector('select'));
      const label = /** @type {HTMLLabelElement} */ (row.querySelector('label'));
      select.dataset.layer = String(layer);
      select.id = label.htmlFor = `setting-layer-${layer}`;
      label.textContent = `Layer ${layer + 1}`;
      return row;
    }));
  }
}

/** @param {HTMLCanvasElement} canvas @param {{ values: number[], slopes: number[] }} curve @param {Record<string, string>} theme */
function draw(canvas, { values, slopes }, theme) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width) drawActivation(fitted(canvas, width, height), { values, slopes, at: null, theme }, width, height);
}
