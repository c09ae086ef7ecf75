// The dialog of experiments: restarts from other first weights, or several values of a knob, trained side by side and shown
// while they train. Pressing a run adopts it.

import { axesOf, drawCurves, nearestCurve } from './curves.js';
import { byLoss, lossOf, USUAL_RULE, withRule } from '../state/gallery.js';
import { GallerySetup } from './setup.js';
import { GalleryTiles } from './tiles.js';
import { fitted } from '../draw/maps.js';
import { numberIn } from '../controls/numberfield.js';
import { shortNumber } from '../draw/numbers.js';
import { isReady } from '../state/state.js';

const TESTED = 'Judged by the test: to keep it honest, let some points validate (More).';
const TITLES = { restarts: 'Restarts', compare: 'Compare' };

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('../state/gallery.js').Gallery} Shown
 * @typedef {object} Actions
 * @property {(message: { type: string, [field: string]: unknown }, refused: (words: string) => void) => void} ask
 * @property {(member: number) => void} adopt @property {() => void} leave @property {(playing: boolean) => void} play
 * @property {(gallery: Shown) => void} judge the runs by another rule
 */

export class Gallery {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {any} facts of the server
   * @param {Actions} actions
   */
  constructor(dialog, facts, actions) {
    /** @param {string} selector @returns {any} */
    const find = (selector) => dialog.querySelector(selector);
    this.dialog = dialog;
    this.actions = actions;
    this.rule = USUAL_RULE;
    this.kind = /** @type {'restarts' | 'compare'} */ ('restarts');
    this.sorted = false;
    this.log = false;
    /** @type {number | null} the member under the pointer */
    this.marked = null;
    /** @type {Shown | null} */
    this.gallery = null;
    /** @type {number[]} */
    this.order = [];
    this.parts = {
      results: find('.gallery-results'), empty: find('.gallery-empty'), words: find('.gallery-words'), epoch: find('.gallery-epoch'),
      share: find('.gallery-share'), losses: find('.gallery-losses'), done: find('.gallery-done'), play: find('.gallery-play'),
      sort: find('.gallery-sort'), log: find('.gallery-log'), score: find('.gallery-by'), limit: find('.gallery-limit'), unit: find('.gallery-unit'),
      progress: find('progress'), plot: find('.gallery-plot'), canvas: find('.gallery-plot canvas'), scoreName: find('.gallery-score-name'),
      chosen: find('.gallery-chosen'),
    };
    this.tabs = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll('[data-turn]')]);
    this.setup = new GallerySetup(find('.gallery-setup'), facts, (message) => this.begin(message));
    this.tiles = new GalleryTiles(find('.gallery-list'), { adopt: (member) => actions.adopt(member), mark: (member) => this.mark(member) });
    this.bind();
  }

  bind() {
    const { dialog, parts } = this;
    for (const tab of this.tabs) tab.addEventListener('click', () => this.choose(/** @type {any} */ (tab.dataset.turn)));
    dialog.addEventListener('keydown', (event) => event.stopPropagation()); // the page's own keys rest
    dialog.addEventListener('close', () => this.gallery && this.actions.leave());
    parts.play.addEventListener('click', () => this.actions.play(!this.gallery?.playing));
    parts.sort.addEventListener('click', () => this.sort(!this.sorted));
    parts.log.addEventListener('click', () => {
      this.log = !this.log;
      parts.log.setAttribute('aria-pressed', String(this.log));
      this.draw();
    });
    for (const input of [parts.score, parts.limit]) input.addEventListener('change', () => this.judge(input === parts.score));
    parts.plot.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => this.mark(this.curveAt(event)));
    parts.plot.addEventListener('pointerleave', () => this.mark(null));
    parts.plot.addEventListener('click', (/** @type {PointerEvent} */ event) => {
      const member = this.curveAt(event);
      if (member !== null) this.actions.adopt(member);
    });
  }

  /** @param {'restarts' | 'compare'} kind @param {State} state */
  open(kind, state) {
    if (!isReady(state)) return;
    this.state = state;
    this.choose(kind);
    if (!this.dialog.open) this.dialog.showModal();
    this.setup.start.focus();
  }

  /** @param {'restarts' | 'compare'} kind */
  choose(kind) {
    if (this.gallery && this.gallery.kind !== kind) this.actions.leave();
    this.kind = kind;
    this.say('');
    this.dialog.dataset.kind = kind;
    for (const tab of this.tabs) tab.setAttribute('aria-pressed', String(tab.dataset.turn === kind));
    this.dialog.setAttribute('aria-label', TITLES[kind]);
    const { state } = this;
    if (!state || !isReady(state)) return;
    this.setup.open(kind, state.config, state.data.train.length);
    if (this.gallery?.kind !== kind && !state.lost && state.data.train.length) this.setup.form.requestSubmit(); // with what stands in its fields
  }

  /** @param {{ type: string, [field: string]: unknown }} message */
  begin(message) {
    this.say('');
    this.parts.done.textContent = '';
    this.sorted = false;
    this.marked = null;
    this.actions.ask(message, (words) => this.say(words));
  }

  /** @param {string} words */
  say(words) {
    this.parts.words.textContent = words;
    this.parts.words.hidden = !words;
  }

  // --- what the person does with the runs ---------------------------------------------------------------------------

  /** @param {number | null} member */
  mark(member) {
    if (member === this.marked) return;
    this.marked = member;
    this.tiles.mark(member);
    this.draw();
  }

  /** @param {boolean} sorted */
  sort(sorted) {
    this.sorted = sorted;
    if (this.gallery) this.order = sorted ? byLoss(this.gallery) : this.gallery.labels.map((_, i) => i);
    if (this.state) this.show(this.state);
  }

  /** Judge the runs by what stands in the fields. @param {boolean} other whether a score has become a loss, or a loss a score */
  judge(other) {
    const { score, limit } = this.parts, isScore = score.value === 'score';
    if (other) limit.value = isScore ? '95' : '0.01';
    try {
      const value = numberIn(limit);
      this.rule = { score: isScore, limit: isScore ? value / 100 : value };
    } catch (error) {
      return this.say(/** @type {Error} */ (error).message);
    }
    this.say('');
    this.parts.unit.textContent = isScore ? '%' : '';
    if (this.gallery) this.actions.judge(withRule(this.gallery, this.rule));
  }

  /** The member whose curve is under the pointer. @param {PointerEvent} event */
  curveAt({ clientX, clientY }) {
    if (!this.gallery) return null;
    const { left, top, width, height } = this.parts.plot.getBoundingClientRect();
    return nearestCurve(this.gallery, axesOf(this.gallery, this.log, width, height), clientX - left, clientY - top);
  }

  // --- showing ------------------------------------------------------------------------------------------------------

  /** @param {State} state @param {Set<keyof State>} changed @param {any} colors */
  render(state, changed, colors) {
    this.state = state;
    this.colors = colors;
    const { gallery } = state, before = this.gallery;
    this.gallery = gallery;
    if (before && !gallery && this.dialog.open && !this.leaving(before)) this.dialog.close();
    if (!this.dialog.open && gallery) this.open(gallery.kind, state); // back after a lost connection
    if (!this.dialog.open || !['gallery', 'theme', 'size', 'lost'].some((key) => changed.has(/** @type {any} */ (key)))) return;
    if (gallery && gallery.number !== before?.number) {
      this.sort(false);
      if (gallery.rule !== this.rule) this.actions.judge(withRule(gallery, this.rule));
    }
    if (gallery?.done && !(before?.done && before.number === gallery.number)) this.end(gallery);
    this.show(state);
  }

  /** Whether the person has turned to experiments of another kind. @param {Shown} before */
  leaving(before) {
    return before.kind !== this.kind;
  }

  /** All have ended. @param {Shown} gallery */
  end(gallery) {
    if (this.sorted) this.order = byLoss(gallery);
    this.parts.done.textContent = `All ${gallery.labels.length} runs have ended. ${this.shareOf(gallery)}`;
  }

  /** @param {Shown} gallery */
  shareOf({ members, kind }) {
    const solved = members.filter((run) => run.solved).length;
    return kind === 'restarts' ? `${solved} of ${members.length} solved (${Math.round((100 * solved) / Math.max(1, members.length))} %)` : `${solved} of ${members.length} solved`;
  }

  /** @param {State} state */
  show(state) {
    const { gallery, parts } = this;
    parts.results.hidden = !gallery;
    parts.empty.hidden = Boolean(gallery);
    parts.scoreName.textContent = state.config?.problem === 'regression' ? 'R² at least' : 'accuracy at least';
    if (state.lost) this.say('The connection is lost; the runs rest until it is back.');
    else if (parts.words.textContent.startsWith('The connection')) this.say('');
    if (!gallery) return;
    const running = gallery.playing && !gallery.done;
    parts.play.disabled = gallery.done;
    parts.play.textContent = running || gallery.done ? 'Pause' : 'Go on';
    parts.sort.setAttribute('aria-pressed', String(this.sorted));
    parts.progress.max = gallery.epochs;
    parts.progress.value = gallery.epoch;
    parts.epoch.textContent = `epoch ${gallery.epoch.toLocaleString('en')} of ${gallery.epochs.toLocaleString('en')}`;
    if (!gallery.done) parts.done.textContent = '';
    parts.share.textContent = gallery.members.length ? this.shareOf(gallery) : '';
    parts.losses.textContent = lossesText(gallery);
    parts.chosen.textContent = gallery.part === 'test' ? TESTED : '';
    this.tiles.render(gallery, this.order, this.colors, Boolean(state.config?.discretize));
    this.draw();
  }

  draw() {
    const { gallery, parts: { canvas, plot } } = this;
    if (!gallery || !this.colors) return;
    const { clientWidth: width, clientHeight: height } = plot;
    if (!width || !height) return;
    drawCurves(fitted(canvas, width, height), gallery, { log: this.log, marked: this.marked, width, height, theme: this.colors.theme });
    plot.classList.toggle('over', this.marked !== null);
  }
}

/** The least and the largest loss. @param {Shown} gallery */
function lossesText({ members, part }) {
  const losses = members.filter((run) => !run.diverged).map((run) => lossOf(run, part)).filter(Number.isFinite);
  const diverged = members.filter((run) => run.diverged).length;
  const range = losses.length ? `${part === 'train' ? 'training' : part} loss ${shortNumber(Math.min(...losses))} to ${shortNumber(Math.max(...losses))}` : '';
  return [range, diverged ? `${diverged} diverged` : ''].filter(Boolean).join(', ');
}
