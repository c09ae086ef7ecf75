// Writes the numbers of the run: epoch, losses, scores, how fast it goes, and the tab's title.

import { epochText, percent, perSecond, shortNumber } from './numbers.js';

const PERIOD = 500; // milliseconds over which the speed is measured
const WORST = -99; // below it an R squared says no more than that it is bad
const ANNOUNCED = 5000; // milliseconds between two announcements while it trains

/**
 * @typedef {import('./state.js').Ready} Ready
 * @typedef {import('./frames.js').Frame} Frame
 */

/** @param {string} id @returns {HTMLElement} */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Readings {
  constructor() {
    /** @type {{ time: number, epoch: number, updates: number } | null} */
    this.mark = null;
    this.announcedAt = 0;
    this.announcedEpoch = -1;
  }

  /** @param {Ready} state */
  render({ frame, data, config, playing }) {
    const regression = config.problem === 'regression';
    write('score-label', regression ? 'R²' : 'Accuracy');
    const score = regression ? (/** @type {number} */ value) => (Number.isNaN(value) ? '–' : value < WORST ? `< ${shortNumber(WORST)}` : shortNumber(value)) : percent;
    write('epoch', epochText(frame?.epoch ?? 0));
    write('test-loss', frame && data.test.length ? shortNumber(frame.testLoss) : '–');
    write('train-loss', frame && data.train.length ? shortNumber(frame.trainLoss) : '–');
    write('test-score', frame ? score(frame.testScore) : '–');
    write('train-score', frame ? score(frame.trainScore) : '–');
    this.measure(frame, playing);
    if (frame) this.announce(frame, playing);
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

  /** Tell a screen reader the losses now and then, and where the run stops. @param {Frame} frame @param {boolean} playing */
  announce(frame, playing) {
    const now = performance.now();
    if (playing ? now < this.announcedAt + ANNOUNCED : frame.epoch === this.announcedEpoch || frame.playing) return;
    this.announcedAt = now;
    this.announcedEpoch = frame.epoch;
    write('announcer', `Epoch ${frame.epoch}, test loss ${shortNumber(frame.testLoss)}, training loss ${shortNumber(frame.trainLoss)}`);
  }

  /** The title of the tab. @param {Frame | null} frame @param {boolean} playing */
  title(frame, playing) {
    document.title = `${playing ? '▶ ' : ''}${frame ? `${frame.testLoss.toFixed(3)} - ` : ''}Playground`;
  }
}

/** @param {string} id @param {string} text */
function write(id, text) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
}
