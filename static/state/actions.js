// The person's actions: each changes the state at once and sends a control to the server.

import { shown, trainSize } from './state.js';

const SAME_GESTURE = 800; // milliseconds within which changes of one control are one gesture
const NO_POINTS = 'There are no points to train on: choose a data set, or draw or import points.';
const READ_ONLY = ['select', 'probe', 'image', 'visibility', 'save', 'leave']; // what is sent where nothing is done

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Unit} Unit
 * @typedef {{ type: string, [field: string]: unknown }} Message
 * @typedef {{ link: string | null, file: object, epoch: number }} Saved the run as the server saved it
 */

export class Actions {
  /**
   * @param {{ state: State, update: (patch: Partial<State>) => void }} store
   * @param {import('../wire/connection.js').Connection} connection
   * @param {() => void} acted called when the person does something
   * @param {(sentence: string) => void} refuse told why something is not done
   */
  constructor(store, connection, acted, refuse) {
    this.refuse = refuse;
    this.acted = acted;
    this.store = store;
    this.connection = connection;
    /** @type {Record<string, any>} fields changed since the last animation frame */
    this.unsent = {};
    this.lastChange = 0; // the number of the newest control that changes the configuration
    this.gesture = 0;
    this.control = '';
    this.movedAt = 0;
    this.message = ''; // to be said when that is done
    /** @type {string[]} */
    this.notes = []; // to be kept in sight then
    /** @type {Map<number, (answer: any) => void>} who waits for the answer to a control */
    this.waiting = new Map();
  }

  /** @param {Message} message after the changes that it comes after, also within one animation frame */
  send(message) {
    this.flush();
    if (!READ_ONLY.includes(message.type)) this.acted();
    const changes = ['configure', 'regenerate', 'undo', 'redo', 'open', 'adopt', 'point'].includes(message.type);
    const seq = this.connection.control(message);
    if (changes) this.lastChange = seq;
    return seq;
  }

  /** A control was answered. @param {number} seq @param {any} answer */
  answered(seq, answer) {
    const resolve = this.waiting.get(seq);
    this.waiting.delete(seq);
    resolve?.(answer);
  }

  /** The answers to all controls that the server took before a connection was lost are lost with it. @param {number} taken */
  loseAnswers(taken) {
    for (const seq of this.waiting.keys()) if (seq <= taken) this.answered(seq, { type: 'lost' });
  }

  /** The number of the gesture that moves a control now. @param {string} control */
  move(control) {
    const now = performance.now();
    if (control !== this.control || now - this.movedAt > SAME_GESTURE) this.gesture += 1;
    this.control = control;
    this.movedAt = now;
    return this.gesture;
  }

  /** The number of a gesture that begins now, and lasts as long as whoever makes it says. */
  newGesture() {
    this.control = '';
    return (this.gesture += 1);
  }

  /**
   * Change fields of the configuration: shown at once, sent once per animation frame.
   * @param {Record<string, any>} set
   * @param {string} message to be said when that is done
   * @param {string[]} notes to be said then until they are read
   */
  change(set, message = '', notes = []) {
    const { config } = this.store.state;
    if (!config) return;
    requestAnimationFrame(() => this.flush());
    this.unsent = { ...this.unsent, ...set };
    this.message = message || this.message;
    this.notes.push(...notes);
    this.store.update({ config: { ...config, ...set }, ahead: true });
  }

  /** Train on, or anew, with what may help. @param {Record<string, any>} set */
  tryMove(set) {
    this.change(set);
    requestAnimationFrame(() => this.store.state.playing || this.togglePlay());
  }

  /** Other hidden layers, from those that hold, which may not be on show yet. @param {(hidden: number[]) => number[]} change */
  reshape(change) {
    const { config } = this.store.state;
    if (config) this.change({ networkShape: change(config.networkShape) });
  }

  get pending() {
    return Object.keys(this.unsent).length > 0;
  }

  flush() {
    const { unsent: set, message, notes } = this;
    if (!this.pending) return;
    this.unsent = {};
    this.message = '';
    this.notes = [];
    const seq = this.send({ type: 'configure', set, gesture: this.move(Object.keys(set).join()) });
    if (!message && !notes.length) return;
    this.waiting.set(seq, (answer) => {
      answer.message = [message, answer.message].filter(Boolean).join(' ');
      if (notes.length && answer.notes) Object.assign(answer, { notes: [...notes, ...answer.notes], standing: true });
    });
  }

  /** Show what holds, whatever a control shows. */
  refresh() {
    this.store.update({ config: { ...this.store.state.config } });
  }

  /** Another link: a step back or forth in the browser's history may bring its network with it. @param {string} link */
  go(link) {
    const { undo, redo } = this.store.state;
    if (link === undo?.link) this.undo();
    else if (link === redo?.link) this.redo();
    else this.visit(link);
  }

  /** @param {string} link */
  visit(link) {
    this.move('link');
    this.noted(this.send({ type: 'configure', link }));
  }

  /** Another link, from its first weights even where its network is here already, unless it brings others. @param {string} link */
  begin(link) {
    this.control = ''; // a step of its own, however soon after another
    this.visit(link);
    if (!/(^|&)state=/.test(link)) this.reset();
    this.forget();
  }

  togglePlay() {
    const { state } = this.store, playing = state.lost || !state.playing; // without a connection nothing trains that could be paused
    if (playing && !this.hasPoints()) return;
    this.store.update({ playing });
    this.send({ type: playing ? 'play' : 'pause' });
  }

