// Wires the parts together: the only module that knows all of them.

import { Actions } from './state/actions.js';
import { Address } from './state/address.js';
import { Answers } from './state/answers.js';
import { bindControls, showConfig } from './controls/controls.js';
import { BiasDrag } from './network/biasdrag.js';
import { bindExplanations, chosenEntries } from './controls/explain.js';
import { bindKeys } from './controls/keys.js';
import { bindLook } from './draw/look.js';
import { Card } from './network/card.js';
import { CarriedRun } from './state/carriedrun.js';
import { Connection } from './wire/connection.js';
import { createStore } from './state/store.js';
import { Folding } from './controls/folding.js';
import { firstState, isReady, trainSize } from './state/state.js';
import { Gallery } from './gallery/dialog.js';
import { withFrame } from './state/gallery.js';
import { Help } from './page/help.js';
import { ImagePage } from './page/imagepage.js';
import { isHidden } from './state/hiding.js';
import { Inspector } from './inspector/inspector.js';
import { LineDrag } from './plane/linedrag.js';
import { Lessons } from './lessons/lessons.js';
import { waitingText } from './wire/waitinglist.js';
import { LossChart } from './chart/losschart.js';
import { Marks } from './controls/marks.js';
import { Notice } from './page/notice.js';
import { Opening } from './page/opening.js';
import { Overlay } from './network/overlay.js';
import { OwnData } from './owndata/owndata.js';
import { bindPasting } from './owndata/pasting.js';
import { Pulse } from './network/pulse.js';
import { PointDrag } from './plane/pointdrag.js';
import { Pointing } from './plane/pointing.js';
import { Readout } from './plane/readout.js';
import { Settings } from './controls/settings.js';
import { Share } from './page/share.js';
import { StuckPanel } from './inspector/stuck.js';
import { updateMarks } from './controls/updaterule.js';
import { valueOf } from './state/units.js';
import { View } from './page/view.js';
import { watchScreen } from './page/screen.js';
import { writeTitle } from './state/title.js';

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

const { early } = /** @type {any} */ (globalThis);
const facts = JSON.parse(find('#facts').textContent);
const store = createStore(firstState());
const carried = new CarriedRun();
const notice = new Notice(find('#notice'), find('#notes'));
const address = new Address((link) => actions.go(link));
const LOST = 'The connection is lost; trying again every few seconds. Nothing trains until it is back.';
const say = (/** @type {string} */ text) => notice.say(text), refuse = (/** @type {string} */ text) => notice.refuse(text);
let frameToAck = 0;

const connection = new Connection(early.socket.url, {
  greeting() {
    const { session, history, config } = store.state;
    const common = { protocol: facts.protocol, link: config ? address.shown : address.link };
    return session ? { type: 'resume', session, after: history.last, carried: carried.offer(store.state), ...common } : { type: 'hello', ...common };
  },
  session: () => store.state.session,
  onOpen() {
    document.body.classList.remove('full');
    notice.release('connection');
  },
  onLost() {
    lose();
    notice.keep('connection', LOST, { label: 'Now', act: () => connection.reconnectNow() });
  },
  onFull(place) {
    document.body.classList.add('full');
    lose();
    notice.keep('connection', waitingText(place));
  },
  onEnd(reason) {
    lose();
    notice.keep('connection', reason || 'The server closed the connection.', { label: 'Reload', act: () => location.reload() });
  },
  onAnswer: (answer) => (answer.type === 'carry' ? carried.take(answer, store.state) : answers.take(answer)),
  onFrame: takeFrame,
  onGalleryFrame: takeGalleryFrame,
});
const actions = new Actions(store, connection, () => [notice.read(), notice.done(), opening.used()], refuse);
const answers = new Answers(store, actions, address, notice, showMoves);

/** Nothing trains from here on, which the tab tells even while the page is hidden. */
function lose() {
  store.update({ lost: true });
  writeTitle(store.state);
}

/** What would help a run that is stuck stands among the details. */
function showMoves() {
  actions.pin(null);
  actions.probe(null);
  requestAnimationFrame(() => stuck.focus());
}

/** @param {{ number: number }} frame */
function drawn({ number }) {
  if (!frameToAck) requestAnimationFrame(acknowledge); // once it is drawn, another may come
  frameToAck = number;
}

/** @param {import('./wire/galleryframes.js').GalleryFrame} frame */
function takeGalleryFrame(frame) {
  drawn(frame);
  const { gallery: shown } = store.state;
  if (shown?.number === frame.gallery) store.update({ gallery: withFrame(shown, frame) });
}

