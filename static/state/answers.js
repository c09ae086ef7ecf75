// Handles the server's answers: each brings the state up to date.

import { galleryOf, partOf, USUAL_RULE } from './gallery.js';
import { fieldIsHidden, isHidden } from './hiding.js';
import { History } from './history.js';
import { writeTitle } from './title.js';
import { probeIn } from './units.js';
import { shown } from './state.js';
import { hasParameter, hasUnit } from './units.js';

/** What was done to a run, by the control that did it. @type {Record<string, (answer: any) => string>} */
const DONE = {
  reset: () => 'Reset: the run is back at its first weights.',
  undo: ({ epoch }) => `Undone: the run is at epoch ${epoch}.`,
  redo: ({ epoch }) => `Redone: the run is at epoch ${epoch}.`,
  open: ({ epoch }) => `The saved run is open at epoch ${epoch}.`,
};
const STEPS = ['undo', 'redo']; // through what was changed
const KINDS = ['hello', 'applied', 'error', 'diverged', 'stopped', 'stuck', 'recovered', 'steered', 'losses'];

/**
 * @typedef {import('./state.js').State} State
 * @typedef {{ state: State, update: (patch: Partial<State>) => void }} Store
 * @typedef {{ label: string, act: () => void }} Action
 * @typedef {object} Notices where sentences are shown
 * @property {(text: string, ...actions: Action[]) => void} say for a while
 * @property {(text: string) => void} refuse until something else is done
 * @property {(topic: string, text: string, ...actions: Action[]) => void} keep until the topic is released
 * @property {(topic: string) => void} release
 * @property {(sentences: string[]) => void} note until they are read
 */

export class Answers {
  /**
   * @param {Store} store
   * @param {import('./actions.js').Actions} actions
   * @param {import('./address.js').Address} address
   * @param {Notices} notice
   * @param {() => void} showMoves what would help
   */
  constructor(store, actions, address, notice, showMoves) {
    this.showMoves = showMoves;
    this.store = store;
    this.actions = actions;
    this.address = address;
    this.notice = notice;
  }

  /** @param {any} answer of any type */
  take(answer) {
    this.actions.answered(answer.seq, answer);
    if (KINDS.includes(answer.type)) /** @type {any} */ (this)[answer.type](answer);
    if (document.hidden) writeTitle(this.store.state); // nothing else is drawn
  }

  /** @param {any} answer */
  hello(answer) {
    const { store, actions } = this;
    const sameRun = answer.resumed && answer.run === store.state.run, seen = store.state.frame?.epoch ?? 0;
    actions.loseAnswers(answer.taken);
    store.update({ session: answer.session, id: answer.id, lost: false });
    store.state.history.truncate(answer.epoch); // where another server goes on from before
    if (sameRun) store.update({ data: answer.data, layout: answer.layout });
    else this.begin(answer);
    this.settle({ ...answer, seq: actions.connection.unanswered.length ? 0 : undefined });
    if (answer.resumed) this.notice.say(resumedText(answer, sameRun ? seen - answer.epoch : 0));
    else this.say({ ...answer, standing: true });
    if (shown(store.state)) actions.select();
    if (store.state.probe) actions.send({ type: 'probe', ...store.state.probe });
    if (document.hidden) actions.setVisible(false);
  }

  /** @param {any} answer */
  applied(answer) {
    if (answer.data) {
      answer.lost = this.store.state.history.last > 0 || answer.adopted !== undefined;
      this.begin(answer);
    }
    this.settle(answer);
    this.say(answer);
  }

  /** @param {any} answer */
  error(answer) {
    if (answer.config) this.settle({ ...answer, seq: this.actions.lastChange });
    this.notice.refuse(answer.message);
  }

  /** @param {any} answer */
  diverged({ message, learningRate }) {
    const { store, actions, notice } = this;
    store.update({ playing: false });
    const tryIt = () => {
      notice.release('diverged');
      actions.send({ type: 'reset' });
      actions.change({ learningRate });
      requestAnimationFrame(() => actions.togglePlay());
    };
    const hidden = ['resetButton', 'learningRate', 'playButton'].some((control) => isHidden(store.state.config, control));
    notice.keep('diverged', message, ...(hidden ? [] : [{ label: `Start anew with ${learningRate}`, act: tryIt }]));
  }

