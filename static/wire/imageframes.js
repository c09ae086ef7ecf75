// Frames of a run with images: the bytes that the server sends for each picture, as typed arrays on the received buffer.
// docs/protocol.md has the table; app/wire/image_frames.py writes it.

import { inflated } from './compression.js';
import { ROW } from './frames.js';
import { SectionReader } from './sections.js';

const MAGIC = 0x49504e4e; // "NNPI" read as a little-endian number
const VERSION = 1;
const HEADER = 128;
const PLAYING = 1, DIVERGED = 2, STOPPED = 8;
const NO_NUMBERS = new Float64Array(), NO_BYTES = new Uint8Array();

/** Whether bytes are a frame of a run with images. @param {ArrayBuffer} buffer */
export const isImageFrame = (buffer) => buffer.byteLength >= HEADER && new DataView(buffer).getUint32(0, true) === MAGIC;

/** A frame like all others, whose parts about the plane are empty. @param {ArrayBuffer} buffer @returns {Promise<import('./frames.js').Frame>} */
export async function parseImageFrame(buffer) {
  const view = new DataView(buffer), version = view.getUint16(4, true), flags = view.getUint16(6, true);
  if (version !== VERSION) throw new Error(`expected image frame version ${VERSION}, got ${version}`);
  const number = (/** @type {number} */ at) => view.getFloat64(at, true), count = (/** @type {number} */ at) => view.getUint32(at, true);
  const sections = new SectionReader(buffer, HEADER);
  const history = sections.read(Float64Array, count(96) * ROW), ranges = sections.read(Float32Array, count(104));
  const losses = sections.read(Float32Array, count(112)), predicted = sections.read(Uint8Array, count(112));
  const activations = sections.read(Float32Array, count(116)), evidence = sections.read(Float32Array, count(120));
  const templates = await inflated(sections.rest());
  return {
    ...{ number: count(8), run: count(12), version: count(16), epoch: number(24), updates: number(32) },
    ...{ trainLoss: number(40), testLoss: number(48), trainScore: number(56), testScore: number(64) },
    ...{ validationLoss: number(72), validationScore: number(80), rate: number(88) },
    ...{ playing: (flags & PLAYING) !== 0, diverged: (flags & DIVERGED) !== 0, stopped: (flags & STOPPED) !== 0 },
    ...{ theta: NO_NUMBERS, gradient: null, step: null, history, probe: NO_NUMBERS, worst: NO_NUMBERS, collapsed: NO_NUMBERS },
    ...{ ranges: new Float32Array(), lines: new Uint32Array(), selectedLines: new Uint32Array() },
    ...{ unitSide: 1, side: 1, units: NO_BYTES, outputs: NO_BYTES, selected: null, selectedMap: null },
    ...{ batch: new Uint32Array(), batchNumber: 0, batches: 0 },
    images: { first: count(100), ranges, templates, losses, predicted, activations, evidence, chosen: view.getInt32(20, true) },
  };
}