/** @param {import('./wire/frames.js').Frame} frame */
function takeFrame(frame) {
  drawn(frame);
  if (frame.run !== store.state.run) return; // of a network that is no more
  store.state.history.extend(frame.history);
  if (!frame.diverged) notice.release('diverged');
  store.update({ frame });
}

function acknowledge() {
  connection.ack(frameToAck);
  frameToAck = 0;
}

// --- the parts of the page ----------------------------------------------------------------------------------------

const overlay = new Overlay(find('#network .stage'), facts.limits, {
  reshape: (change) => actions.reshape(change),
  hover: (unit) => actions.point(unit),
  pick(unit, byKeyboard) {
    actions.pin(unit);
    if (!store.state.pinned) return;
    requestAnimationFrame(() => (byKeyboard ? inspector.unit.focus() : find('#inspector').scrollIntoView({ block: 'nearest' }))); // on a phone it may be out of sight
  },
});
const chart = new LossChart(find('#chart'));
const view = new View(facts, overlay, chart);
new BiasDrag(find('#network .stage'), {
  at: (event) => card.under(event),
  value: (parameter) => valueOf(store.state, parameter),
  newGesture: () => actions.newGesture(),
  set: (parameter, value, gesture) => actions.set(parameter, value, gesture),
});
const pulse = new Pulse(find('#network .pulse'), view);
const card = new Card(find('#network .stage'), {
  at: (x, y, reach) => (store.state.layout ? view.parameterAt(x, y, reach) : null),
  hover: (hovered) => store.update({ hovered }),
  value: (parameter) => valueOf(store.state, parameter),
  set: (parameter, value) => actions.set(parameter, value),
  refuse,
});
const stuck = new StuckPanel(find('#inspector .rest'), (set) => actions.tryMove(set));
const inspector = new Inspector(find('#inspector'), facts, (parameter, value) => actions.set(parameter, value), refuse);
new PointDrag(find('.plane'), () => store.state, actions); // before lines, which run below the points
new LineDrag(find('.plane'), () => store.state, () => actions.newGesture(), ([layer, unit], weights, bias, gesture) => {
  weights.forEach((value, source) => actions.set({ layer, unit, source }, value, gesture));
  actions.set({ layer, unit, source: null }, bias, gesture);
});
new Pointing(find('.plane'), () => store.state, (probe) => actions.probe(probe));
const readout = new Readout(find('.plane'));
const gallery = new Gallery(find('#gallery-dialog'), facts, {
  ask: (message, refused) => actions.showGallery(message, refused),
  adopt: (member) => actions.adopt(member),
  leave: () => actions.leave(),
  play: (playing) => actions.playGallery(playing),
  judge: (judged) => store.update({ gallery: judged }),
});
const change = (/** @type {Record<string, any>} */ set, /** @type {string} */ words = '', /** @type {string[]} */ notes = []) => actions.change(set, words, notes);
const ownData = new OwnData(document, { change, say, open: (file) => actions.open(file) });
const share = new Share(find('#share-dialog'), { change, save: () => actions.save(), open: (file) => actions.open(file), note: (notes) => notice.note(notes) });
const folding = new Folding(find('#unfold'), facts);
const marks = new Marks(document.body);
const opening = new Opening(find('#opening'), actions);
const help = new Help(find('#help-dialog'), { toggleMarks, showLessons: () => lessons.showList() });
const lessons = new Lessons(find('#lessons'), find('#lessons-open'), facts, {
  say,
  note: (words) => notice.note([words]),
  open: (link) => actions.visit(link),
  begin: (link) => actions.begin(link),
  forget: () => actions.forget(),
  did: (what) => actions.did(what),
  exhibited: (gallery) => actions.exhibited(gallery),
});

const images = new ImagePage(
  () => import('./images/images.js'),
  { change, show: (pixels, chosen, told) => actions.showImage(pixels, chosen, told) },
  () => store.update({ size: {}, theme: {} }),
);
const settings = new Settings(find('#settings'), find('#more'), facts, change, () => store.state.config);

bindControls(facts, () => store.state.config, (set) => {
  if ('coverTest' in set) store.update({ uncovered: false });
  if (Object.keys(set).length) actions.change(set);
  else actions.refresh();
}, refuse);
const explainPresent = bindExplanations(document, (topic) => {
  const { config, data } = store.state;
  return config && data ? [...chosenEntries(config, topic, facts, trainSize(store.state)), ...updateMarks(config, facts)] : [];
});
bindLook(document, () => {
  view.recolor();
  store.update({ theme: {} });
});

