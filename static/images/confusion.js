// The confusion matrix: how many test images of each class are taken for which. A cell filters the wall.

const LEFT = 58, TOP = 16, MOST = 22; // pixels of the margins, and of a cell at most

/** @typedef {{ truth: number, taken: number }} Cell */

export class Confusion {
  /** @param {HTMLElement} place @param {(cell: Cell | null) => void} filter */
  constructor(place, filter) {
    this.canvas = /** @type {HTMLCanvasElement} */ (place.querySelector('canvas'));
    this.caption = /** @type {HTMLElement} */ (place.querySelector('.caption'));
    /** @type {Cell | null} */
    this.chosen = null;
    this.names = /** @type {string[]} */ ([]);
    this.filter = filter;
    this.canvas.addEventListener('click', (event) => this.pick(this.cellAt(event)));
    this.canvas.addEventListener('keydown', (event) => this.press(event));
  }

  /** @param {MouseEvent} event */
  cellAt({ offsetX, offsetY }) {
    const truth = Math.floor((offsetY - TOP) / this.size), taken = Math.floor((offsetX - LEFT) / this.size), count = this.names.length;
    return truth >= 0 && taken >= 0 && truth < count && taken < count ? { truth, taken } : null;
  }

  /** Filter by a cell, or by none if it is the one already. @param {Cell | null} cell */
  pick(cell) {
    const same = cell && this.chosen && cell.truth === this.chosen.truth && cell.taken === this.chosen.taken;
    this.chosen = same ? null : cell;
    this.filter(this.chosen);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key], last = this.names.length - 1;
    if (event.key === 'Escape' && this.chosen) this.pick(null);
    else if (step) {
      const { truth, taken } = this.chosen ?? { truth: 0, taken: 0 };
      this.chosen = { truth: Math.min(last, Math.max(0, truth + step[0])), taken: Math.min(last, Math.max(0, taken + step[1])) };
      this.filter(this.chosen);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {string[]} names of the classes @param {Uint8Array} labels @param {Uint8Array} predicted
   * @param {{ theme: any, scale: import('../draw/colors.js').Scale }} look
   */
  render(names, labels, predicted, { theme, scale }) {
    const count = names.length, counts = new Uint32Array(count * count), totals = new Uint32Array(count);
    for (let i = 0; i < labels.length; i++) {
      counts[labels[i] * count + predicted[i]] += 1;
      totals[labels[i]] += 1;
    }
    this.names = names;
    const width = this.canvas.parentElement?.clientWidth ?? 300;
    this.size = Math.min(MOST, Math.floor((width - LEFT - 4) / count));
    const { size } = this, context = scaled(this.canvas, LEFT + size * count + 2, TOP + size * count + 2);
    Object.assign(context, { font: `${size > 22 ? 11 : 9}px system-ui, sans-serif`, textBaseline: 'middle', textAlign: 'center' });
    for (let truth = 0; truth < count; truth++) {
      const y = TOP + truth * size;
      Object.assign(context, { fillStyle: theme.muted, textAlign: 'right' });
      context.fillText(names[truth], LEFT - 5, y + size / 2, LEFT - 8);
      context.textAlign = 'center';
      if (names[truth].length < 3) context.fillText(names[truth], LEFT + (truth + 0.5) * size, TOP / 2);
      for (let taken = 0; taken < count; taken++) this.drawCell(context, counts[truth * count + taken] , totals[truth], truth, taken, theme, scale);
    }
    if (this.chosen) {
      const { truth, taken } = this.chosen;
      Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2 });
      context.strokeRect(LEFT + taken * size, TOP + truth * size, size, size);
    }
    this.caption.textContent = this.words(counts, totals);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} found @param {number} total @param {number} truth @param {number} taken @param {any} theme @param {any} scale */
  drawCell(context, found, total, truth, taken, theme, scale) {
    const { size } = this, x = LEFT + taken * size, y = TOP + truth * size, share = total ? found / total : 0;
    const tone = truth === taken ? 128 + 127 * share : 128 - 127 * Math.min(1, 4 * share); // wrong ones speak louder
    context.fillStyle = scale.css[Math.round(Math.min(255, Math.max(0, tone)))];
    context.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
    if (!found) return;
    context.fillStyle = (truth === taken ? share > 0.6 : share > 0.15) ? '#fff' : theme.ink;
    context.fillText(String(found), x + size / 2, y + size / 2 + 0.5);
  }

  /** @param {Uint32Array} counts @param {Uint32Array} totals */
  words(counts, totals) {
    const { chosen, names } = this;
    if (!chosen) return 'Rows: what it is. Columns: what it is taken for.';
    const found = counts[chosen.truth * names.length + chosen.taken];
    return `${found} of ${totals[chosen.truth]} images of ${names[chosen.truth]} are taken for ${names[chosen.taken]}.`;
  }

  size = MOST;
}

/** The context of a canvas at the screen's density. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
export function scaled(canvas, width, height) {
  const density = window.devicePixelRatio, context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
