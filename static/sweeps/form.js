// Begins a sweep from the page: a link, up to two knobs with their values, seeds and epochs.

import { numberIn } from '../controls/numberfield.js';
import { readNumbers } from '../draw/numbers.js';

const SEPARATOR = /\s*[;,]\s*/;

/**
 * @typedef {{ label: string, values: any[], number: boolean }} Knob
 */

/** @param {HTMLFormElement} form @param {Record<string, Knob>} knobs what can be tried */
export function bindForm(form, knobs) {
  /** @param {string} selector @returns {any} */
  const find = (selector) => form.querySelector(selector);
  const words = find('.words'), rows = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('.tried')]);
  if (location.hash.length > 1) find('[name=link]').value = location.hash.slice(1);
  for (const row of rows) {
    const knob = /** @type {HTMLSelectElement} */ (row.querySelector('select')), values = /** @type {HTMLInputElement} */ (row.querySelector('input'));
    const offer = () => {
      values.disabled = !knob.value;
      values.value = knob.value ? knobs[knob.value].values.join(', ') : '';
    };
    knob.append(...Object.entries(knobs).map(([name, { label }]) => new Option(label, name)));
    knob.value = row.dataset.knob ?? '';
    knob.addEventListener('change', offer);
    offer();
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      words.textContent = '';
      const seeds = numberIn(find('[name=seeds]')), epochs = numberIn(find('[name=epochs]'));
      location.assign(await begun({ link: find('[name=link]').value, grid: gridOf(rows, knobs), seeds, epochs }));
    } catch (error) {
      words.textContent = /** @type {Error} */ (error).message;
    }
  });
}

/** The values of each knob that was chosen; an Error with a sentence where they cannot be read. @param {HTMLElement[]} rows @param {Record<string, Knob>} knobs */
function gridOf(rows, knobs) {
  const chosen = rows.map((row) => [row.querySelector('select')?.value ?? '', row.querySelector('input')?.value ?? '']).filter(([name]) => name);
  return Object.fromEntries(chosen.map(([name, text]) => [name, valuesIn(text, knobs[name])]));
}

/** @param {string} text @param {Knob} knob @returns {any[]} */
function valuesIn(text, { label, values, number }) {
  try {
    if (number) return readNumbers(text, values.every(Number.isInteger));
  } catch (error) {
    throw new Error(`${label}: ${/** @type {Error} */ (error).message}`);
  }
  const isFlag = typeof values[0] === 'boolean';
  return text.split(SEPARATOR).filter(Boolean).map((value) => (isFlag && /^(true|false)$/.test(value) ? value === 'true' : value));
}

/** The address of the sweep's page; an Error with the server's sentence where it is refused. @param {object} request */
async function begun(request) {
  const response = await fetch('/api/v1/sweeps', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer.page;
}
