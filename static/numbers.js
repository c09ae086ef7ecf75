// How numbers are written.

/**
 * Three digits that matter, as text of an even width: 0.0312, 1.20, 134.
 * @param {number} value
 */
export function shortNumber(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0001 || size >= 1e5)) return value.toExponential(2).replace('-', '−').replace('e−', 'e-').replace('e+', 'e');
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return value.toFixed(digits).replace('-', '−');
}

/**
 * An epoch with leading zeros, so that nothing moves while it grows: 000,215.
 * @param {number} epoch
 */
export function epochText(epoch) {
  const digits = String(epoch).padStart(6, '0');
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
