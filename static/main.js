// Wires the parts together: the only module that knows all of them.

import { Actions } from './actions.js';
import { Address } from './address.js';
import { Answers } from './answers.js';
import { bindControls, showConfig } from './controls.js';
import { bindExplanations, chosenEntries } from './explain.js';
import { bindKeys } from './keys.js';
import { bindLook } from './look.js';
import { Callouts } from './callouts.js';
import { Card } from './card.js';
import { Connection } from './connection.js';
import { createStore } from './store.js';
import { firstState, isReady } from './state.js';
import { Help } from './help.js';
import { Inspector } from './inspector.js';
import { LossChart } from './losschart.js';
import { Notice } from './notice.js';
import { Overlay } from './overlay.js';
import { OwnData } from './owndata.js';
import { Pointing } from './pointing.js';
import { Readout } from './readout.js';
import { Share } from './share.js';
import { Tutorial } from './tutorial.js';
import { valueOf } from './wires.js';
import { View } from './view.js';

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

const { early } = /** @type {any} */ (globalThis);
const facts = JSON.parse(find('#facts').textContent);
const store = createStore(firstState());
const notice = new Notice(find('#notice'));
const address = new Address((link) => actions.go(link), (link) => actions.visit(link));
let frameToAck = 0;

const connection = new Connection(early.socket.url, {
  greeting() {
    const { session, history, config } = store.state;
    const common = { protocol: facts.protocol, link: config ? address.shown : address.link };
    return session ? { type: 'resume', session, after: history.last, ...common } : { type: 'hello', ...common };
  },
  onOpen: () => notice.clear(),
  onLost(seconds) {
    store.update({ lost: true });
    const again = seconds < 1 ? 'at once' : `in ${Math.round(seconds)} s`;
    notice.say(`The connection is lost; trying again ${again}.`, { label: 'Now', act: () => connection.hurry() }, true);
  },
  onEnd(reason) {
    store.update({ lost: true });
    notice.say(`${reason || 'The server closed the connection.'} `, { label: 'Reload', act: () => location.reload() }, true);
  },
  onAnswer: (answer) => answers.take(answer),
  onFrame: takeFrame,
});
const actions = new Actions(store, connection);
const answers = new Answers(store, actions, address, notice);

/** @param {import('./frames.js').Frame} frame */
function takeFrame(frame) {
  if (!frameToAck) requestAnimationFrame(acknowledge); // once it is drawn, another may come
  frameToAck = frame.number;
  if (frame.run !== store.state.run) return; // of a network that is no more
  store.state.history.extend(frame.history);
  store.update({ frame });
}

function acknowledge() {
  connection.ack(frameToAck);
  frameToAck = 0;
}

// --- the parts of the page ----------------------------------------------------------------------------------------

const overlay = new Overlay(find('#network .stage'), facts.limits, {
  reshape: (networkShape) => actions.change({ networkShape }),
  hover: (unit) => actions.point(unit),
  pick(unit, byKeyboard) {
    actions.pin(unit);
    if (byKeyboard && store.state.pinned) requestAnimationFrame(() => inspector.unit.focus());
  },
});
const chart = new LossChart(find('#chart'));
const view = new View(facts, overlay, chart);
const card = new Card(find('#network .stage'), {
  at: (x, y, reach) => (store.state.layout ? view.parameterAt(x, y, reach) : null),
  hover: (hovered) => store.update({ hovered }),
  value: (parameter) => valueOf(store.state, parameter),
  set: (parameter, value) => actions.set(parameter, value),
});
const inspector = new Inspector(find('#inspector'), facts, (parameter, value) => actions.set(parameter, value));
const pointing = new Pointing(find('.plane'), () => store.state, (probe) => actions.probe(probe));
const readout = new Readout(find('.plane'));
const change = (/** @type {Record<string, any>} */ set, /** @type {string} */ words = '') => actions.change(set, words || undefined);
const say = (/** @type {string} */ text) => notice.say(text);
const ownData = new OwnData(document, { change, say, open: (file) => actions.open(file) });
const share = new Share(find('#share-dialog'), { change, save: () => actions.save(), open: (file) => actions.open(file) });
const callouts = new Callouts(find('#callouts'));
const help = new Help(find('#help-dialog'), { showCallouts: () => callouts.show() });
const tutorial = new Tutorial(find('#tutorial'), { say, open: (/** @type {string} */ link) => actions.visit(link) });

bindControls((set) => (Object.keys(set).length ? actions.change(set) : actions.refresh()));
bindExplanations(document, (topic) => chosenEntries(store.state.config ?? {}, topic));
bindLook(document, () => {
  view.recolor();
  store.update({ theme: {} });
});

store.subscribe((state, changed) => {
  if (changed.has('config') && state.config && state.data) {
    showConfig(state.config, state.data.train.length);
    document.body.classList.toggle('plain', state.config.hideText);
    document.body.classList.toggle('compact', state.config.compact);
    find('#whole').href = `/#${address.shown.replace(/&?\bcompact=true/, '')}`;
    tutorial.render(state.config);
  }
  view.render(state, changed);
  if (isReady(state)) readout.render(state);
  inspector.render(state, view.colors.theme);
  card.show();
  ownData.render(state, changed, view.colors);
  share.render(state, changed);
  if (state.frame && callouts.wanted) setTimeout(() => callouts.render(store.state)); // the picture comes first
});

// --- what the person does -----------------------------------------------------------------------------------------

const toggle = (/** @type {string} */ name) => change({ [name]: !store.state.config?.[name] });
const step = (/** @type {'epoch' | 'update'} */ unit = find('#step-unit').value) => actions.step(unit);

function letGo() {
  if (card.close()) return;
  callouts.dismiss();
  pointing.point(null);
  actions.pin(null);
  actions.point(null);
}

/** @type {Record<string, () => void>} */
const PRESSED = {
  play: () => actions.togglePlay(),
  step: () => step(),
  reset: () => actions.reset(),
  regenerate: () => actions.regenerate(),
  undo: () => actions.undo(),
  redo: () => actions.redo(),
  share: () => share.open(),
  help: () => help.open(),
};
for (const [id, act] of Object.entries(PRESSED)) find(`#${id}`).addEventListener('click', act);
find('.no-features button').addEventListener('click', () => change({ x: true, y: true }));
find('#speed').addEventListener('change', (/** @type {any} */ event) => actions.setSpeed(event.target.value));

bindKeys({
  ' ': PRESSED.play,
  arrowright: () => step(),
  'shift+arrowright': () => step('update'),
  r: PRESSED.reset,
  t: () => toggle('showTestData'),
  d: () => toggle('discretize'),
  w: () => toggle('showWorst'),
  l: () => chart.toggleLog(),
  s: PRESSED.share,
  '?': PRESSED.help,
  'ctrl+z': PRESSED.undo,
  'ctrl+shift+z': PRESSED.redo,
  'ctrl+y': PRESSED.redo,
  escape: letGo,
});
const sizes = new ResizeObserver(() => store.update({ size: {} }));
for (const element of [document.body, find('#network'), find('#output')]) sizes.observe(element); // a tutorial narrows these
document.addEventListener('visibilitychange', () => actions.setVisible(!document.hidden));
connection.adopt(early);
