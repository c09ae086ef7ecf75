// How numbers are written, also those of a run that diverged: ∞, −∞, and a dash for what is no number; and how they are read.

const MINUS = '−';
const SMALLEST = 0.0001, LARGEST = 1e5; // beyond them with a power of ten
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i; // with either decimal mark
const BETWEEN = 'put semicolons between the numbers';
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/; // 1,000 is a thousand to some people and one to others

/** What is beyond all numbers. @param {number} value */
const beyond = (value) => (Number.isNaN(value) ? '–' : value < 0 ? `${MINUS}∞` : '∞');

/**
 * Three digits that matter: 0.000312, 0.0312, 1.20, 134.
 * @param {number} value
 */
export function shortNumber(value) {
  if (!Number.isFinite(value)) return beyond(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < SMALLEST || size >= LARGEST)) return value.toExponential(2).replace('-', MINUS).replace('e−', 'e-').replace('e+', 'e');
  const digits = size === 0 ? 4 : Math.min(7, Math.max(0, 2 - Math.floor(Math.log10(size))));
  return value.toFixed(digits).replace('-', MINUS);
}

/**
 * Four decimals, or as many digits that matter where a number is small or large: 0.0780, −0.1975, 12.5000, 3.12e-7.
 * @param {number} value
 */
export function fourDigits(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size !== 0 && (size < 0.001 || size >= LARGEST))) return shortNumber(value);
  return value.toFixed(4).replace('-', MINUS);
}

/**
 * A loss, wherever it stands: three decimals, fewer of a large one, a power of ten beyond; never more than six characters.
 * @param {number} value
 */
export function lossText(value) {
  if (!Number.isFinite(value)) return beyond(value);
  if (value !== 0 && (value < 0.0005 || value >= 9999.5)) return value.toExponential(value < 1e-99 || value >= 1e10 ? 0 : 1).replace('+', '');
  return value.toFixed(value < 9.9995 ? 3 : value < 99.995 ? 2 : value < 999.95 ? 1 : 0);
}

/**
 * As few characters as say about how much, for a small square: 0.42, −1.3, 12, 3e5.
 * @param {number} value
 */
export function tinyNumber(value) {
  if (!Number.isFinite(value)) return beyond(value);
  const size = Math.abs(value);
  if (size >= 999.5) return value.toExponential(0).replace('+', '').replace('-', MINUS);
  return value.toFixed(size >= 99.5 ? 0 : size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2).replace('-', MINUS);
}

/**
 * A number as an operand that follows others: " + 0.42" or " − 1.30".
 * @param {number} value
 * @param {boolean} first of all
 */
export function operand(value, first) {
  if (first) return shortNumber(value);
  return ` ${value < 0 ? MINUS : '+'} ${shortNumber(Math.abs(value))}`;
}

/** All digits, to be copied. @param {number} value */
export const exactNumber = (value) => (Number.isFinite(value) ? String(value) : beyond(value));

/** A share in percent, or a dash where there is none. @param {number} value */
export function percent(value) {
  return Number.isNaN(value) ? beyond(value) : `${(100 * value).toFixed(1)} %`;
}

/**
 * How many in a second, with at most four digits: 60, 1,500, 23 k.
 * @param {number} value
 */
export function perSecond(value) {
  return value >= 9999.5 ? `${Math.round(value / 1000)} k` : Math.round(value).toLocaleString('en');
}

/**
 * An epoch with leading zeros, so that nothing moves while it grows: 000,215.
 * @param {number} epoch
 */
export function epochText(epoch) {
  const digits = String(epoch).padStart(6, '0');
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * The number that a person typed, with either decimal mark; an Error that says what was expected where it is none.
 * @param {string} text
 * @param {string} expected
 */
export function readNumber(text, expected = 'a number, such as 0.5 or 0,5') {
  const typed = text.trim().replaceAll(MINUS, '-');
  if (THOUSANDS.test(typed)) throw twoWays(typed, `type ${typed.replace(',', '.')} or ${typed.replace(',', '')}`);
  const value = NUMBER.test(typed) ? Number(typed.replace(',', '.')) : NaN;
  if (!Number.isFinite(value)) throw new Error(`expected ${expected}, got ${typed || 'nothing'}.`);
  return value;
}

/**
 * The numbers of a list: apart by semicolons, white space, or commas where these cannot be decimal marks; an Error that says
 * what was expected where a part is none, or the list can be read in two ways.
 * @param {string} text
 * @param {boolean} whole whether they are whole numbers, which have no decimal mark
 */
export function readNumbers(text, whole = false) {
  const typed = text.trim().replace(/^[\s,;]+|[\s,;]+$/g, '');
  if (!typed) return [];
  return partsOf(typed, whole).map((part) => readNumber(part));
}

/** @param {string} typed a list @param {boolean} whole */
function partsOf(typed, whole) {
  if (typed.includes(';')) return typed.split(/[\s,]*;[\s,;]*/);
  const parts = typed.split(/\s*,\s+|\s+,?\s*/), withComma = parts.filter((part) => part.includes(',')).length;
  if (!withComma) return parts;
  const apartByCommas = parts.length === 1 || /,\s|\s,/.test(typed);
  if (apartByCommas && (whole || typed.includes('.'))) return unambiguous(typed.split(/[\s,]+/), typed);
  if (parts.length > 1 && !typed.includes('.') && (withComma === parts.length || !apartByCommas)) return parts; // 0,03, 1,5
  throw twoWays(typed, BETWEEN);
}

/** Parts between commas, none of which looks like the end of another: 0,05 is no list of 0 and 5. @param {string[]} parts @param {string} typed */
function unambiguous(parts, typed) {
  if (parts.some((part) => /^0\d/.test(part))) throw twoWays(typed, BETWEEN);
  return parts;
}

/** @param {string} typed @param {string} better */
const twoWays = (typed, better) => new Error(`${typed} can be read in two ways: ${better}.`);
