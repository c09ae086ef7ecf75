// The lessons' panel: fills the list and the lesson on show, and keeps the question's numbers up to date.

import { visuallyHidden } from '../draw/visuallyhidden.js';
import { fillList } from './list.js';
import { Hints } from './hints.js';
import { tick } from './tick.js';

/**
 * @typedef {import('./list.js').Listed} Listed
 * @typedef {import('./completed.js').CompletedLessons} CompletedLessons
 */

export class LessonText {
  /** @param {HTMLElement} aside */
  constructor(aside) {
    this.aside = aside;
    this.find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (aside.querySelector(selector));
    this.rows = /** @type {HTMLElement[]} */ ([]);
    this.hints = new Hints(this.find('.lesson-hints'), this.find('.lesson-hint'));
  }

  /** Show the list, the lesson or nothing. @param {'list' | 'lesson' | null} part */
  show(part) {
    this.aside.hidden = part === null;
    this.find('.lessons-list').hidden = part !== 'list';
    this.find('.lesson').hidden = part !== 'lesson';
    this.find('.lessons-head').classList.toggle('listing', part === 'list');
  }

  /** @param {Listed[]} course @param {CompletedLessons} completed @param {string} chosen */
  fillList(course, completed, chosen) {
    fillList(this.find('.lessons-list'), course, completed, chosen);
    this.find('.lessons-body').scrollTop = 0;
  }

  focusList() {
    this.find('.lessons-head h2').focus();
  }

  focusLesson() {
    this.find('.lesson h2').focus();
  }

  /** @param {any} lesson @param {Listed[]} course @param {CompletedLessons} completed */
  fill(lesson, course, completed) {
    const place = course.findIndex(({ name }) => name === lesson.name);
    this.find('.lessons-all span').textContent = `${place + 1} of ${course.length}`;
    this.find('.lesson h2').textContent = lesson.title;
    this.find('.lesson-text').innerHTML = lesson.html.map((/** @type {string} */ text) => `<p>${text}</p>`).join('');
    this.find('.lesson-formulas').innerHTML = lesson.formulas.join('');
    this.find('.lesson-formulas').hidden = !lesson.formulas.length;
    this.lead('.lesson-begin', lesson);
    this.lead('.lesson-before', course[place - 1]);
    this.lead('.lesson-after', course[place + 1]);
    this.fillTries(lesson.tries);
    this.find('.lesson-asked').innerHTML = lesson.question;
    this.rows = lesson.check.map(conditionRow);
    this.find('.lesson-check').replaceChildren(...this.rows);
    this.find('.lessons-body').scrollTop = 0;
    this.find('.lessons-announcer').textContent = '';
    this.hints.begin(lesson.hints, lesson.solution);
    this.showDone(lesson, course, completed);
  }

  /** Let a link lead to a lesson, or nowhere. @param {string} selector @param {Listed | undefined} lesson */
  lead(selector, lesson) {
    const link = /** @type {HTMLAnchorElement} */ (this.find(selector));
    link.hidden = !lesson;
    if (lesson) link.href = `#${lesson.link}`;
  }

  /** @param {{ html: string, link: string | null }[]} tries */
  fillTries(tries) {
    this.find('.lesson-tries').replaceChildren(...tries.map(({ html, link }) => {
      const row = document.createElement('li'), text = document.createElement(link === null ? 'span' : 'a');
      text.innerHTML = html;
      if (link !== null) text.setAttribute('href', `#${link}`);
      row.append(text);
      return row;
    }));
    /** @type {HTMLElement} */ (this.find('.lesson-tries').parentElement).hidden = !tries.length;
  }

  /** @param {{ met: boolean, keep: boolean, text: string }[]} states by condition */
  showCheck(states) {
    states.forEach((state, i) => {
      const row = this.rows[i], value = /** @type {HTMLElement} */ (row.querySelector('b'));
      if (value.textContent !== state.text) value.textContent = state.text;
      row.hidden = state.met && state.keep;
      if (row.classList.contains('met') === state.met) return;
      row.classList.toggle('met', state.met);
      /** @type {HTMLElement} */ (row.querySelector('.unseen')).textContent = state.met ? ', met' : '';
    });
  }

  /** Whether what was answered once holds now. @param {boolean} now */
  showHolds(now) {
    this.find('.lesson-done').classList.toggle('before', !now);
    /** @type {HTMLElement} */ (this.find('.lesson-before-now')).hidden = now;
  }

  /** Tell that a lesson is done. @param {any} lesson @param {Listed[]} course @param {CompletedLessons} completed */
  celebrate(lesson, course, completed) {
    this.showDone(lesson, course, completed);
    const line = this.find('.lesson-done');
    line.classList.add('just');
    (this.find('.lesson-on').hidden ? line : this.find('.lesson-on')).scrollIntoView({ block: 'nearest' });
    this.find('.lessons-announcer').textContent = `Done: ${this.find('.lesson-praise').textContent}`;
  }

  /** @param {any} lesson @param {Listed[]} course @param {CompletedLessons} completed */
  showDone(lesson, course, completed) {
    const line = this.find('.lesson-done'), next = course[course.findIndex(({ name }) => name === lesson.name) + 1];
    line.hidden = !completed.has(lesson.name);
    line.classList.remove('just');
    if (!line.hidden) this.hints.end();
    this.find('.lesson-praise').innerHTML = lesson.done;
    this.find('.lesson-learned').innerHTML = lesson.learned ?? '';
    this.find('.lesson-learned').hidden = line.hidden || !lesson.learned;
    this.find('.lesson-end').hidden = line.hidden || Boolean(next);
    this.lead('.lesson-on', line.hidden ? undefined : next);
    this.find('.lesson-on').textContent = next ? `Next: ${next.title}` : '';
  }
}

/** @param {import('./facts.js').Condition} condition */
function conditionRow({ label, words, keep }) {
  const row = document.createElement('li'), name = document.createElement('span'), need = document.createElement('span');
  name.textContent = label;
  need.textContent = words;
  need.className = 'need';
  row.hidden = keep; // until it is known not to hold
  row.append(tick(), name, document.createElement('b'), need, visuallyHidden(''));
  return row;
}