store.subscribe((state, changed) => {
  if (changed.has('config') && state.config && state.data) {
    showConfig(state.config, trainSize(state), facts);
    explainPresent();
    folding.render(state.config);
    document.body.classList.toggle('plain', state.config.hideText);
    document.body.classList.toggle('compact', state.config.compact);
    find('#whole').href = `/#${address.shown.replace(/&?\bcompact=true/, '')}`;
  }
  view.render(state, changed);
  if (isReady(state)) {
    readout.render(state);
    pulse.render(state, changed);
  }
  images.render(state, changed, view.colors);
  inspector.render(state, view.colors.theme);
  if (changed.has('moves')) stuck.render(state.moves);
  settings.render(state, view.colors.theme);
  card.show(state.hovered !== null);
  ownData.render(state, changed, view.colors);
  share.render(state, changed);
  gallery.render(state, changed, view.colors);
  lessons.render(state, changed);
  if (opening.wanted) setTimeout(() => opening.render(store.state)); // the picture comes first
});

// --- what the person does -----------------------------------------------------------------------------------------

const toggle = (/** @type {string} */ name) => change({ [name]: !store.state.config?.[name] });
const step = (/** @type {'epoch' | 'update'} */ unit = find('#step-unit').value) => actions.step(unit);

function toggleMarks() {
  find('#marks').ariaPressed = String(marks.toggle());
}

function letGo() {
  if (card.close() || notice.read() || settings.close()) return;
  const { pinned } = store.state, within = find('#inspector').contains(document.activeElement);
  actions.probe(null);
  actions.pin(null);
  if (within && pinned) find(`[data-key="unit-${pinned.join('-')}"]`)?.focus({ preventScroll: true }); // its fields are gone
  actions.point(null); // what has the focus is not shown large for that
}

/** What can be done unless the link hides its control. @param {string} control @param {() => void} act */
const unlessHidden = (control, act) => () => {
  if (isHidden(store.state.config, control)) return false;
  act();
};

/** @type {Record<string, () => boolean | void>} */
const PRESSED = {
  play: unlessHidden('playButton', () => actions.togglePlay()),
  step: unlessHidden('stepButton', () => step()),
  reset: unlessHidden('resetButton', () => actions.reset()),
  regenerate: unlessHidden('regenerate', () => actions.regenerate()),
  undo: () => actions.undo(),
  redo: () => actions.redo(),
  restarts: unlessHidden('restarts', () => gallery.open('restarts', store.state)),
  compare: unlessHidden('compare', () => gallery.open('compare', store.state)),
  share: unlessHidden('share', () => share.open()),
  help: () => help.open(),
};
for (const [id, act] of Object.entries(PRESSED)) find(`#${id}`).addEventListener('click', act);
find('.no-features button').addEventListener('click', () => change({ x: true, y: true }));
find('#uncover').addEventListener('click', () => {
  store.update({ uncovered: true });
  say('The test loss is shown until the next run.');
});
find('#speed').addEventListener('change', (/** @type {any} */ event) => actions.setSpeed(event.target.value));

bindPasting(facts.link, {
  visit: (link) => actions.visit(link),
  open: (run) => actions.open(run),
  take: (points) => ownData.importer.showText(points),
  read: (file) => ownData.importer.read(file),
  refuse,
  understood: () => notice.done(),
});
bindKeys({
  ' ': PRESSED.play,
  arrowright: PRESSED.step,
  'shift+arrowright': unlessHidden('stepButton', () => step('update')),
  r: PRESSED.reset,
  t: unlessHidden('showTestData', () => toggle('showTestData')),
  d: unlessHidden('discretize', () => toggle('discretize')),
  w: unlessHidden('showWorst', () => toggle('showWorst')),
  l: () => chart.toggleLog(),
  s: PRESSED.share,
  h: () => toggleMarks(),
  '?': PRESSED.help,
  'ctrl+z': PRESSED.undo,
  'ctrl+shift+z': PRESSED.redo,
  'ctrl+y': PRESSED.redo,
  escape: letGo,
});
function resized() {
  store.update({ size: {} });
  store.flush();
}
const sizes = new ResizeObserver(resized);
for (const element of [document.body, find('#network'), find('#output')]) sizes.observe(element); // the lessons narrow these

watchScreen(resized);
document.addEventListener('visibilitychange', () => actions.setVisible(!document.hidden));
connection.adopt(early);
