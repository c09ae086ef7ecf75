// Crossings of lines, from the bytes that app/wire/lines.py codes them in.

export const BYTES = 5; // of a crossing
const EDGES = (1 << 18) - 1;

/**
 * Crossings as edge << 14 | second << 11 | first << 8 | share.
 * @param {Uint8Array} bytes of all crossings the lowest of the differences between edges, then the middle and the highest
 *   ones, then the classes, then the shares
 */
export function decodeLines(bytes) {
  const count = bytes.length / BYTES, lines = new Uint32Array(count);
  for (let i = 0, edge = 0; i < count; i++) {
    edge = (edge + (bytes[i] | (bytes[count + i] << 8) | (bytes[2 * count + i] << 16))) & EDGES;
    lines[i] = (edge << 14) | (bytes[3 * count + i] << 8) | bytes[4 * count + i];
  }
  return lines;
}
