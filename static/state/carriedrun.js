// The run as the server handed it over last: with it any other server can go on.

import { thinned } from './history.js';

const ROWS = 1000; // of losses that a server keeps

/** @typedef {import('./history.js').Row} Row */

export class CarriedRun {
  /** @type {Record<string, any> | null} */
  run = null;

  /**
   * Take what the server hands over, which leaves out what has not changed; its losses may be ahead of the frames.
   * @param {{ type: string, [field: string]: any }} message
   * @param {{ run: number, history: import('./history.js').History }} shown
   */
  take({ type, ...run }, shown) {
    this.run = { ...this.run, ...run };
    if (run.run !== shown.run) return;
    shown.history.extend(run.history.flat().map((/** @type {number | null} */ cell) => cell ?? NaN));
  }

  /**
   * The run to offer to a server that may not know it, with the losses that the page has.
   * @param {{ run: number, history: import('./history.js').History }} shown
   */
  offer(shown) {
    const { run } = this;
    if (!run) return null;
    return run.run === shown.run ? { ...run, history: fewer(shown.history.rows) } : run;
  }
}

/** As many rows as a server takes. @param {Row[]} rows */
const fewer = (rows) => {
  while (rows.length > ROWS) rows = thinned(rows);
  return rows;
};
