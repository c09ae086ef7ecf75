// Wires the parts together: the only module that knows all of them.

import { Address } from './address.js';
import { Card } from './card.js';
import { bindControls, showConfig } from './controls.js';
import { bindTheme } from './theme.js';
import { Connection } from './connection.js';
import { createStore } from './store.js';
import { firstState } from './state.js';
import { History } from './chart.js';
import { Notice } from './notice.js';
import { Overlay } from './overlay.js';
import { View } from './view.js';

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

const facts = JSON.parse(find('#facts').textContent);
const store = createStore(firstState());
const notice = new Notice(find('#notice'));
const address = new Address((link) => send({ type: 'configure', link }));
const overlay = new Overlay(find('#network .stage'), facts.limits, {
  reshape: (networkShape) => change({ networkShape }),
  hover: (unit) => select(unit ?? pinned),
  pick: (unit) => {
    pinned = String(pinned) === String(unit) ? null : unit;
    select(pinned ?? unit);
  },
});
const view = new View(facts, overlay);
const card = new Card(find('#network .stage'), {
  at: (x, y) => (store.state.layout ? view.parameterAt(x, y) : null),
  hover: (hovered) => store.update({ hovered }),
  set: ({ layer, unit, source }, value) =>
    send(source === null ? { type: 'bias', layer, unit, value } : { type: 'weight', layer, unit, source, value }),
});

/** @type {[number, number] | null} the unit that stays large when the pointer leaves it */
let pinned = null;
/** @type {Record<string, any>} fields changed since the last animation frame */
let unsent = {};
let lastChange = 0; // the number of the newest control that changes the configuration
let movedControl = '';
let frameToAck = 0;

// --- what the person does ---------------------------------------------------------------------------------------

/** @param {{ type: string, [field: string]: unknown }} message */
function send(message) {
  const seq = connection.control(message);
  if (message.type === 'regenerate') movedControl = 'regenerate';
  if (message.type === 'configure' || message.type === 'regenerate') lastChange = seq;
}

/** Change fields of the configuration: shown at once, sent once per animation frame. @param {Record<string, any>} set */
function change(set) {
  if (!store.state.config) return;
  if (!Object.keys(unsent).length) requestAnimationFrame(flush);
  unsent = { ...unsent, ...set };
  store.update({ config: { ...store.state.config, ...set } });
}

function flush() {
  const set = unsent;
  unsent = {};
  if (!Object.keys(set).length) return store.update({ config: { ...store.state.config } });
  movedControl = Object.keys(set).join();
  send({ type: 'configure', set });
}

function togglePlay() {
  const playing = !store.state.playing;
  store.update({ playing });
  send({ type: playing ? 'play' : 'pause' });
}

/** @param {[number, number] | null} unit */
function select(unit) {
  if (String(unit) === String(store.state.selected)) return;
  store.update({ selected: unit });
  send({ type: 'select', layer: unit?.[0] ?? null, unit: unit?.[1] ?? null });
}

function step() {
  store.update({ playing: false });
  send({ type: 'step' });
}

function reset() {
  store.update({ playing: false });
  send({ type: 'reset' });
}

function letGo() {
  if (card.close()) return;
  pinned = null;
  select(null);
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(address.whole);
    notice.say('The link is copied: it opens this very run.');
  } catch {
    notice.say('The browser does not let the page copy; the link is in the address bar.');
  }
}

/** @type {Record<string, () => void>} */
const KEYS = { ' ': togglePlay, ArrowRight: step, r: reset, Escape: letGo };

document.addEventListener('keydown', (event) => {
  const element = /** @type {HTMLElement} */ (event.target);
  const typing = element.matches('input:not([type=checkbox]), select');
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== 'Escape')) return;
  if (event.key === ' ' && element.matches('button, input')) return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

find('#play').addEventListener('click', togglePlay);
find('#step').addEventListener('click', step);
find('#reset').addEventListener('click', reset);
find('#regenerate').addEventListener('click', () => send({ type: 'regenerate' }));
find('#speed').addEventListener('change', (/** @type {any} */ event) => send({ type: 'speed', speed: event.target.value }));
find('#copy').addEventListener('click', copyLink);
bindControls(change);

// --- what the server says ---------------------------------------------------------------------------------------

/** A new run: its losses begin again. @param {any} answer */
function begin({ data, layout, run }) {
  store.update({ data, layout, run, frame: null, history: new History() });
  const { selected } = store.state;
  if (selected && !(selected[1] < layout.shape.slice(1, -1)[selected[0]])) { // it is no more
    pinned = null;
    store.update({ selected: null });
  }
}

/** Show what the server has, unless the person has moved on since. @param {any} answer */
function settle(answer) {
  const { config, link, playing, speed, seq = connection.sequence } = answer;
  if (seq >= lastChange && !Object.keys(unsent).length) {
    store.update({ config });
    address.show(link, movedControl);
  }
  if (seq >= connection.sequence) {
    store.update({ playing });
    find('#speed').value = speed;
  }
}

/** @type {Record<string, (answer: any) => void>} */
const ANSWERS = {
  hello(answer) {
    const sameRun = answer.resumed && answer.run === store.state.run;
    store.update({ session: answer.session, lost: false });
    if (sameRun) store.update({ data: answer.data, layout: answer.layout });
    else begin(answer);
    settle({ ...answer, seq: connection.waiting.length ? 0 : undefined });
    if (answer.resumed) notice.say(`Connected again: the run goes on from epoch ${answer.epoch}.`);
    else say(answer);
    const { selected } = store.state;
    if (selected) send({ type: 'select', layer: selected[0], unit: selected[1] });
    if (document.hidden) send({ type: 'visibility', visible: false });
  },
  applied(answer) {
    if (answer.data) {
      answer.lost = store.state.history.last > 0;
      begin(answer);
    }
    settle(answer);
    say(answer);
  },
  error(answer) {
    if (answer.config) settle({ ...answer, seq: lastChange });
    notice.say(answer.message);
  },
  diverged(answer) {
    store.update({ playing: false });
    const tryIt = () => {
      notice.clear();
      send({ type: 'reset' });
      change({ learningRate: answer.learningRate });
      requestAnimationFrame(togglePlay);
    };
    notice.say(answer.message, { label: `Start anew with ${answer.learningRate}`, act: tryIt }, true);
  },
  recovered(answer) {
    const { history } = store.state;
    history.truncate(answer.epoch);
    if (answer.run === store.state.run) store.update({ data: answer.data, layout: answer.layout, history });
    else begin(answer);
    settle(answer);
    notice.say(answer.message);
  },
};

/** Tell what was ignored, clamped or lost. @param {any} answer */
function say({ message, notes, restarted, lost }) {
  const text = [message, ...notes].filter(Boolean).join(' ');
  if (text) notice.say(text);
  else if (lost) notice.say(`The ${restarted} changed, so the run started anew.`);
}

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

const socketAddress = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`;
const connection = new Connection(socketAddress, {
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
  onAnswer: (answer) => ANSWERS[answer.type]?.(answer),
  onFrame: takeFrame,
});

// --- drawing ----------------------------------------------------------------------------------------------------

store.subscribe((state, changed) => {
  if (changed.has('config') && state.config && state.data) showConfig(state.config, state.data.train.length);
  view.render(state, changed);
  if (state.frame && state.layout) card.show(state.frame.theta, state.layout.shape);
});
bindTheme(find('#theme'), () => {
  view.recolor();
  store.update({ theme: {} });
});
new ResizeObserver(() => store.update({ size: {} })).observe(document.body);
document.addEventListener('visibilitychange', () => send({ type: 'visibility', visible: !document.hidden }));

