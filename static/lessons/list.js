// The list of the lessons: by chapters, each with its picture and minutes, and what was learned in those that are done.

import { visuallyHidden } from '../draw/visuallyhidden.js';
import { tick } from './tick.js';

/**
 * @typedef {object} Listed a lesson in the list
 * @property {string} name @property {string} title @property {string} link
 * @property {string} chapter @property {number | null} minutes @property {string | null} learned HTML
 * @typedef {import('./completed.js').CompletedLessons} CompletedLessons
 */

const KEYS = { multiclass: ['classDataset', 'blobs'], regression: ['regDataset', 'reg-plane'] };

/** @param {HTMLElement} list @param {Listed[]} course @param {CompletedLessons} completed @param {string} chosen */
export function fillList(list, course, completed, chosen) {
  /** @type {Listed[][]} */
  const chapters = [];
  for (const one of course) {
    if (chapters.at(-1)?.[0].chapter === one.chapter) chapters.at(-1)?.push(one);
    else chapters.push([one]);
  }
  const done = course.filter(({ name }) => completed.has(name));
  /** @type {HTMLElement} */ (list.querySelector('.lessons-done')).textContent = summary(course, done);
  const ended = done.length === course.length;
  list.querySelector('.lessons-chapters')?.replaceChildren(...chapters.flatMap((lessons) => {
    const [{ chapter }] = lessons, heading = document.createElement('h3'), rows = document.createElement('ol');
    heading.textContent = chapter;
    rows.start = course.indexOf(lessons[0]) + 1;
    rows.append(...lessons.map((one) => row(one, completed.has(one.name), ended, one.name === chosen, course.indexOf(one) + 1)));
    return chapter ? [heading, rows] : [rows];
  }));
}

/** @param {Listed[]} course @param {Listed[]} done */
function summary(course, done) {
  if (course.length && done.length === course.length) return `All ${course.length} done. This is what you have learned:`;
  if (done.length) return `${done.length} of ${course.length} done.`;
  const minutes = course.reduce((sum, one) => sum + (one.minutes ?? 0), 0);
  const long = minutes ? ` In all they take about ${minutes} minutes.` : '';
  return `Each sets the playground up and ends in a question, which is ticked off once you have answered it.${long}`;
}

/** @param {Listed} lesson @param {boolean} done @param {boolean} ended whether all are done @param {boolean} chosen @param {number} number */
function row({ title, link, minutes, learned }, done, ended, chosen, number) {
  const item = document.createElement('li'), anchor = document.createElement('a'), name = document.createElement('span');
  anchor.href = `#${link}`;
  name.textContent = title;
  if (chosen) anchor.setAttribute('aria-current', 'true');
  anchor.append(count(number), ...picture(link), name);
  if (minutes && !done) anchor.append(small(`${minutes} min`));
  if (done) anchor.append(tick(), visuallyHidden('(done)'));
  item.append(anchor);
  if (ended && learned) item.append(paragraph(learned));
  return item;
}

/** @param {number} number that the list itself tells to those who hear it */
function count(number) {
  const element = small(String(number));
  element.setAttribute('aria-hidden', 'true');
  return element;
}

/** @param {string} text */
function small(text) {
  return Object.assign(document.createElement('small'), { textContent: text });
}

/** @param {string} html */
function paragraph(html) {
  return Object.assign(document.createElement('p'), { innerHTML: html });
}

/** The picture of a lesson's data, as it stands among the data sets. @param {string} link */
function picture(link) {
  const keys = new URLSearchParams(link), [key, usual] = KEYS[/** @type {keyof typeof KEYS} */ (keys.get('problem'))] ?? ['dataset', 'circle'];
  const drawn = /** @type {HTMLCanvasElement | null} */ (document.querySelector(`.thumbnail:has([value="${CSS.escape(keys.get(key) ?? usual)}"]) canvas`));
  if (!drawn?.width) return [];
  const copy = /** @type {HTMLCanvasElement} */ (drawn.cloneNode());
  copy.getContext('2d')?.drawImage(drawn, 0, 0);
  copy.setAttribute('aria-hidden', 'true');
  return [copy];
}
