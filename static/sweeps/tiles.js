// A tile for each run: its boundary, and under it what it is compared by, upon the colour of that.

import { Pictures } from './pictures.js';
import { measureText, statusWord } from './scale.js';

const AHEAD = '200px'; // how far below the window pictures are asked for

/**
 * @typedef {import('./objective.js').Run} Run
 * @typedef {{ scale: import('./scale.js').Scale | null, label: string, best: string | undefined, epochs: number,
 *   at: string | undefined }} Shown `label` is what the runs are compared by
 */

export class Tiles {
  /** @type {Map<string, HTMLAnchorElement>} by the run's id */
  #tiles = new Map();
  /** @type {Map<string, Run>} */
  #runs = new Map();
  /** @type {Set<string>} the ids of those in view */
  #inView = new Set();
  #pictures;
  /** @type {Shown} */
  #shown = { scale: null, label: '', best: undefined, epochs: 1, at: undefined };
  /** @type {Uint32Array} */
  #pixels = new Uint32Array(256);
  #empty = emptyTile();
  #describe;
  #onPicture;
  #observer = new IntersectionObserver((entries) => this.#move(entries), { rootMargin: AHEAD });

  /**
   * @param {(run: Run) => string} describe a run's values in words
   * @param {(id: string) => void} onPicture
   * @param {(run: Run) => boolean} hasMany classes
   */
  constructor(describe, onPicture, hasMany) {
    this.#describe = describe;
    this.#pictures = new Pictures((id) => this.#paint(id), hasMany);
    this.#onPicture = onPicture;
  }

  /** Show runs as they are now. @param {Run[]} runs @param {Shown} shown */
  update(runs, shown) {
    this.#shown = shown;
    for (const run of runs) {
      const tile = this.#tiles.get(run.id);
      this.#runs.set(run.id, run);
      if (tile) write(tile, run, shown, this.#describe);
      if (this.#inView.has(run.id) || run.id === shown.at) this.#pictures.want(run);
    }
  }

  /** A run's tile. @param {Run} run */
  get(run) {
    return this.#tiles.get(run.id) ?? this.#create(run);
  }

  /** Have the pictures in the colours of a scale. @param {Uint32Array} pixels */
  recolor(pixels) {
    this.#pixels = pixels;
    for (const id of this.#tiles.keys()) this.#paint(id);
  }

  /** Draw a run's picture on another canvas too; says whether there is one. @param {string} id @param {HTMLCanvasElement} canvas */
  paint(id, canvas) {
    return this.#pictures.paint(id, canvas, this.#pixels);
  }

  /** @param {Run} run */
  #create(run) {
    const tile = /** @type {HTMLAnchorElement} */ (this.#empty.cloneNode(true));
    tile.href = `/api/v1/runs/${run.id}/page`;
    tile.dataset.run = run.id;
    this.#tiles.set(run.id, tile);
    write(tile, run, this.#shown, this.#describe);
    this.#paint(run.id);
    this.#observer.observe(tile);
    return tile;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #move(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = /** @type {HTMLElement} */ (target).dataset.run ?? '', run = this.#runs.get(id);
      if (isIntersecting) this.#inView.add(id);
      else this.#inView.delete(id);
      if (isIntersecting && run) this.#pictures.want(run);
      else if (id !== this.#shown.at) this.#pictures.forget(id);
    }
  }

  /** @param {string} id */
  #paint(id) {
    const tile = this.#tiles.get(id), canvas = tile?.querySelector('canvas');
    if (tile && canvas) tile.classList.toggle('drawn', this.#pictures.paint(id, canvas, this.#pixels));
    this.#onPicture(id);
  }
}

function emptyTile() {
  const tile = document.createElement('a');
  tile.className = 'tile';
  tile.tabIndex = -1;
  tile.innerHTML = '<span class="map"><canvas width="1" height="1"></canvas><span class="word"></span></span><span class="loss"><b></b><small></small></span>';
  return tile;
}

/** What stands over a run's map. @param {Run} run */
function wordOver(run) {
  if (run.status === 'succeeded' || run.status === 'failed') return '';
  return run.status === 'running' && Pictures.drawable(run) ? '' : statusWord(run);
}

/**
 * @param {HTMLAnchorElement} tile @param {Run} run @param {Shown} shown
 * @param {(run: Run) => string} describe
 */
function write(tile, run, { scale, label, best, epochs, at }, describe) {
  const { status, progress, value } = run;
  const isBest = run.id === best, text = status === 'failed' ? statusWord(run) : measureText(value);
  const part = status === 'running' ? (progress.epoch / epochs).toFixed(3) : '0';
  const tint = value === null || !scale ? '' : scale.at(value).toFixed(2);
  const state = [run.version, text, tint, isBest, run.id === at].join();
  if (tile.dataset.state === state) return;
  tile.dataset.state = state;
  tile.dataset.status = status;
  tile.classList.toggle('best', isBest);
  tile.classList.toggle('at', run.id === at);
  tile.style.setProperty('--part', part);
  tile.style.setProperty('--worse', tint || '1');
  tile.classList.toggle('tinted', tint !== '');
  const [word, number, more] = /** @type {NodeListOf<HTMLElement>} */ (tile.querySelectorAll('.word, .loss b, .loss small'));
  word.textContent = wordOver(run);
  number.textContent = text;
  more.textContent = isBest ? 'best' : '';
  const outcome = [value === null ? '' : `${label} ${text}`, status === 'succeeded' ? '' : statusWord(run), isBest ? 'the best' : ''];
  tile.setAttribute('aria-label', `${describe(run)}: ${outcome.filter(Boolean).join(', ')}`);
}
