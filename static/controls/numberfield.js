// Fields in which a number is typed: they read either decimal mark, count by arrow keys, and say no in a sentence.

import { readNumber, readNumbers } from '../draw/numbers.js';

/**
 * @typedef {object} Uses
 * @property {(value: number) => void} take
 * @property {(sentence: string) => void} refuse told what was expected, and what came
 * @property {() => void} [close] put away a field that stands there only to be typed into: after Enter, and by Escape
 */

/**
 * Call back with each number that is typed into a field. Its data attributes `min`, `max` and `step` are what the arrow keys
 * keep to. Escape takes back what was typed, and only then closes what the field stands in.
 * @param {HTMLInputElement} field
 * @param {Uses} uses
 */
export function bindNumber(field, { take, refuse, close }) {
  let held = '', told = ''; // the text of what holds, and that which was answered last
  const submit = () => {
    const text = field.value;
    if (text === told || !text.trim()) return;
    told = text;
    try {
      take(readNumber(text));
      held = text;
    } catch (error) {
      refuse(sentenceOf(field, error));
    }
  };
  const takeBack = () => {
    const typed = field.value !== held;
    field.value = held;
    if (typed) field.select();
    close?.();
    return typed || Boolean(close);
  };
  const enter = () => {
    submit();
    close?.();
    return Boolean(close); // else the form that it stands in hears of it
  };
  const count = (/** @type {number} */ by) => {
    const counts = counted(field, by);
    if (counts) submit();
    return counts;
  };
  /** @type {Record<string, () => boolean>} each gives whether the key is used up */
  const keys = { ArrowUp: () => count(1), ArrowDown: () => count(-1), Enter: enter, Escape: takeBack };
  field.addEventListener('focus', () => (held = told = field.value));
  field.addEventListener('change', submit);
  field.addEventListener('keydown', (event) => {
    if (!keys[event.key]?.()) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * The number in a field that has a least one; an Error with a sentence where there is none within its limits.
 * @param {HTMLInputElement} field
 */
export function numberIn(field) {
  const { min, max, whole } = field.dataset;
  const expected = `a ${whole ? 'whole ' : ''}number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}`;
  try {
    const value = readNumber(field.value, expected), outside = value < Number(min) || value > Number(max ?? Infinity);
    if (outside || (whole && !Number.isInteger(value))) throw new Error(`expected ${expected}, got ${field.value.trim()}.`);
    return value;
  } catch (error) {
    throw new Error(sentenceOf(field, error));
  }
}

/** The list of numbers in a field, two at least; an Error with a sentence where it is none. @param {HTMLInputElement} field @param {boolean} whole @param {number} most */
export function numbersIn(field, whole, most) {
  try {
    const numbers = readNumbers(field.value, whole);
    if (numbers.length < 2 || numbers.length > most) throw new Error(`expected 2 to ${most} numbers, such as 0.01; 0.1.`);
    return numbers;
  } catch (error) {
    throw new Error(sentenceOf(field, error));
  }
}

/** What is wrong in a field, by the name that a person knows it by. @param {HTMLInputElement} field @param {any} error */
const sentenceOf = (field, { message }) => `${field.ariaLabel || field.labels?.[0]?.textContent?.trim()}: ${message}`;

/** Count up or down from the number in a field; whether there is one. @param {HTMLInputElement} field @param {number} by */
function counted(field, by) {
  const { min = '-Infinity', max = 'Infinity', step = '1' } = field.dataset;
  try {
    const value = readNumber(field.value) + by * Number(step);
    field.value = String(Number(Math.min(Number(max), Math.max(Number(min), value)).toPrecision(12)));
    return true;
  } catch {
    return false;
  }
}
