// Your own data: drawn on the plane, imported and downloaded. Knows the configuration's `points`, and asks to change them.

import { classCount } from '../state/classes.js';
import { labelColor } from '../draw/colors.js';
import { isHidden } from '../state/hiding.js';
import { Importer } from './importer.js';
import { fitted } from '../draw/maps.js';
import { download } from '../page/picture.js';
import { drawThumbnail } from '../plane/thumbnail.js';
import { decode, encode, MOST_POINTS, toCsv } from './points.js';
import { Sketch } from './sketch.js';
import { Sketchbar } from './toolbar.js';

const THUMBNAIL = 42; // CSS pixels within its border
/** @type {[[number, number], [number, number]]} */
const DOMAIN = [[-6, 6], [-6, 6]]; // of own points, as the server plots them
/**
 * For each problem the field that names its data set, one's own there, and what a label means that was made for another.
 * @type {Record<string, { field: string, own: string, label: (value: number, classes: number) => number }>}
 */
const SETS = {
  classification: { field: 'dataset', own: 'own', label: (value) => (value < 0 ? -1 : 1) },
  multiclass: { field: 'classDataset', own: 'class-own', label: (value, classes) => Math.min(classes - 1, Math.max(0, Math.floor(value + 0.5))) },
  regression: { field: 'regDataset', own: 'reg-own', label: (value) => value },
};
const SHOWN = /** @type {const} */ (['config', 'data', 'layout', 'size', 'theme']); // what of the state shows here
const LOCKED = 'The link of this page leaves the choice of the data out, so no other points can be brought in.';
const FULL = `Your own data can have ${MOST_POINTS.toLocaleString('en')} points at most.`;

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {{ scale: import('../draw/colors.js').Scale, theme: import('../plane/plane.js').Scene['theme'] }} Colors
 * @typedef {object} Actions
 * @property {(set: Record<string, any>, words?: string, notes?: string[]) => void} change fields of the configuration; `words`
 *   are said when that is done, and `notes` stay until they are read
 * @property {(text: string) => void} say
 * @property {(file: object) => void} open go on with a saved run
 */

export class OwnData {
  /**
   * @param {ParentNode} root that holds the data panel, the plane and the dialog
   * @param {Actions} actions
   */
  constructor(root, actions) {
    this.actions = actions;
    /** @param {string} selector @returns {any} */
    const find = (selector) => root.querySelector(selector);
    this.plane = find('.plane');
    this.surface = find('.sketch');
    this.empty = find('.no-points');
    this.status = find('#sketch-status');
    this.drawButton = find('#draw');
    this.thumbnails = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.thumbnail.own')]);
    this.text = ''; // of the points as the configuration has them
    this.pointsOf = ''; // the problem and the number of classes that they were read for
    this.chosen = ''; // the data set
    this.words = ''; // to be said after the stroke that is being made
    /** The newest points of a data set that is not one's own. @type {{ problem: string, name: string, points: number[][] } | null} */
    this.other = null;
    this.sketch = new Sketch(this.surface.querySelector('canvas'), {
      drawn: (points) => this.keep(points),
      full: () => actions.say((this.words = FULL)),
      moved: (x, y) => this.tell(`x1 ${x.toFixed(2)}, x2 ${y.toFixed(2)}`),
    });
    this.bar = new Sketchbar(this.surface, this.sketch.brush, {
      undo: () => this.sketch.undo(),
      clear: () => this.sketch.replace([]),
      start: () => this.other && this.sketch.replace(this.other.points),
      done: () => this.stop(),
    });
    this.importer = new Importer(find('#import'), find('#drop-hint'), {
      take: (imported, words) => this.use(imported, words),
      open: actions.open,
      seed: () => this.state?.config?.seed ?? '',
      paint: (problem) => labelColor(/** @type {Colors} */ (this.colors).scale, problem === 'multiclass'),
      locked: () => this.locked,
      refused: () => this.locked && actions.say(LOCKED),
    });
    this.listen(find);
  }

  /** @param {(selector: string) => any} find */
  listen(find) {
    this.drawButton.addEventListener('click', () => (this.drawing ? this.stop() : this.start()));
    this.empty.querySelector('button').addEventListener('click', () => this.start());
    find('#import-open').addEventListener('click', () => this.importer.show());
    find('#download').addEventListener('click', () => this.download());
    for (const thumbnail of this.thumbnails) {
      thumbnail.addEventListener('change', () => this.text || this.start(false));
    }
    for (const type of ['pointermove', 'click']) this.surface.addEventListener(type, stop); // the plane's own pointing rests
    document.addEventListener('keydown', (event) => this.press(event), true);
  }

  // --- the configuration ------------------------------------------------------------------------------------------

  get problem() {
    return this.state?.config?.problem ?? 'classification';
  }

  /** Whether the link hides the choice of the data. */
  get locked() {
    return isHidden(this.state?.config, 'dataset');
  }

  /** How many classes points can be of, where there are many. */
  get classes() {
    const { config, layout } = this.state ?? {};
    if (!config || this.problem !== 'multiclass') return 0;
    return (this.chosen !== SETS.multiclass.own && layout && classCount(layout)) || config.classes;
  }

  /**
   * What to change so that these are the points in use.
   * @param {string} points
   * @param {number} classes
   * @param {string} problem
   */
  using(points, classes, problem = this.problem) {
    const { field, own } = SETS[problem];
    return { [field]: own, points, ...(problem === 'multiclass' ? { classes } : {}) };
  }

