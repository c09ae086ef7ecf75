// The controls that a first visitor does not need: folded until they are asked for, and never while one of them is in force.

import { changedFields } from '../state/fields.js';
import { readStored, writeStored } from '../draw/storage.js';

const KEY = 'controls', ALL = 'all', FEW = 'few';
const FOLDED = ['regularization', 'regularizationRate', 'loss', 'showWorst']; // fields whose controls are

export class Folding {
  /**
   * @param {HTMLElement} button that folds and unfolds
   * @param {any} facts of the server
   */
  constructor(button, facts) {
    this.button = button;
    this.facts = facts;
    this.chosen = readStored(KEY);
    button.addEventListener('click', () => this.toggle());
  }

  toggle() {
    const folded = !document.body.classList.contains('folded');
    this.chosen = folded ? FEW : ALL;
    writeStored(KEY, this.chosen);
    this.show(folded);
  }

  /** @param {Record<string, any>} config */
  render(config) {
    const inForce = config.tutorial || changedFields(config, this.facts, FOLDED).length > 0;
    this.button.hidden = inForce;
    this.show(!inForce && this.chosen !== ALL);
  }

  /** @param {boolean} folded */
  show(folded) {
    document.body.classList.toggle('folded', folded);
    this.button.ariaExpanded = String(!folded);
    this.button.textContent = folded ? 'All controls' : 'Fewer';
    if (folded) /** @type {HTMLSelectElement} */ (document.getElementById('step-unit')).value = 'epoch'; // nothing hidden is in force
  }
}
