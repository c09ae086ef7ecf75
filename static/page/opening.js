// The opening of a first visit: a small network that is learning already, behind an invitation to train it oneself.

import { isReady } from '../state/state.js';
import { readStored, writeStored } from '../draw/storage.js';

const KEY = 'opening', SEEN = 'seen';
const EPOCHS = 300; // that are trained unasked, some five seconds: a class may open the page at once

/** @typedef {import('../state/state.js').State} State */

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');

export class Opening {
  /**
   * @param {HTMLElement} root
   * @param {{ togglePlay: () => void, reset: () => void }} actions
   */
  constructor(root, actions) {
    this.root = root;
    this.actions = actions;
    this.wanted = !location.hash.slice(1) && readStored(KEY) !== SEEN; // a link opens as it says
    this.running = false; // the run, unasked
    this.asking = false; // what is done is not the person's
    root.querySelector('button')?.addEventListener('click', () => this.takeOver());
  }

  /** @param {State} state */
  render(state) {
    if (!this.wanted || !isReady(state) || !state.frame) return;
    if (!suits(state.config)) this.retire();
    else if (this.root.hidden) this.begin();
    else if (this.running && (state.frame.epoch >= EPOCHS || document.hidden)) this.rest(state);
  }

  begin() {
    this.show(true);
    if (reducedMotion.matches || document.hidden) return;
    this.running = true;
    this.unasked(() => this.actions.togglePlay());
  }

  /** Stop what runs unasked. @param {State} state */
  rest({ playing }) {
    this.running = false;
    if (playing) this.unasked(() => this.actions.togglePlay());
  }

  /** From the first weights, so that one sees all of it. */
  takeOver() {
    this.retire();
    this.actions.reset();
    this.actions.togglePlay();
    document.getElementById('play')?.focus({ preventScroll: true });
  }

  /** The person has done something: what runs is theirs from here on. */
  used() {
    if (this.wanted && !this.asking && !this.root.hidden) this.retire();
  }

  retire() {
    this.wanted = this.running = false;
    writeStored(KEY, SEEN);
    this.show(false);
  }

  /** @param {boolean} shown */
  show(shown) {
    this.root.hidden = !shown;
    document.body.classList.toggle('opening', shown);
  }

  /** @param {() => void} act */
  unasked(act) {
    this.asking = true;
    act();
    this.asking = false;
  }
}

/** Whether a page is one for newcomers who can play. @param {Record<string, any>} config */
const suits = ({ hideText, compact, tutorial, hide }) => !hideText && !compact && !tutorial && !hide.includes('playButton');