  /** Train on what was imported. @param {import('./preview.js').Imported} imported @param {string} words */
  use({ points, problem, classes, notes }, words) {
    const set = { problem, ...this.using(points, classes.length, problem) };
    const quiet = this.state?.config?.noise ? ['Noise is set to 0: these points are as they were measured.'] : [];
    this.actions.change({ ...set, noise: 0 }, words, [...notes, ...quiet]);
  }

  /** A stroke has ended. @param {number[][]} points */
  keep(points) {
    const classes = this.classes && Math.max(this.classes, fewest(points));
    this.text = encode(points);
    this.pointsOf = `${this.problem} ${classes}`;
    this.actions.change(this.using(this.text, classes), this.words);
    this.words = '';
    this.showBar();
    this.tell(points.length === 1 ? '1 point' : `${points.length} points`);
  }

  /**
   * @param {State} state
   * @param {Set<keyof State>} changed
   * @param {Colors} colors
   */
  render(state, changed, colors) {
    const { config, data, ahead } = state;
    if (!config || !data || !SETS[config.problem] || !SHOWN.some((key) => changed.has(key))) return;
    const { field, own } = SETS[config.problem], name = config[field];
    this.state = state;
    this.colors = colors;
    if (changed.has('data') && name !== own && !ahead) {
      this.other = { problem: config.problem, name, points: allOf(data) };
    }
    if (this.locked || (name !== this.chosen && name !== own)) this.stop(); // the person went on to another data set
    this.chosen = name;
    this.takePoints(config);
    this.sketch.look = { domain: data.domain, theme: colors.theme, paint: this.paint };
    this.show();
  }

  /** Take points that came from elsewhere: a link, an import, a step back. @param {Record<string, any>} config */
  takePoints({ points: text, problem }) {
    const { classes } = this, pointsOf = `${problem} ${classes}`;
    if (text === this.text && pointsOf === this.pointsOf) return;
    this.text = text;
    this.pointsOf = pointsOf;
    this.sketch.take(decode(text).map(([x, y, value]) => [x, y, SETS[problem].label(value, classes)]));
  }

  // --- the drawing mode -------------------------------------------------------------------------------------------

  get drawing() {
    return !this.surface.hidden;
  }

  /** @param {boolean} focused whether the keys go to the surface from now on */
  start(focused = true) {
    this.surface.hidden = false;
    this.show();
    this.plane.scrollIntoView({ block: 'nearest' });
    if (focused) this.sketch.canvas.focus({ preventScroll: true });
    this.tell('Drawing. Escape ends.');
  }

  stop() {
    if (!this.drawing) return;
    const inside = this.surface.contains(document.activeElement);
    this.sketch.cancel();
    this.surface.hidden = true;
    this.show();
    if (inside) this.drawButton.focus({ preventScroll: true });
    this.tell('Drawing has ended.');
  }

  /** Keys of the whole page while drawing; before all others. @param {KeyboardEvent} event */
  press(event) {
    const typing = /** @type {HTMLElement} */ (event.target).matches?.('[type=text]');
    if (!this.drawing || typing || document.querySelector('dialog:modal, :popover-open')) return;
    const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    if (undoes) this.sketch.undo();
    else if (event.key === 'Escape') this.stop();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // --- what is shown ----------------------------------------------------------------------------------------------

  show() {
    this.plane.classList.toggle('sketching', this.drawing);
    document.body.classList.toggle('drawing', this.drawing);
    this.drawButton.ariaPressed = String(this.drawing);
    this.empty.hidden = this.drawing || this.locked || this.chosen !== SETS[this.problem].own || Boolean(this.text);
    this.showThumbnails();
    this.showBar();
    if (this.drawing) this.sketch.draw();
  }

  showBar() {
    if (!this.colors) return;
    const { sketch: { points, undoStack }, problem, classes, paint } = this;
    this.bar.show({ problem, classes, points, undoable: undoStack.length > 0, other: this.otherLabel, paint });
  }

  /** The colour of a label. */
  get paint() {
    return labelColor(/** @type {Colors} */ (this.colors).scale, this.problem === 'multiclass');
  }

  /** The label of the data set to start from, where that makes sense. */
  get otherLabel() {
    const { other, problem, text, chosen } = this;
    if (!other || other.problem !== problem || (text && chosen === SETS[problem].own)) return '';
    return document.querySelector(`.thumbnail:has([value="${other.name}"])`)?.textContent?.trim() ?? '';
  }

  showThumbnails() {
    if (!this.colors) return;
    for (const thumbnail of this.thumbnails) {
      const canvas = /** @type {HTMLCanvasElement} */ (thumbnail.querySelector('canvas'));
      const context = fitted(canvas, THUMBNAIL, THUMBNAIL);
      drawThumbnail(context, { domain: DOMAIN, points: this.sketch.points }, this.paint, null, THUMBNAIL);
      thumbnail.classList.toggle('blank', !this.text);
    }
  }

  /** @param {string} text for those who cannot see it */
  tell(text) {
    this.status.textContent = text;
  }

  download() {
    const { config, data } = this.state ?? {};
    if (!config || !data) return;
    const csv = toCsv(allOf(data));
    download(new Blob([csv], { type: 'text/csv' }), `${config[SETS[config.problem].field]}.csv`);
  }
}

/** @param {import('../state/state.js').Data} data */
const allOf = ({ train, validation, test }) => [...train, ...validation, ...test];

/** How many classes these points are of at least; there are two at least. @param {number[][]} points */
const fewest = (points) => Math.max(2, ...points.map((point) => point[2] + 1));

/** @param {Event} event */
const stop = (event) => event.stopPropagation();
