// The progress of a sweep, and the time that is left, estimated from its speed while the page watches.

import { countsText, durationText } from './scale.js';

const MEMORY = 30_000, LEAST = 2_000; // milliseconds that a rate is measured over, at most and at least

/** @typedef {import('./gridcells.js').Sweep} Sweep */

/** The work that is done, in whole runs. @param {Sweep} sweep */
export function doneOf({ runs, epochs }) {
  const parts = runs.map(({ status, progress }) =>
    (status === 'queued' || status === 'running' ? progress.epoch / epochs : 1));
  return parts.reduce((sum, part) => sum + part, 0);
}

export class Progress {
  #root;
  /** @type {{ time: number, done: number }[]} */
  #seen = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {Sweep} sweep */
  show(sweep) {
    const { runs, status } = sweep, done = doneOf(sweep), percent = Math.floor((100 * done) / runs.length);
    const bar = /** @type {HTMLElement} */ (this.#root.querySelector('[role=progressbar]'));
    const left = status === 'running' ? this.#secondsLeft(done, runs.length) : null;
    bar.style.setProperty('--done', String(done / runs.length));
    bar.setAttribute('aria-valuenow', String(percent));
    this.#root.classList.toggle('ended', status === 'ended');
    const text = /** @type {HTMLElement} */ (this.#root.querySelector('p'));
    text.textContent = `${left === null ? '' : `${durationText(left)} left · `}${countsText(runs)}`;
    text.title = text.textContent;
  }

  /** @param {number} done @param {number} all */
  #secondsLeft(done, all) {
    const time = performance.now();
    this.#seen = [...this.#seen.filter((one) => one.time > time - MEMORY && one.done <= done), { time, done }];
    const [first] = this.#seen;
    if (time - first.time < LEAST || done === first.done) return null;
    return ((all - done) / (done - first.done)) * ((time - first.time) / 1000);
  }
}
