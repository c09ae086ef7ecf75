// The form elements: each bound to one field of the configuration, by its name.

import { batchKind, changeOf, shownIn } from '../state/fields.js';
import { reasonOf } from './disabled.js';
import { showControls } from '../state/hiding.js';
import { bindNumber } from './numberfield.js';

const RATES = ['learningRate', 'regularizationRate'];

/**
 * @typedef {Record<string, any>} Config
 * @typedef {(set: Config) => void} OnChange
 * @typedef {(name: string, value: any) => void} OnValue
 */

/** @returns {NodeListOf<HTMLInputElement>} */
const inputs = () => document.querySelectorAll('main input[name], #settings input[name]');

/** @returns {NodeListOf<HTMLSelectElement>} */
const selects = () => document.querySelectorAll('#knobs select, #settings select[name]');

/**
 * Call back with what changes whenever the person moves a control; with nothing when one is left.
 * @param {any} facts of the server
 * @param {() => Config | null} config as it is now
 * @param {OnChange} onChange
 * @param {(sentence: string) => void} refuse told why what was typed changes nothing
 */
export function bindControls(facts, config, onChange, refuse) {
  /** @type {OnValue} */
  const onValue = (name, value) => {
    const before = config();
    if (before) onChange(value === null ? {} : changeOf(name, value, before, facts));
  };
  for (const input of inputs()) bindInput(input, onValue, refuse);
  for (const select of selects()) {
    select.addEventListener('change', () => {
      if (select.value === 'other') askForRate(select, onValue, refuse);
      else onValue(select.name, RATES.includes(select.name) ? Number(select.value) : select.value);
    });
  }
  document.querySelector('#knobs')?.addEventListener('submit', (event) => event.preventDefault());
}

/** @param {HTMLInputElement} input @param {OnValue} onValue @param {(sentence: string) => void} refuse */
function bindInput(input, onValue, refuse) {
  const take = (/** @type {any} */ value) => onValue(input.name, value);
  if (isNumber(input)) bindNumber(input, { take, refuse });
  else input.addEventListener(input.type === 'range' ? 'input' : 'change', () => take(valueOf(input)));
  if (input.type !== 'text') return;
  input.addEventListener('blur', () => onValue(input.name, null)); // show what holds, not what was typed
  if (!isNumber(input)) input.addEventListener('keydown', (event) => event.key === 'Escape' && takeBack(input, event));
}

/** What was typed goes, before anything is closed. @param {HTMLInputElement} input @param {Event} event */
function takeBack(input, event) {
  if (input.value === input.defaultValue) return;
  input.value = input.defaultValue;
  input.select();
  event.preventDefault();
  event.stopPropagation();
}

/** @param {HTMLInputElement} input */
function valueOf(input) {
  if (input.type === 'checkbox') return input.checked;
  if (input.type === 'radio') return input.value;
  return input.type === 'text' ? input.value.trim() : input.valueAsNumber;
}

/** Whether a number is typed into it. @param {HTMLInputElement} input */
const isNumber = (input) => input.classList.contains('number');

/**
 * Put a field to type in where the menu was, until a number is given or the person goes away.
 * @param {HTMLSelectElement} select
 * @param {OnValue} onValue
 * @param {(sentence: string) => void} refuse
 */
function askForRate(select, onValue, refuse) {
  const field = document.createElement('input');
  field.type = 'text';
  field.inputMode = 'decimal';
  field.ariaLabel = select.labels?.[0].textContent ?? 'Any number';
  field.placeholder = 'any number';
  let open = true;
  const done = () => {
    if (!open) return; // taking the field away blurs it, and so calls this again
    open = false;
    const focused = document.activeElement === field;
    field.remove();
    select.hidden = false;
    if (focused) select.focus();
    onValue(select.name, null);
  };
  bindNumber(field, { take: (value) => onValue(select.name, value), refuse, close: done });
  field.addEventListener('blur', done);
  select.hidden = true;
  select.after(field);
  field.focus();
}

/**
 * Make every control show the configuration.
 * @param {Config} config
 * @param {number} points how many train, the largest batch
 * @param {any} facts of the server
 */
export function showConfig(config, points, facts) {
  for (const input of inputs()) {
    const value = shownIn(input.name, config, facts);
    if (input.type === 'checkbox') input.checked = value;
    else if (input.type === 'radio') input.checked = input.value === value;
    else if (document.activeElement !== input || input.type === 'range') showText(input, value, points);
  }
  showFitting(config, facts);
  for (const select of selects()) showChoice(select, shownIn(select.name, config, facts));
  showBatchKind(config.batchSize, points, facts);
  showReason('noise', { config, facts, train: points });
  for (const label of document.querySelectorAll('.thumbnail')) {
    /** @type {HTMLElement} */ (label).hidden = /** @type {HTMLElement} */ (label).dataset.problem !== config.problem;
  }
  showControls(config);
}

/**
 * @param {HTMLInputElement} input
 * @param {number | string} value
 * @param {number} points
 */
function showText(input, value, points) {
  if (input.name === 'batchSize') input.max = input.dataset.max = String(points);
  input.value = input.defaultValue = String(value);
}

/** Losses and outputs that do not fit the problem stand in no menu. @param {Config} config @param {any} facts */
function showFitting({ problem }, facts) {
  const { losses, outputs } = facts.tasks[problem];
  for (const [name, fitting] of /** @type {const} */ ([['loss', losses], ['outputActivation', outputs]])) {
    const select = [...selects()].find((one) => one.name === name);
    for (const option of select?.options ?? []) option.hidden = option.disabled = !fitting.includes(option.value);
  }
}

/** Disable a slider that has no effect, and say why. @param {string} name @param {import('./disabled.js').Scene} scene */
function showReason(name, scene) {
  const why = document.getElementById(`why-${name}`), reason = reasonOf(name, scene);
  if (!why || why.textContent === reason) return;
  why.textContent = reason;
  why.hidden = !reason;
  for (const input of inputs()) if (input.name === name) input.disabled = Boolean(reason);
}

/** Say what gradient descent is called with these batches. @param {number} size @param {number} points @param {any} facts */
function showBatchKind(size, points, { batchKinds }) {
  const [name, count] = document.querySelectorAll('#batch-kind span'), updates = Math.floor(points / size);
  if (!count) return;
  name.textContent = batchKinds[batchKind(size, points)];
  count.textContent = `${updates.toLocaleString('en')} update${updates === 1 ? '' : 's'}`;
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
