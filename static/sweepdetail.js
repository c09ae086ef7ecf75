// One run in numbers: the one pointed at, else the best; and what each value comes to on the average.

import { exactNumber, percent } from './numbers.js';
import { lossText, statusWord } from './sweeploss.js';
import { lossOf, meansOf } from './sweepplaces.js';

/** @typedef {import('./sweepplaces.js').Run} Run @typedef {import('./sweepplaces.js').Knob} Knob */

export class Detail {
  #root;

  /** @param {HTMLElement} root @param {() => void} onClose */
  constructor(root, onClose) {
    this.#root = root;
    root.innerHTML = `<div class="title"><h2 id="detail-title"></h2><button type="button" class="quiet"></button></div>
<div class="body"><div class="picture"><canvas width="1" height="1" aria-hidden="true"></canvas></div>
<dl class="numbers"></dl></div><p class="why"></p><dl class="values"></dl><a class="go">Open in the playground</a>`;
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
   * @param {{ pointed: boolean, epochs: number, regression: boolean, values: [string, string][] }} about whether it is pointed at,
   *   what is learnt, and its values in words
   */
  show(run, { pointed, epochs, regression, values }) {
    this.#root.hidden = !run;
    this.#root.classList.toggle('open', pointed); // on a phone it is a sheet
    if (!run) return;
    const { progress, status, reason } = run, { test_score: score } = progress;
    this.#find('h2').textContent = pointed ? 'This run' : 'The best run';
    const button = this.#find('button');
    button.textContent = 'Back to the best';
    button.hidden = !pointed;
    const loss = lossOf(run), failed = status === 'failed';
    this.#find('.numbers').replaceChildren(...pairs([
      ['Test loss', failed ? statusWord(run) : lossText(loss), loss === null ? '' : exactNumber(loss)],
      ['Training loss', failed ? '–' : lossText(progress.train_loss)],
      ...(progress.validation_loss === null || failed ? [] : [['Validation loss', lossText(progress.validation_loss)]]),
      regression ? ['R²', lossText(score)] : ['Accuracy', percent(score ?? NaN)],
      ['Epochs', `${progress.epoch.toLocaleString('en')} of ${epochs.toLocaleString('en')}`],
      ['Seconds', progress.seconds.toFixed(2)],
    ]));
    this.#find('.why').textContent = reason ?? `This run is ${statusWord(run)}.`;
    this.#find('.values').replaceChildren(...pairs(values));
    /** @type {HTMLAnchorElement} */ (this.#find('.go')).href = `/api/v1/runs/${run.id}/page`;
  }
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
 * A table for each knob: the mean and the lowest test loss with each of its values, over all others.
 * @param {HTMLElement} root @param {Knob[]} knobs @param {Run[]} runs @param {import('./sweeploss.js').LossScale | null} scale
 */
export function showMeans(root, knobs, runs, scale) {
  const tables = knobs.filter(({ key }) => key !== 'seed').map((knob) => meansTable(knob, runs, scale));
  root.hidden = !tables.length || !scale;
  const title = Object.assign(document.createElement('h2'), { textContent: 'Mean test loss' });
  root.replaceChildren(title, ...tables);
}

/** @param {Knob} knob @param {Run[]} runs @param {import('./sweeploss.js').LossScale | null} scale */
function meansTable(knob, runs, scale) {
  const means = meansOf(knob, runs), table = document.createElement('table');
  const least = Math.min(...means.map(({ mean }) => mean ?? Infinity));
  const head = table.createTHead().insertRow();
  for (const name of [knob.label, 'mean', 'lowest', 'runs']) {
    head.append(Object.assign(document.createElement('th'), { scope: 'col', textContent: name }));
  }
  const body = table.createTBody();
  for (const { value, mean, best, runs: count, failed } of means) {
    const row = body.insertRow(), isBest = mean !== null && mean === least;
    row.className = isBest ? 'best' : '';
    row.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: value }));
    const cell = row.insertCell();
    cell.textContent = lossText(mean);
    if (mean !== null && scale) {
      cell.className = 'tinted';
      cell.style.setProperty('--worse', scale.at(mean).toFixed(2));
    }
    row.insertCell().textContent = lossText(best);
    row.insertCell().textContent = failed ? `${count} + ${failed} diverged` : String(count);
  }
  return table;
}
