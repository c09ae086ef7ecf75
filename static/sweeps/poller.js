// Polls the state of a sweep: about once a second while it trains, with its ETag.

const EVERY = 1000, AGAIN = 3000; // milliseconds from answer to question, and where there was no answer

/** @typedef {import('./gridcells.js').Sweep} Sweep */

export class SweepPoller {
  #address;
  #onSweep;
  #onTrouble;
  #tag = '';
  /** @type {number | undefined} */
  #timer;
  #asking = false;
  #ended = false;

  /**
   * @param {string} id
   * @param {(sweep: Sweep) => void} onSweep
   * @param {(text: string) => void} onTrouble with a sentence, or with nothing once it is over
   */
  constructor(id, onSweep, onTrouble) {
    this.#address = `/api/v1/sweeps/${id}`;
    this.#onSweep = onSweep;
    this.#onTrouble = onTrouble;
    document.addEventListener('visibilitychange', () => this.ask());
  }

  /** Ask now, and again until all runs have ended; a hidden page asks nothing. */
  async ask() {
    clearTimeout(this.#timer);
    if (this.#asking || this.#ended || document.hidden) return;
    this.#asking = true;
    const wait = await this.#take('', { headers: this.#tag ? { 'If-None-Match': this.#tag } : {} });
    this.#asking = false;
    this.#timer = setTimeout(() => this.ask(), wait);
  }

  /** Have the runs cancelled or resumed. @param {'cancel' | 'resume'} what */
  async tell(what) {
    await this.#take(`/${what}`, { method: 'POST' });
    this.#ended = false; // to hear of what comes of it
    this.#tag = '';
    await this.ask();
  }

  /**
   * Take an answer in, and say how long to wait for the next.
   * @param {string} path @param {RequestInit} options
   */
  async #take(path, options) {
    try {
      const answer = await fetch(this.#address + path, options);
      if (answer.ok) {
        this.#tag = answer.headers.get('ETag') ?? this.#tag;
        const sweep = /** @type {Sweep} */ (await answer.json());
        this.#ended = sweep.status === 'ended';
        this.#onSweep(sweep);
      } else if (answer.status === 404) {
        this.#ended = true;
        this.#onTrouble('This sweep has been deleted.');
        return AGAIN;
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      this.#onTrouble('');
      return EVERY;
    } catch {
      this.#onTrouble('The server does not answer; trying again.');
      return AGAIN;
    }
  }
}
