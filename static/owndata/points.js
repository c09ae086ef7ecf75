// Points of one's own: their text in links, their CSV, and what looks like either in what a person pastes.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ZERO = 131072, STEPS = 10000, LARGEST = 262143; // a number is (n - ZERO) / STEPS, n of 18 bits
const POINT = /.{9}/g, NUMBER = /.{3}/g; // characters of a point, and of each of its numbers
const ROW = /^\s*[-+.\d][-+.\deE]*[\s,;]+[-+.\d][-+.\deE]*([\s,;]+\S+)?\s*$/; // two numbers and, perhaps, a label

/** How many points a person's own data can have. */
export const MOST_POINTS = 3000;

/** @typedef {[number, number, number]} Point a place and its label */

/**
 * Points as the text that links carry.
 * @param {number[][]} points
 */
export function encode(points) {
  return points.flat().map(characters).join('');
}

/**
 * The points that a text holds.
 * @param {string} text
 * @returns {Point[]}
 */
export function decode(text) {
  return (text.match(POINT) ?? []).map((point) => /** @type {Point} */ ((point.match(NUMBER) ?? []).map(number)));
}

/** @param {number} value */
function characters(value) {
  const n = Math.min(LARGEST, Math.max(0, Math.round(value * STEPS) + ZERO));
  return ALPHABET[n >> 12] + ALPHABET[(n >> 6) & 63] + ALPHABET[n & 63];
}

/** @param {string} text of three characters */
function number(text) {
  const [high, middle, low] = [...text].map((character) => ALPHABET.indexOf(character));
  return (high * 4096 + middle * 64 + low - ZERO) / STEPS;
}

/**
 * Points as a table that any program reads.
 * @param {number[][]} points
 */
export function toCsv(points) {
  return ['x,y,label', ...points.map((point) => point.join())].join('\n') + '\n';
}

/**
 * Whether a text is rows of numbers, with or without a heading, or JSON of points.
 * @param {string} text
 */
export function looksLikePoints(text) {
  const json = parsed(text);
  if (json && typeof json === 'object') return Array.isArray(json) || Array.isArray(json.points);
  const rows = text.trim().split(/\r?\n/);
  const numeric = rows.filter((row) => ROW.test(row)).length;
  return numeric > 1 && numeric > rows.length / 2;
}

/**
 * The saved run that a text holds, or nothing.
 * @param {string} text
 * @returns {object | null}
 */
export function savedRun(text) {
  const json = parsed(text);
  return json?.format === 'neural-playground' ? json : null;
}

/** @param {string} text @returns {any} what it says as JSON, or nothing */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
