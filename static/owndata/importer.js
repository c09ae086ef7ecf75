// The dialog that imports points: pasted, chosen or dropped anywhere. The server reads them, and the person sees at once
// what they were taken for, and can change it.

import { decode, savedRun } from './points.js';
import { Preview } from './preview.js';

const LARGEST = 2_000_000; // bytes of a file that can be points
const PAUSE = 250; // ms after the last key until a pasted or typed text is read

/**
 * @typedef {import('./preview.js').Imported} Imported
 * @typedef {object} Actions
 * @property {(imported: Imported, words: string) => void} take
 * @property {(file: object) => void} open a saved run
 * @property {() => string} seed by which rows are drawn where there are too many
 * @property {(problem: string) => (label: number) => string} paint the colours of labels
 * @property {() => boolean} locked whether points cannot be imported
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
    this.errors = /** @type {HTMLElement} */ (find('.import-errors'));
    this.submit = /** @type {HTMLButtonElement} */ (find('[type=submit]'));
    this.preview = new Preview(find('.preview'), (choice) => this.look(this.source, choice));
    /** What is being imported. @type {Blob | string} */
    this.source = '';
    this.asked = 0; // how often the server was asked: only its newest answer is shown
    find('.dialog-foot').addEventListener('submit', (/** @type {Event} */ event) => this.finish(event));
    find('[data-do=cancel]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('keydown', (event) => event.stopPropagation()); // the page's own keys rest
    this.chooser.addEventListener('change', () => this.choose());
    this.text.addEventListener('input', () => this.typed());
    this.listen();
    this.submit.disabled = true;
  }

  /** The page takes files wherever they land. */
  listen() {
    document.addEventListener('dragover', (event) => this.over(event));
    document.addEventListener('dragleave', (event) => event.relatedTarget || (this.hint.hidden = true));
    document.addEventListener('drop', (event) => this.drop(event));
  }

  /** Open with what was there before. */
  show() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Open with some text. @param {string} text */
  showText(text) {
    if (this.actions.refused() !== false) return;
    this.text.value = text;
    this.show();
    this.look(text);
  }

  typed() {
    clearTimeout(this.pause);
    this.submit.disabled = true;
    this.pause = setTimeout(() => this.look(this.text.value), PAUSE);
  }

  // --- files ------------------------------------------------------------------------------------------------------

  /** @param {DragEvent} event */
  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault(); // else the browser would leave the page for the file
    event.dataTransfer.dropEffect = 'copy';
    this.hint.hidden = this.actions.locked();
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
    const run = file.size <= LARGEST ? savedRun(await file.text()) : null;
    if (run) {
      this.dialog.close();
      return this.actions.open(run);
    }
    if (this.actions.refused() !== false) return;
    this.text.value = '';
    this.show();
    if (file.size <= LARGEST) return this.look(file);
    this.forget();
    this.say([`${file.name}: expected at most ${LARGEST / 1e6} MB, got ${(file.size / 1e6).toFixed(1)} MB.`]);
  }

  // --- the server -------------------------------------------------------------------------------------------------

  /**
   * Have the server read a file or a text, and show what it was taken for.
   * @param {Blob | string} source
   * @param {{ columns: string, problem: string }} [choice] of the person; without it the server guesses
   */
  async look(source, choice) {
    this.source = source;
    const turn = ++this.asked;
    this.submit.disabled = true;
    const run = typeof source === 'string' ? savedRun(source) : null;
    if (run) {
      this.dialog.close();
      return this.actions.open(run);
    }
    if (!(source instanceof Blob) && !source.trim()) return this.forget();
    const answer = await ask(source, { seed: this.actions.seed(), ...choice });
    if (turn !== this.asked) return; // there is something newer
    if ('errors' in answer) {
      if (!choice) this.preview.hide(); // else the menus stay, so that the person can choose again
      return this.say(answer.errors);
    }
    this.say([]);
    this.preview.show(answer, decode(answer.points), this.actions.paint(answer.problem));
    this.submit.disabled = false;
    if (!this.dialog.contains(document.activeElement) || source instanceof Blob) this.submit.focus();
  }

  forget() {
    this.asked += 1;
    this.source = '';
    this.preview.hide();
    this.say([]);
  }

  /** @param {Event} event */
  finish(event) {
    event.preventDefault();
    const { imported } = this.preview;
    if (!imported) return;
    this.text.value = '';
    this.dialog.close();
    this.forget();
    this.actions.take(imported, sentence(imported));
  }

  /** Show what was wrong. @param {string[]} errors */
  say(errors) {
    this.errors.replaceChildren(...errors.map((error) => {
      const item = document.createElement('li');
      item.textContent = error;
      return item;
    }));
  }
}

/**
 * Have the server read points.
 * @param {Blob | string} body
 * @param {Record<string, string>} query
 * @returns {Promise<Imported | { errors: string[] }>}
 */
async function ask(body, query) {
  try {
    const response = await fetch(`/api/v1/points?${new URLSearchParams(query)}`, { method: 'POST', body });
    const answer = await response.json();
    if (response.ok) return answer;
    const errors = (answer.errors ?? []).map((/** @type {any} */ e) => `${e.field}: expected ${e.expected}, got ${e.got}.`);
    return { errors: errors.length ? errors : [answer.detail] };
  } catch {
    return { errors: ['The server did not answer. Your table is still here: try again.'] };
  }
}

/** What was imported, in words. @param {Imported} imported */
function sentence({ count, scale }) {
  const axes = Object.entries(scale).map(([name, { factor, offset }]) => `${name} = ${formula(name, factor, offset)}`);
  const words = [`${count.toLocaleString('en')} ${count === 1 ? 'point' : 'points'} imported.`];
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
