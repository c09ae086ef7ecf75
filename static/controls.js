// The form elements: each bound to one field of the configuration, by its name.

const RATES = ['learningRate', 'regularizationRate'];

/**
 * @typedef {Record<string, any>} Config
 * @typedef {(set: Config) => void} OnChange
 */

/** @returns {NodeListOf<HTMLInputElement>} */
const inputs = () => document.querySelectorAll('main input[name]');

/** @returns {NodeListOf<HTMLSelectElement>} */
const selects = () => document.querySelectorAll('#knobs select');

/**
 * Call back with the field and its new value whenever the person moves a control; with nothing when one is left.
 * @param {OnChange} onChange
 */
export function bindControls(onChange) {
  for (const input of inputs()) {
    const live = input.type === 'range';
    input.addEventListener(live ? 'input' : 'change', () => {
      const value = valueOf(input);
      if (value !== null) onChange({ [input.name]: value });
    });
    if (input.type === 'number') input.addEventListener('blur', () => onChange({})); // show what holds, not what was typed
  }
  for (const select of selects()) {
    select.addEventListener('change', () => {
      if (select.value === 'other') askForRate(select, onChange);
      else onChange({ [select.name]: RATES.includes(select.name) ? Number(select.value) : select.value });
    });
  }
  document.querySelector('#knobs')?.addEventListener('submit', (event) => event.preventDefault());
}

/** @param {HTMLInputElement} input */
function valueOf(input) {
  if (input.type === 'checkbox') return input.checked;
  if (input.type === 'radio') return input.value;
  const number = input.valueAsNumber;
  return Number.isFinite(number) ? number : null;
}

/**
 * Put a field to type in where the menu was, until a number is given or the person goes away.
 * @param {HTMLSelectElement} select
 * @param {OnChange} onChange
 */
function askForRate(select, onChange) {
  const field = document.createElement('input');
  field.type = 'text';
  field.inputMode = 'decimal';
  field.setAttribute('aria-label', 'Any number');
  field.placeholder = 'any number';
  let open = true;
  const done = () => {
    if (!open) return; // taking the field away blurs it, and so calls this again
    open = false;
    field.remove();
    select.hidden = false;
    const text = field.value.trim().replace(',', '.');
    onChange(text && Number.isFinite(Number(text)) ? { [select.name]: Number(text) } : {});
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') field.value = '';
    if (event.key === 'Escape' || event.key === 'Enter') done();
  });
  field.addEventListener('blur', done);
  select.hidden = true;
  select.after(field);
  field.focus();
}

/**
 * Make every control show the configuration.
 * @param {Config} config
 * @param {number} points how many train, the largest batch
 */
export function showConfig(config, points) {
  for (const input of inputs()) {
    const value = config[input.name];
    if (input.type === 'checkbox') input.checked = value;
    else if (input.type === 'radio') input.checked = input.value === value;
    else if (document.activeElement !== input || input.type === 'range') showNumber(input, value, points);
  }
  for (const select of selects()) showChoice(select, config[select.name]);
  for (const label of document.querySelectorAll('.thumbnail')) {
    /** @type {HTMLElement} */ (label).hidden = /** @type {HTMLElement} */ (label).dataset.problem !== config.problem;
  }
  for (const control of document.querySelectorAll('[data-control]')) {
    const { dataset } = /** @type {HTMLElement} */ (control);
    /** @type {HTMLElement} */ (control).hidden = config.hide.includes(dataset.control);
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {number} value
 * @param {number} points
 */
function showNumber(input, value, points) {
  if (input.name === 'batchSize') input.max = String(points);
  input.value = String(value);
}

/**
 * Choose a value in a menu; one that is not among its steps gets an entry of its own.
 * @param {HTMLSelectElement} select
 * @param {string | number} value
 */
function showChoice(select, value) {
  const text = String(value);
  select.querySelector('option.typed')?.remove();
  if (![...select.options].some((option) => option.value === text)) {
    const option = new Option(text, text);
    option.className = 'typed';
    select.add(option, 0);
  }
  select.value = text;
}