  /** What a hidden page is told of the run, which is sent no frames. @param {any} answer */
  losses({ run, playing, epoch, trainLoss, testLoss, validationLoss }) {
    const { state: { frame, run: shown } } = this.store;
    if (!frame || run !== shown || !document.hidden) return;
    const measured = { trainLoss: trainLoss ?? NaN, testLoss: testLoss ?? NaN, validationLoss: validationLoss ?? NaN };
    this.store.update({ playing, frame: { ...frame, epoch, ...measured } });
  }

  /** Early stopping has ended the run. @param {any} answer */
  stopped({ message }) {
    this.store.update({ playing: false });
    this.notice.say(message);
  }

  /** The loss has hardly fallen for long, or falls again. @param {{ since: number | null, moves: import('./state.js').Move[] }} answer */
  stuck({ since, moves }) {
    const { store, notice } = this, { config } = store.state;
    const possible = moves.filter(({ set }) => !Object.keys(set).some((field) => fieldIsHidden(config, field)));
    store.update({ moves: possible });
    if (possible.length) notice.keep('stuck', `Stuck since epoch ${since?.toLocaleString('en')}.`, { label: 'What helps', act: this.showMoves });
    else notice.release('stuck');
  }

  /** @param {any} answer */
  recovered(answer) {
    const { store } = this;
    const { history } = store.state;
    history.truncate(answer.epoch);
    if (answer.run === store.state.run) store.update({ data: answer.data, layout: answer.layout, history });
    else this.begin(answer);
    const gone = store.state.gallery ? ' The runs beside it are gone.' : '';
    this.settle(answer);
    this.notice.say(answer.message + gone);
  }

  /** A script changed the run. @param {any} answer */
  steered(answer) {
    this.applied(answer);
  }

  /** A new run: its losses begin again. @param {any} answer */
  begin({ data, layout, run }) {
    const { store, actions, notice } = this;
    const { pinned, pointed, hovered, probe } = store.state, { shape } = layout;
    store.update({ data, layout, run, frame: null, history: new History(), uncovered: false, moves: [] });
    for (const topic of ['diverged', 'stuck']) notice.release(topic);
    if (pinned && !hasUnit(shape, pinned)) store.update({ pinned: null });
    if (pointed && !hasUnit(shape, pointed)) store.update({ pointed: null });
    if (hovered && !hasParameter(shape, hovered)) store.update({ hovered: null });
    if (probe) actions.probe(probeIn(probe, data));
  }

  /** Show what the server has, unless the person has moved on since. @param {any} answer */
  settle(answer) {
    const { store, actions, address } = this;
    const { config, link, playing, speed, undo, redo, rates, points, gallery = null, seq = actions.connection.sequence } = answer;
    if (seq >= actions.lastChange && !actions.pending) {
      const data = points ? { data: { ...store.state.data, ...points } } : {}; // some have moved
      store.update({ config, undo, redo, rates, ahead: false, ...data });
      address.show(link, actions.gesture);
    }
    if (seq < actions.connection.sequence) return;
    const { gallery: before } = store.state;
    store.update({ playing, speed, gallery: galleryOf(before, gallery, partOf(store.state), before?.rule ?? USUAL_RULE) });
  }

  /** Tell what was done, ignored, clamped or lost: in passing, or where it is about a link or a file until it is read. @param {any} answer */
  say(answer) {
    const { message, notes, restarted, lost, undo, control, standing } = answer, stepped = STEPS.includes(control);
    if (standing) this.notice.note(notes);
    const told = message ?? (restarted && (lost || stepped) ? doneText(answer) : '');
    const text = [told, ...(standing ? [] : notes)].filter(Boolean).join(' ');
    const back = lost && undo && !stepped ? [{ label: 'Undo', act: () => this.actions.undo() }] : [];
    if (text) this.notice.say(text, ...back);
  }
}

/** What was done to a run that goes on as another. @param {any} answer */
function doneText(answer) {
  const { control, restarted, epoch } = answer;
  if (DONE[control]) return DONE[control](answer);
  return epoch ? `The ${restarted} changed: the run is at epoch ${epoch}.` : `The ${restarted} changed, so the run started anew.`;
}

/** What a page says that is back. @param {any} answer @param {number} again epochs that were seen, and are trained again */
const resumedText = ({ message, epoch }, again) =>
  `${message ?? 'Connected again'}: the run goes on from epoch ${epoch}${again > 0 ? `, and trains ${again} ${again === 1 ? 'epoch' : 'epochs'} again` : ''}.`;
