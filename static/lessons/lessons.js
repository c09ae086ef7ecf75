// The lessons beside the playground: their list, the one that a link names, and whether its question is answered.

import { met, readFact, written } from './facts.js';
import { bindShown } from './shown.js';
import { LessonText } from './text.js';
import { CompletedLessons } from './completed.js';
import { fits } from '../state/units.js';
import { isReady } from '../state/state.js';

const ADDRESS = '/api/v1/lessons';
const LOOK = /^(compact|hideText|\w+_hide)=/; // what a link says of the page, which a lesson leaves as it is

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('./text.js').Listed} Listed
 * @typedef {object} Actions
 * @property {(text: string) => void} say
 * @property {(text: string) => void} note say it until it is read
 * @property {(link: string) => void} open another configuration
 * @property {(link: string) => void} begin another one, anew
 * @property {() => void} forget what the person did, and count from now on
 * @property {(what: string) => void} did count something that the person did
 * @property {(gallery: import('../state/state.js').Gallery) => void} exhibited keep what a gallery came to
 */

const PASSING = new Set(['epoch', 'updates']); // what was reached in time stays so while the run goes on

export class Lessons {
  /**
   * @param {HTMLElement} aside
   * @param {HTMLElement} button that opens and closes it
   * @param {any} facts of the server
   * @param {Actions} actions
   */
  constructor(aside, button, facts, actions) {
    this.facts = facts;
    this.aside = aside;
    this.button = button;
    this.actions = actions;
    this.completed = new CompletedLessons();
    this.view = new LessonText(aside);
    /** @type {Listed[]} */
    this.course = [];
    /** @type {any} the lesson on show, as the server tells it */
    this.lesson = null;
    this.name = ''; // of the lesson that the link names
    this.listed = false; // whether the list is on show
    aside.addEventListener('click', (event) => this.follow(event));
    for (const selector of ['.lessons-all', '.lesson-end']) this.on(selector, () => this.showList());
    this.on('.lessons-close', () => this.close());
    button.addEventListener('click', () => this.toggle());
    bindShown(aside);
  }

  /** @param {string} selector @param {() => void} act */
  on(selector, act) {
    this.aside.querySelector(selector)?.addEventListener('click', act);
  }

  /** @param {State} state @param {Set<keyof State>} changed */
  render(state, changed) {
    const name = state.config?.tutorial ?? '';
    if (name !== this.name) this.load(name);
    if (changed.has('hovered') && state.hovered && state.frame?.gradient) this.actions.did('linksRead');
    if (changed.has('gallery') && state.gallery?.members.length) this.actions.exhibited(state.gallery);
    if (this.lesson && !state.ahead && isReady(state) && fits(state)) this.check(state);
  }

  /** Show the lesson that the link names, or none. @param {string} name */
  async load(name) {
    this.name = name;
    this.lesson = null;
    let lesson = null, words = '';
    try {
      if (name) ({ lesson, words } = await this.fetched(name));
    } catch {
      words = 'The lessons could not be loaded: the server does not answer.';
    }
    if (name !== this.name) return; // another was named since
    if (words) this.actions.note(words);
    this.begin(lesson);
  }

  /** @param {any} lesson or null */
  begin(lesson) {
    this.lesson = lesson;
    this.actions.forget();
    const within = this.aside.contains(document.activeElement); // what had the focus may be gone
    if (lesson) {
      this.listed = false;
      this.view.fill(lesson, this.course, this.completed);
    }
    this.show();
    if (lesson && within) this.view.focusLesson();
  }

  /** A lesson, or why there is none. An unknown one is never asked for. @param {string} name */
  async fetched(name) {
    await this.list();
    if (!this.course.some((one) => one.name === name)) return { lesson: null, words: `There is no lesson named ${name}.` };
    return { lesson: await fetchJson(`${ADDRESS}/${name}`), words: '' };
  }

  async list() {
    if (!this.course.length) this.course = await fetchJson(ADDRESS);
  }

  async toggle() {
    if (!this.aside.hidden) this.close();
    else await this.showList();
  }

  /** All lessons, to choose one. */
  async showList() {
    try {
      await this.list();
    } catch {
      return this.actions.say('The lessons could not be loaded: the server does not answer.');
    }
    this.listed = true;
    this.view.fillList(this.course, this.completed, this.name);
    this.show();
    this.view.focusList();
  }

  leaveList() {
    this.listed = false;
    this.show();
  }

  show() {
    this.view.show(this.listed ? 'list' : this.lesson ? 'lesson' : null);
    this.button.setAttribute('aria-expanded', String(!this.aside.hidden));
    document.body.classList.toggle('taught', !this.aside.hidden);
  }

  /** Go on with the same configuration, and with its network, which the weights in a link would set back. */
  close() {
    this.leaveList();
    if (this.name) this.actions.open(present().filter((part) => !/^(tutorial|state)=/.test(part)).join('&'));
    this.button.focus();
  }

  /** What a lesson sets up starts as it is told, where going to a link again would bring its trained network back. @param {MouseEvent} event */
  follow(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (new URLSearchParams(link.hash.slice(1)).get('tutorial') === this.name) this.leaveList(); // else it is loaded
    this.actions.begin([link.hash.slice(1), ...present().filter((part) => LOOK.test(part))].join('&'));
  }

  /** Show how far the question is answered, and tick it off. @param {import('../state/state.js').Ready} state */
  check(state) {
    const { name, check } = this.lesson;
    const values = check.map((/** @type {any} */ condition) => readFact(condition.fact, state, this.facts));
    const states = check.map((/** @type {any} */ condition, /** @type {number} */ i) => ({
      met: met(condition, values[i]),
      keep: condition.keep,
      text: written(condition, values[i]),
    }));
    const solved = states.every((/** @type {{ met: boolean }} */ one) => one.met);
    this.view.showCheck(states);
    this.view.showHolds(states.every((/** @type {{ met: boolean }} */ one, /** @type {number} */ i) => one.met || PASSING.has(check[i].fact)));
    if (this.completed.has(name) || !solved) return;
    this.completed.add(name);
    this.view.celebrate(this.lesson, this.course, this.completed);
  }
}

/** @param {string} address */
async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`expected ${address}, got ${answer.status}`);
  return answer.json();
}

/** The parts of the page's own link. */
const present = () => location.hash.slice(1).split('&');
