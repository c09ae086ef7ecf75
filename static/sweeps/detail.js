// One run in numbers: the one pointed at, else the best; and what each value comes to on the average.

import { percent } from '../draw/numbers.js';
import { bestValue } from './objective.js';
import { meansOf } from './gridcells.js';
import { measureText, statusWord } from './scale.js';

const MEASURES = { validation_loss: 'Validation loss', test_loss: 'Test loss', train_loss: 'Training loss' };

/**
 * @typedef {import('./objective.js').Run} Run @typedef {import('./gridcells.js').Knob} Knob
 * @typedef {import('./objective.js').Objective} Objective @typedef {import('./scale.js').Scale} Scale
 */

export class Detail {
  #root;

  /** @param {HTMLElement} root @param {() => void} onClose */
  constructor(root, onClose) {
    this.#root = root;
    root.innerHTML = `<div class="title"><h2 id="detail-title"></h2><button type="button" class="quiet"></button></div>
<div class="body"><div class="picture"><canvas width="1" height="1" aria-hidden="true"></canvas></div>
<dl class="numbers"></dl></div><p class="why"></p><p class="chosen"></p><dl class="values"></dl><a class="go">Open in the playground</a>`;
    this.#find('button').addEventListener('click', onClose);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** The canvas for the run's picture. */
  get canvas() {
    return /** @type {HTMLCanvasElement} */ (this.#find('canvas'));
  }

  /**
   * @param {Run | undefined} run none where there is nothing to tell yet
   * @param {{ pointed: boolean, epochs: number, regression: boolean, objective: Objective, values: [string, string][] }} about whether
   *   it is pointed at, what is learnt, what it is compared by, and its values in words
   */
  show(run, { pointed, epochs, regression, objective, values }) {
    this.#root.hidden = !run;
    this.#root.classList.toggle('open', pointed); // on a phone it is a sheet
    if (!run) return;
    const { progress, status, reason } = run;
    this.#find('h2').textContent = pointed ? 'This run' : 'The best run';
    const button = this.#find('button');
    button.textContent = 'Back to the best';
    button.hidden = !pointed;
    this.#find('.numbers').replaceChildren(...pairs([
      ...measuresOf(run, regression, objective),
      ['Epochs', `${progress.epoch.toLocaleString('en')} of ${epochs.toLocaleString('en')}`],
      ['Seconds', progress.seconds.toFixed(2)],
    ]));
    this.#find('.why').textContent = reason ?? `This run is ${statusWord(run)}.`;
    this.#find('.chosen').textContent = pointed ? '' : objective.note;
    this.#find('.values').replaceChildren(...pairs(values));
    /** @type {HTMLAnchorElement} */ (this.#find('.go')).href = `/api/v1/runs/${run.id}/page`;
  }
}

/**
 * The losses and scores of a run, first the one that it is compared by.
 * @param {Run} run @param {boolean} regression @param {Objective} objective
 */
function measuresOf(run, regression, { measure }) {
  const { progress, status } = run, part = measure.split('_')[0], score = part === 'validation' ? progress.validation_score : progress.test_score;
  const losses = Object.entries(MEASURES).map(([name, label]) => [name, label, progress[/** @type {'test_loss'} */ (name)]])
    .filter(([name, , value]) => name !== 'validation_loss' || value !== null)
    .map(([name, label, value]) => [String(name), String(label), measureText(/** @type {number | null} */ (value)), String(value ?? '')]);
  const scores = [[`${part}_score`, regression ? 'R²' : 'Accuracy', regression ? measureText(score) : percent(score ?? NaN), String(score ?? '')]];
  const rows = [...losses, ...scores].sort((a, b) => Number(b[0] === measure) - Number(a[0] === measure));
  const shown = status === 'failed' ? rows.map(([name, label], i) => [name, label, i ? '–' : statusWord(run), '']) : rows;
  return shown.map(([, ...cells]) => cells);
}

/** @param {string[][]} all term, description and, where it says more, a title */
function pairs(all) {
  return all.map(([term, description, title = '']) => {
    const pair = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = term;
    dd.textContent = description;
    if (title) dd.title = title;
    pair.append(dt, dd);
    return pair;
  });
}

/**
 * A table for each knob: the mean and the best with each of its values, over all others.
 * @param {HTMLElement} root @param {Knob[]} knobs @param {Run[]} runs @param {Scale | null} scale @param {Objective} objective
 */
export function showMeans(root, knobs, runs, scale, objective) {
  const tables = knobs.filter(({ key }) => key !== 'seed').map((knob) => meansTable(knob, runs, scale, objective));
  root.hidden = !tables.length || !scale;
  const title = Object.assign(document.createElement('h2'), { textContent: `Mean ${objective.label}` });
  root.replaceChildren(title, ...tables);
}

/** @param {Knob} knob @param {Run[]} runs @param {Scale | null} scale @param {Objective} objective */
function meansTable(knob, runs, scale, objective) {
  const means = meansOf(knob, runs, objective), table = document.createElement('table');
  const first = bestValue(means.map(({ mean }) => mean).filter((mean) => mean !== null), objective);
  const head = table.createTHead().insertRow();
  for (const name of [knob.label, 'mean', objective.maximizes ? 'highest' : 'lowest', 'runs']) {
    head.append(Object.assign(document.createElement('th'), { scope: 'col', textContent: name }));
  }
  const body = table.createTBody();
  for (const { value, mean, best, runs: count, failed } of means) {
    const row = body.insertRow(), isBest = mean !== null && mean === first;
    row.className = isBest ? 'best' : '';
    row.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: value }));
    const cell = row.insertCell();
    cell.textContent = measureText(mean);
    if (mean !== null && scale) {
      cell.className = 'tinted';
      cell.style.setProperty('--worse', scale.at(mean).toFixed(2));
    }
    row.insertCell().textContent = measureText(best);
    row.insertCell().textContent = failed ? `${count} + ${failed} diverged` : String(count);
  }
  return table;
}
