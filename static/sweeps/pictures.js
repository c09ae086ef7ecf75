// The boundaries' pictures: asked for when they come into view, a few at a time, and again only when a run has gone on.
// The server draws them in the light page's colours; here they take those of the page's own theme and palette, but for
// those of many classes, whose colours are the same in all.

import { createScale } from '../draw/colors.js';

const SIZE = 96; // pixels a side: below 100, where the server draws no points
const AT_ONCE = 4;
const DRAWN_WITH = 'rgb(233, 236, 238)'; // the server's neutral

/**
 * @typedef {import('./objective.js').Run} Run
 * @typedef {{ stamp: string, levels: Uint8Array | Uint32Array | null }} Picture `levels` are places on the scale or, of many
 *   classes, the pixels themselves; null where it could not be had
 */

export class Pictures {
  /** @type {Map<string, Picture>} by the run's id */
  #pictures = new Map();
  /** @type {Map<string, Run>} what is to be asked for, the longest waiting first */
  #wanted = new Map();
  /** @type {Set<string>} */
  #asked = new Set();
  #onPicture;
  #hasMany;
  #levelOf = levelReader();
  #scratch = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE }).getContext('2d', { willReadFrequently: true });

  /** @param {(id: string) => void} onPicture a run has a new one @param {(run: Run) => boolean} hasMany classes */
  constructor(onPicture, hasMany) {
    this.#onPicture = onPicture;
    this.#hasMany = hasMany;
  }

  /** Whether a run has come so far that there is something to draw. @param {Run} run */
  static drawable(run) {
    return run.progress.theta_sha256 !== null;
  }

  /** A run in view: ask for its picture unless it is there. @param {Run} run */
  want(run) {
    if (!Pictures.drawable(run) || this.#has(run)) this.#wanted.delete(run.id);
    else this.#wanted.set(run.id, run);
    this.#next();
  }

  /** @param {Run} run */
  #has({ id, progress }) {
    return this.#pictures.get(id)?.stamp === progress.theta_sha256;
  }

  /** It is out of view before its turn. @param {string} id */
  forget(id) {
    this.#wanted.delete(id);
  }

  #next() {
    for (const [id, run] of this.#wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      if (this.#asked.has(id)) continue; // on its way in an older version
      this.#wanted.delete(id);
      if (this.#has(run)) continue; // it was just that one
      this.#asked.add(id);
      this.#ask(run);
    }
  }

  /** @param {Run} run */
  async #ask(run) {
    const { id, version, progress } = run;
    const stamp = progress.theta_sha256 ?? '';
    let levels = this.#pictures.get(id)?.levels ?? null;
    try {
      const answer = await fetch(`/api/v1/runs/${id}/boundary.png?size=${SIZE}&version=${version}`);
      if (answer.ok) levels = this.#read(await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none' }), this.#hasMany(run));
    } catch {
      // the older picture stays until the run has changed
    }
    this.#pictures.set(id, { stamp, levels });
    this.#asked.delete(id);
    this.#onPicture(id);
    this.#next();
  }

  /** @param {ImageBitmap} bitmap @param {boolean} many classes */
  #read(bitmap, many) {
    if (!this.#scratch) return null;
    this.#scratch.drawImage(bitmap, 0, 0);
    const { data } = this.#scratch.getImageData(0, 0, SIZE, SIZE);
    const words = new Uint32Array(data.buffer);
    return many ? words : Uint8Array.from(words, this.#levelOf);
  }

  /**
   * Draw a run's picture; says whether there is one.
   * @param {string} id @param {HTMLCanvasElement} canvas @param {Uint32Array} pixels of the scale
   */
  paint(id, canvas, pixels) {
    const levels = this.#pictures.get(id)?.levels;
    if (!levels) return false;
    if (canvas.width !== SIZE) canvas.width = canvas.height = SIZE;
    const image = new ImageData(SIZE, SIZE);
    new Uint32Array(image.data.buffer).set(levels instanceof Uint32Array ? levels : Uint32Array.from(levels, (level) => pixels[level]));
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    return true;
  }
}

/**
 * The place of a colour on the scale that the server draws with; one in between counts as the nearest.
 * @returns {(word: number) => number} of a pixel as ABGR
 */
function levelReader() {
  const { pixels } = createScale(DRAWN_WITH);
  const levels = new Map(Array.from(pixels, (word, level) => [word, level]));
  return (word) => {
    let level = levels.get(word);
    if (level === undefined) levels.set(word, (level = nearest(pixels, word)));
    return level;
  };
}

/** @param {Uint32Array} pixels @param {number} word */
function nearest(pixels, word) {
  let best = 0, least = Infinity;
  pixels.forEach((other, level) => {
    const far = [0, 8, 16].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((word >> shift) & 255)) ** 2, 0);
    if (far < least) [best, least] = [level, far];
  });
  return best;
}
