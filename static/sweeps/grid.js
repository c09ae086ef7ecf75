// The tiles in rows and columns of two knobs, or one after the other, the best first; and the arrow keys between them.

import { byValue, meanValue } from './objective.js';
import { cellsOf } from './gridcells.js';
import { measureText } from './scale.js';

const CROWD = 12; // so many runs of a cell stand side by side; of more, the best stands for all
const LEAST = 44, MOST = 240, LIST = 104; // pixels of a map's side
const ALONE = 96, AMONG = 60; // what it is not made smaller than for the height of the window
const GAP = 4, CELL_GAP = 10, LOSS = 24, MEAN = 20, FOOT = 24, HEAD = 64;

/**
 * @typedef {import('./objective.js').Run} Run @typedef {import('./gridcells.js').Knob} Knob
 * @typedef {{ rows?: Knob, columns?: Knob, rest: Knob[], runs: Run[], list: boolean,
 *   objective: import('./objective.js').Objective }} Arrangement `runs` are those to be shown; `rest` are the
 *   knobs in which those of a cell differ
 */

export class Grid {
  #root;
  #tiles;
  #captionOf;
  #shape = '';
  /** @type {Arrangement | undefined} */
  #last;
  #size = { rows: 1, columns: 1, most: 1, shared: false };
  /** @type {{ ids: Set<string>, mean: HTMLElement }[]} the cells that several runs share */
  #shared = [];

