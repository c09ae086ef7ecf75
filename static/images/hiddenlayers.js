// The hidden layers of a network for images, as fields between its inputs and its outputs.

const MOST_LAYERS = 10, MOST_UNITS = 128, USUAL = 32;

export class HiddenLayers {
  /** @param {HTMLElement} place @param {(hidden: number[]) => void} change */
  constructor(place, change) {
    this.place = place;
    this.key = '';
    place.addEventListener('change', () => change(this.units));
    place.addEventListener('click', (event) => {
      const act = /** @type {HTMLElement} */ (event.target).dataset.act;
      if (act === 'more') change([...this.units, this.units.at(-1) ?? USUAL]);
      if (act === 'fewer') change(this.units.slice(0, -1));
    });
  }

  /** What the fields say, each within its bounds. @returns {number[]} */
  get units() {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.place.querySelectorAll('input'));
    return Array.from(fields, ({ value }) => Math.min(MOST_UNITS, Math.max(1, Math.round(Number(value)) || 1)));
  }

  /** @param {number[]} shape @param {number} parameters */
  render(shape, parameters) {
    const key = [shape, parameters].join();
    if (key === this.key) return;
    this.key = key;
    const hidden = shape.slice(1, -1), field = (/** @type {number} */ units, /** @type {number} */ place) => `<input type="number" min="1" max="${MOST_UNITS}" value="${units}" aria-label="Units of hidden layer ${place + 1}">`;
    this.place.innerHTML = `<span>${[shape[0].toLocaleString('en')].concat(hidden.map(field), String(shape.at(-1))).join(' → ')}</span>
      <button type="button" class="small" data-act="fewer" aria-label="Remove the last hidden layer"${hidden.length ? '' : ' disabled'}>−</button>
      <button type="button" class="small" data-act="more" aria-label="Add a hidden layer"${hidden.length < MOST_LAYERS ? '' : ' disabled'}>+</button>
      <small>${parameters.toLocaleString('en')} weights and biases</small>`;
  }
}
