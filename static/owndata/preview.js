// What a file of points was taken for: its first rows under a menu for each column, the points, the problem, the notes.

import { fitted } from '../draw/maps.js';
import { drawThumbnail } from '../plane/thumbnail.js';

const SIDE = 148; // CSS pixels of the plot
/** @type {[[number, number], [number, number]]} */
const DOMAIN = [[-6, 6], [-6, 6]]; // of own points, as the server plots them
/** What a column can be, with the words of its menu. @type {[string, string][]} */
const ROLES = [['', 'left out'], ['x1', 'x1'], ['x2', 'x2'], ['label', 'label'], ['part', 'part']];

/**
 * @typedef {{ name: string, role: string | null, numeric: boolean }} Column
 * @typedef {{ factor: number, offset: number }} Axis
 * @typedef {object} Imported what the server made of a file
 * @property {string} format
 * @property {Column[]} columns
 * @property {string[][]} head
 * @property {string} problem
 * @property {string[]} classes
 * @property {string} points
 * @property {number} count
 * @property {Record<string, Axis>} scale
 * @property {string[]} notes
 */

export class Preview {
  /**
   * @param {HTMLElement} root
   * @param {(choice: { columns: string, problem: string }) => void} choose when a menu was changed
   */
  constructor(root, choose) {
    this.root = root;
    this.choose = choose;
    /** @param {string} selector @returns {any} */
    const find = (selector) => root.querySelector(selector);
    this.table = /** @type {HTMLTableElement} */ (find('table'));
    this.plot = /** @type {HTMLCanvasElement} */ (find('canvas'));
    this.problem = /** @type {HTMLSelectElement} */ (find('.preview-problem select'));
    this.legend = /** @type {HTMLElement} */ (find('.preview-legend'));
    this.notes = /** @type {HTMLElement} */ (find('.preview-notes'));
    this.problem.addEventListener('change', () => this.changed());
    this.table.addEventListener('change', (event) => this.changed(/** @type {HTMLSelectElement} */ (event.target)));
  }

  hide() {
    this.root.hidden = true;
    this.imported = undefined;
  }

  /**
   * @param {Imported} imported
   * @param {number[][]} points
   * @param {(label: number) => string} paint the colour of a label
   */
  show(imported, points, paint) {
    this.imported = imported;
    const { columns, head, count, classes, problem } = imported;
    const focused = this.selects().indexOf(/** @type {any} */ (document.activeElement));
    this.table.replaceChildren(heading(columns), body(head, columns), caption(head.length, count));
    this.selects()[focused]?.focus();
    this.problem.value = problem;
    drawThumbnail(fitted(this.plot, SIDE, SIDE), { domain: DOMAIN, points }, paint, null, SIDE);
    const first = problem === 'classification' ? -1 : 0, step = problem === 'classification' ? 2 : 1;
    this.legend.replaceChildren(...classes.map((name, place) => legendEntry(name, paint(first + step * place))));
    this.notes.replaceChildren(...imported.notes.map(listItem));
    this.root.hidden = false;
  }

  /** @returns {HTMLSelectElement[]} the menus above the columns */
  selects() {
    return [...this.table.querySelectorAll('select')];
  }

  /** A role belongs to one column: the one that had it before is left out. @param {HTMLSelectElement} [menu] that changed */
  changed(menu) {
    for (const other of this.selects()) {
      if (menu && other !== menu && other.value === menu.value) other.value = '';
    }
    const roles = this.selects().map((select, place) => select.value && `${select.value}=${place + 1}`);
    this.choose({ columns: roles.filter(Boolean).join(), problem: this.problem.value });
  }
}

/** @param {Column[]} columns */
function heading(columns) {
  const row = document.createElement('tr');
  row.append(...columns.map(({ name, role }) => {
    const cell = document.createElement('th'), menu = document.createElement('select'), title = document.createElement('span');
    cell.scope = 'col';
    title.textContent = name;
    menu.ariaLabel = `What ${name} is`;
    menu.append(...ROLES.map(([value, words]) => new Option(words, value, false, value === (role ?? ''))));
    menu.classList.toggle('unused', !role);
    cell.append(menu, title);
    return cell;
  }));
  const head = document.createElement('thead');
  head.append(row);
  return head;
}

/** @param {string[][]} rows @param {Column[]} columns */
function body(rows, columns) {
  const part = document.createElement('tbody');
  part.append(...rows.map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells.map((text, place) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      cell.className = `${columns[place].numeric ? 'number' : ''} ${columns[place].role ? '' : 'unused'}`;
      return cell;
    }));
    return row;
  }));
  return part;
}

/** @param {number} shown @param {number} count */
function caption(shown, count) {
  const words = document.createElement('caption');
  words.textContent = `The first ${shown} rows; ${count.toLocaleString('en')} ${count === 1 ? 'point' : 'points'}`;
  return words;
}

/** @param {string} name @param {string} color */
function legendEntry(name, color) {
  const item = listItem(name), dot = document.createElement('i');
  dot.className = 'dot';
  dot.style.background = color;
  item.prepend(dot);
  return item;
}

/** @param {string} text */
function listItem(text) {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}
