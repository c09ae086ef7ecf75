// The runs of a gallery as a list of buttons, each with its map and its loss; pressing one adopts its run.

import { RunMaps } from '../plane/runmaps.js';
import { lineOf } from './curves.js';
import { lossOf, scoreOf } from '../state/gallery.js';
import { lossText, percent } from '../draw/numbers.js';

const SOME = 4, MANY = 18; // from more tiles on they are smaller
const PARTS = { test: 'test', validation: 'validation', train: 'training' };

/**
 * @typedef {import('../state/gallery.js').Gallery} Gallery
 * @typedef {import('../state/gallery.js').Run} Run
 */

export class GalleryTiles {
  /**
   * @param {HTMLElement} list
   * @param {{ adopt: (member: number) => void, mark: (member: number | null) => void }} actions
   */
  constructor(list, { adopt, mark }) {
    this.list = list;
    this.runMaps = new RunMaps();
    /** @type {HTMLButtonElement[]} by member */
    this.tiles = [];
    this.gallery = -1; // which one the tiles are of
    const memberOf = (/** @type {Event} */ event) => this.tiles.findIndex((tile) => tile.contains(/** @type {Node} */ (event.target)));
    list.addEventListener('click', (event) => memberOf(event) >= 0 && adopt(memberOf(event)));
    for (const kind of ['pointerover', 'focusin']) list.addEventListener(kind, (event) => mark(memberOf(event) < 0 ? null : memberOf(event)));
    for (const kind of ['pointerleave', 'focusout']) list.addEventListener(kind, () => mark(null));
  }

  /** Show the runs as they are now. @param {Gallery} gallery @param {number[]} order @param {any} colors @param {boolean} discretize */
  render(gallery, order, colors, discretize) {
    if (this.gallery !== gallery.number) this.fill(gallery);
    gallery.members.forEach((run, i) => {
      this.write(this.tiles[i], run, gallery);
      this.paint(this.tiles[i], run, gallery.side, colors, discretize);
    });
    this.arrange(order);
  }

  /** @param {Gallery} gallery */
  fill(gallery) {
    this.gallery = gallery.number;
    this.tiles = gallery.labels.map((label, i) => tileOf(label, gallery.kind === 'compare' ? lineOf(i) : null));
    this.list.replaceChildren(...this.tiles.map(item));
    this.list.classList.toggle('many', this.tiles.length > MANY);
    this.list.classList.toggle('some', this.tiles.length > SOME);
  }

  /** Put the tiles in an order, unless they are in it. @param {number[]} order */
  arrange(order) {
    const wanted = order.map((i) => this.tiles[i]), now = [...this.list.querySelectorAll('button')];
    if (wanted.length !== now.length || wanted.every((tile, i) => tile === now[i])) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    this.list.replaceChildren(...wanted.map((tile) => /** @type {HTMLElement} */ (tile.parentElement)));
    if (this.tiles.some((tile) => tile === focused)) focused?.focus();
  }

  /** @param {number | null} marked */
  mark(marked) {
    this.tiles.forEach((tile, i) => tile.classList.toggle('marked', i === marked));
  }

  /** @param {HTMLButtonElement} tile @param {Run} run @param {Gallery} gallery */
  write(tile, run, { title, part }) {
    const loss = lossText(lossOf(run, part)), [number, state] = tile.querySelectorAll('b, small');
    const word = run.diverged ? 'diverged' : run.solved ? 'solved' : run.stopped ? 'stopped' : '';
    const score = scoreOf(run, part), told = Number.isNaN(score) ? '' : `, score ${percent(score)}`;
    const spoken = `${title} ${run.label}: ${PARTS[part]} loss ${loss}${told}${word ? `, ${word}` : ''}. Adopt it`;
    if (tile.getAttribute('aria-label') === spoken) return;
    tile.setAttribute('aria-label', spoken);
    tile.title = `${PARTS[part]} loss ${loss}${told}, epoch ${run.epoch.toLocaleString('en')}. Click to adopt it`;
    number.textContent = Number.isNaN(run.epoch) ? '–' : loss;
    state.textContent = word;
    tile.classList.toggle('solved', run.solved);
    tile.classList.toggle('diverged', run.diverged);
  }

  /** @param {HTMLButtonElement} tile @param {Run} run @param {number} side @param {any} colors @param {boolean} discretize */
  paint(tile, { maps, ranges }, side, colors, discretize) {
    const canvas = /** @type {HTMLCanvasElement} */ (tile.querySelector('canvas'));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    this.runMaps.paintOutputs(/** @type {any} */ ({ outputs: maps, side, ranges }), discretize, colors);
    canvas.getContext('2d')?.drawImage(this.runMaps.output.canvas, 0, 0);
  }
}

/** @param {string} label @param {{ color: string, dash: number[] } | null} line */
function tileOf(label, line) {
  const tile = document.createElement('button');
  tile.type = 'button';
  tile.className = 'gallery-tile';
  tile.innerHTML = '<canvas width="30" height="30"></canvas><span class="gallery-name"><i></i><span></span></span><b>–</b><small></small>';
  const [mark, name] = /** @type {NodeListOf<HTMLElement>} */ (tile.querySelectorAll('.gallery-name > *'));
  name.textContent = label;
  mark.hidden = !line;
  if (line) mark.style.borderTop = `3px ${line.dash.length ? 'dashed' : 'solid'} ${line.color}`;
  return tile;
}

/** @param {HTMLElement} tile */
function item(tile) {
  const li = document.createElement('li');
  li.append(tile);
  return li;
}
