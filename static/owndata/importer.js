// The dialog that imports points: pasted, chosen or dropped, read by the server, which says what is wrong and in which line.

import { savedRun } from './points.js';

const LINE = /\bline (\d+)/;
const MORE = /\d+ more problems? (?:was|were) found\.$/; // the server names only the first
const LARGEST = 1_000_000; // bytes of a file that can be points
/** @type {Record<string, string>} what a label may be, by problem */
const LABELS = {
  classification: 'A label is −1 or 1, or one of two names.',
  multiclass: 'A label is a whole number from 0, which is class 1, to 5, or one of up to six names.',
  regression: 'A label is any number.',
};

/**
 * @typedef {{ factor: number, offset: number }} Axis
 * @typedef {{ points: string, count: number, scale: Record<string, Axis> | null, notes: string[] }} Imported
 * @typedef {object} Actions
 * @property {(points: string, words: string, notes: string[]) => void} take
 * @property {(file: object) => void} open a saved run
 * @property {() => string} problem
 * @property {() => boolean | void} refused says so where points cannot be imported; gives false where they can
 */

export class Importer {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLElement} hint that shows while a file is dragged over the page
   * @param {Actions} actions
   */
  constructor(dialog, hint, actions) {
    this.dialog = dialog;
    this.hint = hint;
    this.actions = actions;
    /** @param {string} selector @returns {any} */
    const find = (selector) => dialog.querySelector(selector);
    this.text = /** @type {HTMLTextAreaElement} */ (find('textarea'));
    this.chooser = /** @type {HTMLInputElement} */ (find('[type=file]'));
    this.rescale = /** @type {HTMLInputElement} */ (find('[type=checkbox]'));
    this.labels = /** @type {HTMLElement} */ (find('.import-labels'));
    this.errors = /** @type {HTMLElement} */ (find('.import-errors'));
    this.submit = /** @type {HTMLButtonElement} */ (find('[type=submit]'));
    find('.dialog-foot').addEventListener('submit', (/** @type {Event} */ event) => this.send(event));
    find('[data-do=cancel]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('keydown', (event) => event.stopPropagation()); // the page's own keys rest
    this.chooser.addEventListener('change', () => this.choose());
    this.listen();
  }

  /** The page takes files wherever they land. */
  listen() {
    document.addEventListener('dragover', (event) => this.over(event));
    document.addEventListener('dragleave', (event) => event.relatedTarget || (this.hint.hidden = true));
    document.addEventListener('drop', (event) => this.drop(event));
  }

  /** Open with what was typed before. */
  show() {
    this.labels.textContent = LABELS[this.actions.problem()];
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Open with some text. @param {string} text */
  showText(text) {
    if (this.actions.refused() !== false) return;
    this.text.value = text;
    this.say([]);
    this.show();
    this.submit.focus();
  }

  // --- files ------------------------------------------------------------------------------------------------------

  /** @param {DragEvent} event */
  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.hint.hidden = false;
  }

  /** @param {DragEvent} event */
  drop(event) {
    this.hint.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    this.read(file);
  }

  choose() {
    const file = this.chooser.files?.[0];
    if (file) this.read(file);
    this.chooser.value = ''; // so that the same file can be chosen again
  }

  /** @param {File} file */
  async read(file) {
    const expected = `${file.name}: expected a text file of points (CSV or JSON), got`;
    const text = file.size <= LARGEST ? await file.text() : '';
    const run = savedRun(text);
    if (run) {
      this.dialog.close();
      return this.actions.open(run);
    }
    if (!text) return this.refuse(`${expected} ${file.size ? `${Math.round(file.size / 1e6)} MB` : 'an empty one'}.`);
    if (/[\0\uFFFD]/.test(text)) return this.refuse(`${expected} something else.`);
    this.showText(text);
  }

  /** @param {string} sentence about a file; the text in the dialog stays */
  refuse(sentence) {
    if (this.actions.refused() !== false) return;
    this.show();
    this.say([sentence]);
  }

  // --- the server -------------------------------------------------------------------------------------------------

  /** @param {Event} event */
  async send(event) {
    event.preventDefault();
    const text = this.text.value;
    const run = savedRun(text);
    if (run) {
      this.dialog.close();
      return this.actions.open(run);
    }
    this.submit.disabled = true;
    this.say([]);
    const answer = await ask(text, this.actions.problem(), this.rescale.checked);
    this.submit.disabled = false;
    if (!this.dialog.open) return; // the person thought better of it
    if ('errors' in answer) return this.say(answer.errors);
    this.text.value = '';
    this.dialog.close();
    this.actions.take(answer.points, sentence(answer), answer.notes);
  }

  /** Show what was wrong, and where. @param {string[]} errors */
  say(errors) {
    this.errors.replaceChildren(...errors.map((error) => this.item(error)));
    const line = LINE.exec(errors[0] ?? '');
    if (line) this.select(Number(line[1]));
  }

  /** @param {string} error */
  item(error) {
    const item = document.createElement('li'), line = LINE.exec(error);
    item.textContent = error;
    if (!line) return item;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = error;
    button.addEventListener('click', () => this.select(Number(line[1])));
    item.replaceChildren(button);
    return item;
  }

  /** @param {number} line of the text, from 1 on */
  select(line) {
    const lines = this.text.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.text.focus();
    this.text.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    this.text.scrollTop = (this.text.scrollHeight / lines.length) * (line - 3);
  }
}

/**
 * Have the server read points.
 * @param {string} body
 * @param {string} problem
 * @param {boolean} rescale
 * @returns {Promise<Imported | { errors: string[] }>}
 */
async function ask(body, problem, rescale) {
  try {
    const response = await fetch(`/api/v1/points?problem=${problem}&rescale=${rescale}`, { method: 'POST', body });
    const answer = await response.json();
    if (response.ok) return answer;
    const errors = (answer.errors ?? []).map((/** @type {any} */ e) => `${e.field}: expected ${e.expected}, got ${e.got}.`);
    const rest = MORE.exec(answer.detail) ?? (errors.length ? [] : [answer.detail]);
    return { errors: [...errors, ...rest] };
  } catch {
    return { errors: ['The server did not answer. Your text is still here: try again.'] };
  }
}

/** What was imported, in words. @param {Imported} imported */
function sentence({ count, scale }) {
  const axes = Object.entries(scale ?? {}).map(([name, { factor, offset }]) => `${name} = ${formula(name, factor, offset)}`);
  const words = [`${count} ${count === 1 ? 'point' : 'points'} imported.`];
  if (axes.length) words.push(`${axes.join(', ')}.`);
  return words.join(' ');
}

/** @param {string} name of the axis on the plane @param {number} factor @param {number} offset */
function formula(name, factor, offset) {
  const theirs = { x1: 'x', x2: 'y' }[name] ?? name;
  const sign = offset < 0 ? '−' : '+';
  return `${digits(factor)} ${theirs} ${sign} ${digits(Math.abs(offset))}`;
}

/** @param {number} value */
const digits = (value) => String(Number(value.toPrecision(4))).replace('-', '−');
