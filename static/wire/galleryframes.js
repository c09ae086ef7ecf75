// Frames of a gallery: the bytes that the server sends for runs side by side, as typed arrays on the received buffer.
// docs/protocol.md has the table; app/wire/gallery_frames.py writes it.

import { decompress } from './compression.js';
import { SectionReader } from './sections.js';

const MAGIC = 0x47504e4e; // "NNPG" read as a little-endian number
const VERSION = 2;
const HEADER = 40;
const PLAYING = 1, DONE = 2, DIVERGED = 1, STOPPED = 2;
const NUMBERS = 7;
const EPOCH = 0, TRAIN = 1, TEST = 2, VALIDATION = 3, TRAIN_SCORE = 4, TEST_SCORE = 5, VALIDATION_SCORE = 6;

/**
 * @typedef {object} Member one run: NaN is what it has not
 * @property {number} epoch where it is, or has ended
 * @property {number} trainLoss @property {number} testLoss @property {number} validationLoss
 * @property {number} trainScore @property {number} testScore @property {number} validationScore
 * @property {boolean} diverged @property {boolean} stopped early
 * @property {number[]} ranges what 255 stands for in each of its maps
 * @property {Uint8Array} maps of its outputs
 *
 * @typedef {object} GalleryFrame
 * @property {number} number @property {number} gallery which one, since many can be opened one after another
 * @property {number} epoch that all have reached which still train
 * @property {boolean} playing @property {boolean} done
 * @property {number} side pixels of a map
 * @property {Member[]} members
 * @property {Float64Array[]} rows epoch, training losses, test losses, validation losses of all members
 */

/** Whether bytes are a frame of a gallery. @param {ArrayBuffer} buffer */
export const isGalleryFrame = (buffer) => buffer.byteLength >= HEADER && new DataView(buffer).getUint32(0, true) === MAGIC;

/** @param {ArrayBuffer} buffer @returns {Promise<GalleryFrame>} */
export async function parseGalleryFrame(buffer) {
  const view = new DataView(buffer), version = view.getUint16(4, true), flags = view.getUint16(6, true);
  if (version !== VERSION) throw new Error(`expected gallery version ${VERSION}, got ${version}`);
  const count = view.getUint32(24, true), outputs = view.getUint32(28, true);
  const side = view.getUint32(32, true), rows = view.getUint32(36, true), width = 1 + 3 * count;
  const sections = new SectionReader(buffer, HEADER);
  const numbers = sections.read(Float64Array, count * NUMBERS), losses = sections.read(Float64Array, rows * width);
  const ranges = sections.read(Float32Array, count * outputs), marks = sections.read(Uint8Array, count);
  const [maps] = await decompress(sections.rest(), [[count * outputs, side]]), size = outputs * side * side;
  return {
    number: view.getUint32(8, true),
    gallery: view.getUint32(12, true),
    epoch: view.getFloat64(16, true),
    playing: (flags & PLAYING) !== 0,
    done: (flags & DONE) !== 0,
    side,
    members: Array.from({ length: count }, (_, i) => ({
      ...numbered(numbers.subarray(i * NUMBERS, (i + 1) * NUMBERS)),
      diverged: (marks[i] & DIVERGED) !== 0,
      stopped: (marks[i] & STOPPED) !== 0,
      ranges: [...ranges.subarray(i * outputs, (i + 1) * outputs)],
      maps: maps.subarray(i * size, (i + 1) * size),
    })),
    rows: Array.from({ length: rows }, (_, i) => losses.slice(i * width, (i + 1) * width)),
  };
}

/** @param {Float64Array} numbers of a member */
function numbered(numbers) {
  return {
    epoch: numbers[EPOCH],
    trainLoss: numbers[TRAIN],
    testLoss: numbers[TEST],
    validationLoss: numbers[VALIDATION],
    trainScore: numbers[TRAIN_SCORE],
    testScore: numbers[TEST_SCORE],
    validationScore: numbers[VALIDATION_SCORE],
  };
}
