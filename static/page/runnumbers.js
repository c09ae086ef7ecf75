// Writes the numbers of the run: epoch, losses, scores, how fast it goes, and the tab's title.

import { epochText, lossText, perSecond, percent, shortNumber } from '../draw/numbers.js';
import { testIsCovered } from '../state/state.js';

const PERIOD = 500; // milliseconds over which the speed is measured
const WORST = -99; // below it an R squared says no more than that it is bad
const ANNOUNCED = 5000; // milliseconds between two announcements while it trains
const NOTHING = '–', COVERED = 'covered';

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('../wire/frames.js').Frame} Frame
 */

/** @param {string} id @returns {HTMLElement} */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class RunNumbers {
  /** @param {any} facts of the server */
  constructor(facts) {
    this.facts = facts;
    /** @type {{ time: number, epoch: number, updates: number } | null} */
    this.mark = null;
    this.announcedAt = 0;
    this.announced = ''; // the epoch and the update
    this.batch = /** @type {HTMLElement} */ (document.querySelector('.plane .batch'));
  }

  /** @param {Ready} state @param {boolean} charted whether the chart shows its losses: these never part from those */
  render(state, charted) {
    const { frame, data, playing } = state;
    write('epoch', epochText(frame?.epoch ?? 0));
    if (charted) this.showLosses(state);
    this.showValidation(data.validation.length > 0 || (Boolean(data.images) && Number.isFinite(frame?.validationLoss)));
    this.measure(frame, playing);
    this.showBatch(frame);
    if (frame) this.announce(frame, state);
  }

  /** @param {Ready} state */
  showLosses(state) {
    const { frame, data, config } = state, covered = testIsCovered(state);
    const score = config.problem === 'regression' ? rSquared : percent;
    const loss = (/** @type {number | undefined} */ value, /** @type {number[][]} */ points) =>
      (value !== undefined && (points.length || data.images) ? lossText(value) : NOTHING);
    write('score-label', this.facts.tasks[config.problem].score);
    write('test-loss', covered ? COVERED : loss(frame?.testLoss, data.test));
    write('validation-loss', loss(frame?.validationLoss, data.validation));
    write('train-loss', loss(frame?.trainLoss, data.train));
    write('test-score', frame && !covered ? score(frame.testScore) : NOTHING);
    write('validation-score', frame ? score(frame.validationScore) : NOTHING);
    write('train-score', frame ? score(frame.trainScore) : NOTHING);
    find('uncover').hidden = !covered;
    find('output').classList.toggle('covered', covered);
  }

  /** @param {boolean} validated whether any points validate */
  showValidation(validated) {
    find('output').classList.toggle('validated', validated);
    for (const part of find('output').querySelectorAll('.losses .validation')) /** @type {HTMLElement} */ (part).hidden = !validated;
  }

  /** Which batch made the last update, after a step. @param {Frame | null} frame */
  showBatch(frame) {
    this.batch.hidden = !frame?.batch.length;
    if (frame?.batch.length) this.batch.textContent = batchText(frame);
  }

  /** Epochs and updates per second. @param {Frame | null} frame @param {boolean} playing */
  measure(frame, playing) {
    const time = performance.now();
    if (!frame || !playing || (this.mark && frame.updates < this.mark.updates)) this.mark = null;
    if (!playing) [write('epoch-rate', '0'), write('update-rate', '0')];
    if (!frame || !playing) return;
    this.mark ??= { time, epoch: frame.epoch, updates: frame.updates };
    const seconds = (time - this.mark.time) / 1000;
    if (seconds * 1000 < PERIOD) return;
    write('epoch-rate', perSecond((frame.epoch - this.mark.epoch) / seconds));
    write('update-rate', perSecond((frame.updates - this.mark.updates) / seconds));
    this.mark = { time, epoch: frame.epoch, updates: frame.updates };
  }

  /** Tell a screen reader the losses now and then, and where the run stops. @param {Frame} frame @param {Ready} state */
  announce(frame, state) {
    const now = performance.now();
    if (state.playing ? now < this.announcedAt + ANNOUNCED : `${frame.epoch} ${frame.updates}` === this.announced || frame.playing) return;
    this.announcedAt = now;
    this.announced = `${frame.epoch} ${frame.updates}`;
    const test = testIsCovered(state) ? COVERED : lossText(frame.testLoss);
    const validation = state.data.validation.length ? `, validation loss ${lossText(frame.validationLoss)}` : '';
    write('announcer', `Epoch ${frame.epoch}, test loss ${test}${validation}, training loss ${lossText(frame.trainLoss)}${frame.batch.length ? `, ${batchText(frame)}` : ''}`);
  }
}

/** @param {Frame} frame */
const batchText = ({ batch, batchNumber, batches }) =>
  `batch ${batchNumber} of ${batches}: ${batch.length} ${batch.length === 1 ? 'point' : 'points'}`;

/** @param {number} value which may be far below 0, or have no meaning */
function rSquared(value) {
  if (Number.isNaN(value)) return NOTHING;
  return value < WORST ? `< ${shortNumber(WORST)}` : shortNumber(value);
}

/** @param {string} id @param {string} text */
function write(id, text) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
}