  /**
   * @param {HTMLElement} root
   * @param {import('./tiles.js').Tiles} tiles
   * @param {(run: Run) => string} captionOf what a tile of the list is captioned with
   */
  constructor(root, tiles, captionOf) {
    this.#root = root;
    this.#tiles = tiles;
    this.#captionOf = captionOf;
    root.addEventListener('keydown', (event) => this.#walk(event));
    root.addEventListener('focusin', ({ target }) => this.#reach(/** @type {HTMLElement} */ (target)));
    root.addEventListener('pointerleave', () => this.#last && this.show(this.#last)); // the order that waited for it
    new ResizeObserver(() => this.#fit()).observe(root);
  }

  /** @param {Arrangement} arrangement */
  show(arrangement) {
    const { rows, columns, runs, list, objective } = this.#last = arrangement;
    const cells = list ? [[byValue(runs, objective)]] : cellsOf(runs, rows, columns);
    const crowded = !list && cells.some((row) => row.some(({ length }) => length > CROWD));
    const shown = crowded ? cells.map((row) => row.map((cell) => byValue(cell, objective).slice(0, 1))) : cells;
    const shape = [list, `${rows?.key} ${columns?.key}`, runs.length, ...shown.flat(2).map(({ id }) => id)].join();
    if (shape === this.#shape || this.#isInUse(shape)) {
      this.#tellMeans(runs);
      return;
    }
    this.#shape = shape;
    this.#shared = [];
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!runs.length) this.#root.innerHTML = '<p class="hint">No run has these values.</p>';
    else this.#root.replaceChildren(list ? this.#list(shown[0][0]) : this.#table(arrangement, cells, shown));
    if (focused?.matches('.tile') && focused.isConnected) focused.focus();
    if (!this.#root.querySelector('.tile[tabindex="0"]')) this.#root.querySelector('.tile')?.setAttribute('tabindex', '0');
    this.#tellMeans(runs);
    this.#fit();
  }

  /** Whether a new order of the same runs had better wait: somebody points at one. @param {string} shape */
  #isInUse(shape) {
    const same = (/** @type {string} */ one) => one.split(',', 3).join();
    return this.#root.querySelector('.tile:is(:hover, :focus)') !== null && same(shape) === same(this.#shape);
  }

  /** @param {Run[]} runs */
  #list(runs) {
    const list = document.createElement('ol');
    list.className = 'list';
    for (const run of runs) {
      const item = document.createElement('li'), caption = document.createElement('p');
      caption.textContent = this.#captionOf(run);
      item.append(this.#tiles.get(run), caption);
      list.append(item);
    }
    return list;
  }

  /** @param {Arrangement} arrangement @param {Run[][][]} cells @param {Run[][][]} shown those of each cell that have a tile */
  #table({ rows, columns, rest }, cells, shown) {
    const table = document.createElement('table'), most = (/** @type {Run[][][]} */ all) => Math.max(...all.flat().map(({ length }) => length));
    this.#size = { rows: cells.length, columns: cells[0].length, most: most(shown), shared: most(cells) > 1 };
    if (columns) {
      const names = table.createTHead().insertRow();
      names.append(rows ? corner(rows.label, columns.label) : heading('', 'col'), ...columns.values.map((value) => heading(value, 'col')));
      if (!rows) names.cells[0].replaceWith(heading(columns.label, 'col', 'corner'));
    }
    if (this.#size.shared && rest.length) table.createCaption().textContent = captionOf(rest, most(cells) > most(shown));
    const body = table.createTBody();
    shown.forEach((row, i) => {
      const line = body.insertRow();
      line.append(heading(rows?.values[i] ?? '', 'row'));
      if (!rows) line.cells[0].replaceWith(document.createElement('td'));
      row.forEach((cell, j) => {
        const group = document.createElement('div');
        group.className = 'cell';
        group.append(...cell.map((run) => this.#tiles.get(run)));
        const place = line.insertCell();
        place.append(group);
        if (cells[i][j].length > 1) this.#share(place, cells[i][j]);
      });
    });
    return table;
  }

  /** @param {HTMLElement} place @param {Run[]} cell */
  #share(place, cell) {
    const mean = Object.assign(document.createElement('p'), { className: 'mean' });
    mean.append(Object.assign(document.createElement('span'), { textContent: 'mean ' }), '');
    place.append(mean);
    this.#shared.push({ ids: new Set(cell.map(({ id }) => id)), mean });
  }

  /** Write what the losses of each cell's runs come to. @param {Run[]} runs */
  #tellMeans(runs) {
    for (const { ids, mean } of this.#shared) {
      const number = /** @type {Text} */ (mean.lastChild);
      number.data = measureText(meanValue(runs.filter(({ id }) => ids.has(id))));
    }
  }

  /** Make the maps as large as the window has room for. */
  #fit() {
    const { style } = this.#root, table = this.#root.querySelector('table');
    if (!table) {
      style.setProperty('--tile', `${LIST}px`);
      this.#root.classList.remove('tiny');
      return;
    }
    const { rows, columns, most, shared } = this.#size;
    const label = /** @type {HTMLElement} */ (table.tBodies[0].rows[0].cells[0]).offsetWidth;
    const width = (this.#root.clientWidth - label) / columns - CELL_GAP;
    const height = (window.innerHeight - this.#root.getBoundingClientRect().top - window.scrollY - HEAD - FOOT) / rows - CELL_GAP;
    const { side, across } = fit(most, width, shared ? height - MEAN : height);
    style.setProperty('--tile', `${Math.floor(side)}px`);
    style.setProperty('--inner', String(across));
    this.#root.classList.toggle('tiny', side < 72);
  }

  /** Only one tile is on the way of the tab key: the one that was reached last. @param {HTMLElement} target */
  #reach(target) {
    if (!target.matches('.tile')) return;
    this.#root.querySelector('.tile[tabindex="0"]')?.setAttribute('tabindex', '-1');
    target.tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!from.matches('.tile') || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = /** @type {HTMLElement[]} */ ([...this.#root.querySelectorAll('.tile')]);
    const to = next(all, from, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/**
 * How large the maps of a cell are, and how many stand side by side in it.
 * @param {number} count how many there are @param {number} width @param {number} height of the cell
 */
export function fit(count, width, height) {
  const least = count > 1 ? AMONG : ALONE;
  const byWidth = (/** @type {number} */ across) => (width + GAP) / across - GAP;
  let side = 0, across = 1;
  for (let n = 1; n <= count; n++) {
    const byHeight = (height + GAP) / Math.ceil(count / n) - GAP - LOSS, fits = Math.min(byWidth(n), byHeight, MOST);
    if (fits > side) [side, across] = [fits, n];
  }
  if (side < least) { // then the page is longer than the window
    across = Math.min(count, Math.max(1, Math.floor((width + GAP) / (least + GAP))));
    side = Math.min(least, byWidth(across));
  }
  return { side: Math.max(LEAST, side), across };
}

/**
 * The tile that a key leads to.
 * @param {HTMLElement[]} all in order @param {HTMLElement} from @param {string} key
 */
function next(all, from, key) {
  if (key === 'Home') return all[0];
  if (key === 'End') return all[all.length - 1];
  const { left, top } = from.getBoundingClientRect();
  const places = all.map((tile) => ({ tile, box: tile.getBoundingClientRect() }));
  /** @type {(box: DOMRect) => boolean} */
  const isAhead = (box) =>
    (key === 'ArrowRight' ? box.left > left + 1 : key === 'ArrowLeft' ? box.left < left - 1
      : key === 'ArrowDown' ? box.top > top + 1 : key === 'ArrowUp' && box.top < top - 1);
  const sideways = key === 'ArrowRight' || key === 'ArrowLeft';
  /** @type {(box: DOMRect) => number} */
  const far = (box) => (sideways ? Math.abs(box.left - left) + 1000 * Math.abs(box.top - top) : Math.abs(box.top - top) + Math.abs(box.left - left) / 1000);
  return places.filter(({ box }) => isAhead(box)).sort((a, b) => far(a.box) - far(b.box))[0]?.tile;
}

/** @param {string} text @param {'row' | 'col'} scope @param {string} name of a class */
function heading(text, scope, name = '') {
  const head = document.createElement('th');
  head.scope = scope;
  head.className = name;
  head.textContent = text;
  return head;
}

/** What the runs of a cell differ in. @param {Knob[]} rest @param {boolean} crowded whether only the best is shown */
function captionOf(rest, crowded) {
  const names = rest.map(({ label }) => label[0].toLowerCase() + label.slice(1));
  if (crowded) return `In each cell: the best over ${names.join(' and ')}, and under it the mean of all.`;
  return `Side by side in each cell: each ${names.join(' with each ')}.`;
}

/** The names of both knobs, where rows and columns meet. @param {string} rows @param {string} columns */
function corner(rows, columns) {
  const head = heading('', 'col', 'corner'), across = document.createElement('span'), down = document.createElement('span');
  across.textContent = `${columns} →`;
  down.textContent = `${rows} ↓`;
  head.append(across, down);
  return head;
}
