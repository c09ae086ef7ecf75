// Frames: the bytes that the server sends for each picture, as typed arrays on the received buffer.
// docs/protocol.md has the table; app/wire/frames.py writes it.

import { decompress } from './compression.js';
import { BYTES, decodeLines } from './lines.js';
import { SectionReader } from './sections.js';

const MAGIC = 0x46504e4e; // "NNPF" read as a little-endian number
const VERSION = 6;
const HEADER = 152;
const PLAYING = 1, DIVERGED = 2, STEPPED = 4, STOPPED = 8;
const LEVELS = 16; // steps at most between the lowest and the highest value of a hidden unit's map
export const ROW = 7; // numbers in a row of the history

/**
 * @typedef {object} ImagePart what is told of images alone
 * @property {number} first the unit of the first layer that the templates begin with
 * @property {Float32Array} ranges the largest weight of each of these templates
 * @property {Uint8Array} templates 128 is zero, 1 and 255 are the ends of the ranges
 * @property {Float32Array} losses of the test images @property {Uint8Array} predicted the class that each is taken for
 * @property {Float32Array} activations what all units say of the image on show; or nothing
 * @property {Float32Array} evidence what each of its pixels adds to the sum of a class; or nothing
 * @property {number} chosen that class, or -1
 */

/**
 * @typedef {object} Frame
 * @property {number} number @property {number} run @property {number} version
 * @property {number} epoch @property {number} updates
 * @property {number} trainLoss @property {number} testLoss
 * @property {number} trainScore @property {number} testScore accuracy or R squared; NaN where it has no meaning
 * @property {number} validationLoss @property {number} validationScore NaN where no points validate
 * @property {number} rate the learning rate
 * @property {boolean} playing @property {boolean} diverged @property {boolean} stopped early
 * @property {Float64Array} theta all parameters: by layer, by unit, its weights and then its bias
 * @property {Float64Array | null} gradient of the last update, where that was one of a step
 * @property {Float64Array | null} step what that update added to theta
 * @property {Uint32Array} batch the points of that update, by their places among those that train
 * @property {number} batchNumber @property {number} batches which batch of the epoch it was, and how many there are
 * @property {Float64Array} history rows of epoch, training loss, test loss, lowest and highest loss of a batch,
 *   validation loss (NaN where no points validate), learning rate (NaN where it is not known)
 * @property {Float64Array} probe of the probed point its features, all units' outputs, its loss or NaN; or nothing
 * @property {Float64Array} worst of the points with the largest losses, by training and then test points: place, loss
 * @property {Float64Array} collapsed W and b, row by row, of the one layer that an all-linear network equals; or nothing
 * @property {Float32Array} ranges what 255 stands for in each hidden unit's map, then in each output's
 * @property {Uint32Array} lines where the decision changes @property {Uint32Array} selectedLines where the selected unit
 *   crosses zero: edge << 14 | second << 11 | first << 8 | share of an edge between two pixels and of what is decided at its ends
 * @property {number} unitSide @property {Uint8Array} units the hidden units' maps
 * @property {number} side @property {Uint8Array} outputs the outputs' maps
 * @property {[number, number] | null} selected layer and unit @property {Uint8Array | null} selectedMap
 * @property {ImagePart} [images] of a run with images, which has nothing of a plane
 */

/**
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Frame>}
 */
export async function parseFrame(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER || view.getUint32(0, true) !== MAGIC) throw new Error('expected a frame');
  if (view.getUint16(4, true) !== VERSION) throw new Error(`expected frame version ${VERSION}, got ${view.getUint16(4, true)}`);
  const flags = view.getUint16(6, true);
  const parameters = view.getUint32(20, true);
  const rows = view.getUint32(96, true), units = view.getUint32(100, true), outputs = view.getUint32(104, true);
  const unitSide = view.getUint16(108, true), side = view.getUint16(110, true);
  const layer = view.getInt16(112, true), unit = view.getInt16(114, true);
  const probe = view.getUint32(116, true), worst = view.getUint32(120, true), collapsed = view.getUint32(124, true);
  const lines = view.getUint32(128, true), selectedLines = view.getUint32(132, true);
  const batch = view.getUint32(136, true);
  const stepped = (flags & STEPPED) !== 0;
  const sections = new SectionReader(buffer, HEADER);
  const frame = {
    number: view.getUint32(8, true),
    run: view.getUint32(12, true),
    version: view.getUint32(16, true),
    epoch: view.getFloat64(24, true),
    updates: view.getFloat64(32, true),
    trainLoss: view.getFloat64(40, true),
    testLoss: view.getFloat64(48, true),
    trainScore: view.getFloat64(56, true),
    testScore: view.getFloat64(64, true),
    validationLoss: view.getFloat64(72, true),
    validationScore: view.getFloat64(80, true),
    rate: view.getFloat64(88, true),
    playing: (flags & PLAYING) !== 0,
    diverged: (flags & DIVERGED) !== 0,
    stopped: (flags & STOPPED) !== 0,
    theta: sections.read(Float64Array, parameters),
    gradient: stepped ? sections.read(Float64Array, parameters) : null,
    step: stepped ? sections.read(Float64Array, parameters) : null,
    history: sections.read(Float64Array, rows * ROW),
    probe: sections.read(Float64Array, probe),
    worst: sections.read(Float64Array, worst * 2),
    collapsed: sections.read(Float64Array, collapsed),
    ranges: sections.read(Float32Array, units + outputs),
    batch: sections.read(Uint32Array, batch),
    batchNumber: view.getUint32(140, true),
    batches: view.getUint32(144, true),
    unitSide,
    side,
  };
  const ends = sections.read(Uint8Array, 2 * units);
  const stacks = [[units, unitSide], [outputs, side], [layer < 0 ? 0 : 1, side], [BYTES * lines, 1], [BYTES * selectedLines, 1]];
  const maps = await decompress(sections.rest(), stacks);
  spread(maps[0], ends);
  const selected = /** @type {Frame['selected']} */ (layer < 0 ? null : [layer, unit]);
  const decoded = { lines: decodeLines(maps[3]), selectedLines: decodeLines(maps[4]) };
  return { ...frame, ...decoded, units: maps[0], outputs: maps[1], selected, selectedMap: selected && maps[2] };
}

/** Levels become values from the lowest to the highest of each map. @param {Uint8Array} maps @param {Uint8Array} ends */
function spread(maps, ends) {
  const area = (2 * maps.length) / ends.length;
  for (let i = 0; i < ends.length; i += 2) {
    const low = ends[i], span = ends[i + 1] - low, steps = Math.min(span, LEVELS) || 1, start = (i / 2) * area;
    for (let k = start; k < start + area; k++) maps[k] = Math.floor(low + (maps[k] * span) / steps + 0.5);
  }
}