  /** Whether there is anything to train on; says so where there is nothing. */
  hasPoints() {
    return trainSize(this.store.state) > 0 || Boolean(this.refuse(NO_POINTS));
  }

  /** @param {'epoch' | 'update'} unit */
  step(unit) {
    if (!this.hasPoints()) return;
    this.did('steps');
    this.store.update({ playing: false });
    this.send({ type: 'step', unit });
  }

  reset() {
    this.store.update({ playing: false });
    this.send({ type: 'reset' });
  }

  regenerate() {
    this.move('regenerate');
    this.send({ type: 'regenerate' });
  }

  undo() {
    if (this.store.state.undo) this.send({ type: 'undo' });
  }

  redo() {
    if (this.store.state.redo) this.send({ type: 'redo' });
  }

  /** @param {string} speed */
  setSpeed(speed) {
    this.send({ type: 'speed', speed });
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.send({ type: 'visibility', visible });
  }

  /**
   * Set a weight, or a bias where there is no source.
   * @param {import('./parameters.js').Parameter} parameter @param {number} value
   * @param {number} gesture that makes this change and others
   */
  set({ layer, unit, source }, value, gesture = this.move(String([layer, unit, source]))) {
    this.did('weightsSet');
    const change = { layer, unit, value, gesture };
    this.send(source === null ? { type: 'bias', ...change } : { type: 'weight', source, ...change });
  }

  /**
   * Move a data point: shown at once.
   * @param {import('./state.js').Place} place of the point @param {number} x @param {number} y
   * @param {number} gesture that makes this change and others
   */
  movePoint({ part, point }, x, y, gesture) {
    const { data } = this.store.state;
    if (!data) return;
    const points = data[part].map((each, i) => (i === point ? [x, y, each[2]] : each));
    this.store.update({ data: { ...data, [part]: points }, ahead: true });
    this.send({ type: 'point', part, point, x, y, gesture });
  }

  /** The pointer is on a unit, or on none. @param {Unit | null} pointed */
  point(pointed) {
    this.show({ pointed });
  }

  /** Let a unit stay shown, or go if it is the one that stays. @param {Unit | null} unit */
  pin(unit) {
    const pinned = String(unit) === String(this.store.state.pinned) ? null : unit;
    if (pinned) this.did('unitsPinned');
    this.show({ pinned });
  }

  /** @param {Partial<State>} patch */
  show(patch) {
    const before = String(shown(this.store.state));
    this.store.update(patch);
    if (String(shown(this.store.state)) !== before) this.select();
  }

  /** Ask for the map of the unit on show at full size; that of the output always comes. */
  select() {
    const unit = shown(this.store.state), hidden = this.store.state.config?.networkShape.length ?? 0;
    const [layer, place] = unit && unit[0] < hidden ? unit : [null, null];
    this.send({ type: 'select', layer, unit: place });
  }

  /** Follow a place of the plane through the network, or none. @param {import('./state.js').Probe | null} probe */
  probe(probe) {
    if (JSON.stringify(probe) === JSON.stringify(this.store.state.probe)) return;
    if (probe && probe.label !== null) this.did('pointsProbed');
    this.store.update({ probe });
    this.send({ type: 'probe', ...probe });
  }

  /** Show an image, or none. @param {number[] | null} pixels @param {number | null} chosen class whose evidence is asked for @param {(answer: any) => void} told */
  showImage(pixels, chosen, told) {
    this.waiting.set(this.send({ type: 'image', pixels, chosen }), told);
  }

  /** Count something that the person did. @param {string} what */
  did(what) {
    const { deeds } = this.store.state;
    this.store.update({ deeds: { ...deeds, [what]: (deeds[what] ?? 0) + 1 } });
  }

  /** Keep what a gallery came to, which may be closed soon. @param {import('./state.js').Gallery} gallery */
  exhibited(gallery) {
    this.store.update({ galleries: { ...this.store.state.galleries, [gallery.kind]: gallery } });
  }

  /** Have runs trained side by side. @param {Message} message @param {(words: string) => void} refused called where that cannot be */
  showGallery(message, refused) {
    this.store.update({ playing: false });
    this.waiting.set(this.send(message), (answer) => answer.type === 'error' && refused(answer.message));
  }

  /** @param {boolean} playing */
  playGallery(playing) {
    this.send({ type: 'gallery', playing });
  }

  /** Go on with one of the runs that are side by side. @param {number} member */
  adopt(member) {
    this.move('adopt');
    this.waiting.set(this.send({ type: 'adopt', member }), (answer) => answer.type === 'applied' && this.did('adopted'));
  }

  /** Close the gallery; the run is as it was. */
  leave() {
    this.store.update({ gallery: null });
    this.send({ type: 'leave' });
  }

  /** Count from now on. */
  forget() {
    this.store.update({ deeds: {}, galleries: {} });
  }

  /** The run as a link with its weights and as a file. @returns {Promise<Saved>} */
  save() {
    return new Promise((resolve) => {
      const told = (/** @type {any} */ { saved, epoch }) => resolve(saved ? { ...saved, epoch } : this.save());
      this.waiting.set(this.send({ type: 'save' }), told);
    });
  }

  /** @param {object} file that was saved */
  open(file) {
    this.move('open');
    this.noted(this.send({ type: 'open', file }));
  }

  /** What the answer to a link or a file notes is said until it is read. @param {number} seq */
  noted(seq) {
    this.waiting.set(seq, (answer) => (answer.standing = true));
  }
}
