// What is shown of a sweep, and where: the knobs of rows and columns, the values of all others, kept in the address.

import { firstAxes } from './gridcells.js';

/** @typedef {import('./objective.js').Run} Run @typedef {import('./gridcells.js').Knob} Knob */

const UNKNOWN = /** @type {Knob[]} */ ([]);

export class Choices {
  #form;
  #random;
  #knobs = UNKNOWN;
  #onChange;

  /** @param {HTMLFormElement} form @param {boolean} random whether the values were drawn @param {() => void} onChange */
  constructor(form, random, onChange) {
    this.#form = form;
    this.#random = random;
    this.#onChange = onChange;
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', ({ target }) => this.#take(/** @type {HTMLSelectElement} */ (target)));
  }

  /** Offer these knobs; what the address says of them is chosen. While somebody is choosing, others wait. @param {Knob[]} knobs */
  offer(knobs) {
    const again = this.#knobs !== UNKNOWN;
    if (this.#knobs === knobs || (again && this.#form.contains(document.activeElement))) return;
    this.#knobs = knobs;
    for (const select of this.#form.querySelectorAll('select:not([name=order])')) select.parentElement?.remove();
    const axes = firstAxes(knobs), names = knobs.map(({ key, label }) => [key, label]);
    this.#add('rows', 'Rows', [['', 'one row'], ...names], axes.rows);
    this.#add('columns', 'Columns', [['', 'one column'], ...names], axes.columns);
    for (const { key, label, values } of knobs) {
      this.#add(`only-${key}`, label, [['', 'all'], ...values.map((value, i) => [String(i), value])], '');
    }
    if (!again) this.#select('order').value = this.#random ? 'loss' : 'grid';
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      const select = this.#find(name);
      if (select && [...select.options].some((option) => option.value === value)) select.value = value;
    }
    for (const select of this.#form.querySelectorAll('select')) select.dataset.first ??= select.value;
    this.#arrange();
  }

  /** Which of some runs are shown, and how. @param {Run[]} runs @returns {Omit<import('./grid.js').Arrangement, 'objective'>} */
  arrange(runs) {
    const { rows, columns, list } = this.#chosen;
    const fits = (/** @type {Run} */ { id }) => this.#knobs.every(({ key, at }) => {
      const { value } = this.#select(`only-${key}`);
      return at.has(id) && (!this.#offers(key) || value === '' || at.get(id) === Number(value));
    });
    const rest = this.#knobs.filter(({ key }) => this.#offers(key) && this.#select(`only-${key}`).value === '');
    return { rows, columns, rest, list, runs: runs.filter(fits) };
  }

  /** Whether the runs are shown as lines. */
  get asLines() {
    return this.#select('order').value === 'lines';
  }

  get #chosen() {
    const knob = (/** @type {string} */ name) => this.#knobs.find(({ key }) => key === this.#select(name).value);
    return { rows: knob('rows'), columns: knob('columns'), list: this.#select('order').value !== 'grid' };
  }

  /** Whether a knob's values can be chosen: those of rows and columns are all there. @param {string} key */
  #offers(key) {
    const { rows, columns, list } = this.#chosen;
    return list || (key !== rows?.key && key !== columns?.key);
  }

  /** @param {HTMLSelectElement} changed */
  #take(changed) {
    const [rows, columns] = [this.#select('rows'), this.#select('columns')];
    if (rows.value && rows.value === columns.value) { // they change places
      const other = changed === rows ? columns : rows, { before } = changed.dataset;
      other.value = before ?? '';
    }
    this.#arrange();
    const kept = new URLSearchParams();
    for (const { name, value, dataset } of this.#form.querySelectorAll('select')) if (value !== dataset.first) kept.set(name, value);
    history.replaceState(null, '', kept.size ? `#${kept}` : location.pathname);
    this.#onChange();
  }

  /** Offer only what has a meaning at present. */
  #arrange() {
    const { list } = this.#chosen;
    for (const select of this.#form.querySelectorAll('select')) {
      const { name } = select, only = name.startsWith('only-') ? name.slice(5) : null;
      const hidden = only === null ? list && name !== 'order' : !this.#offers(only);
      /** @type {HTMLElement} */ (select.parentElement).hidden = hidden;
      select.dataset.before = select.value;
    }
  }

  /** @param {string} name @returns {HTMLSelectElement | null} */
  #find(name) {
    return this.#form.querySelector(`[name="${CSS.escape(name)}"]`);
  }

  /** @param {string} name */
  #select(name) {
    return /** @type {HTMLSelectElement} */ (this.#find(name));
  }

  /** @param {string} name @param {string} label @param {string[][]} options value and text @param {string} value */
  #add(name, label, options, value) {
    const knob = Object.assign(document.createElement('div'), { className: 'knob' });
    const title = Object.assign(document.createElement('label'), { textContent: label, htmlFor: name });
    const select = Object.assign(document.createElement('select'), { id: name, name });
    for (const [key, text] of options) select.add(new Option(text, key));
    select.value = value;
    knob.append(title, select);
    this.#form.append(knob);
  }
}
