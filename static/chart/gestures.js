// Pointer gestures on the loss chart: read, select a range, zoom by the wheel or by two fingers.

const WHEEL = 0.002, PINCH = 0.01, LINE = 16; // zoom by a pixel of the wheel, of a trackpad's pinch; pixels of a line
const DRAG = 5; // pixels from which on a drag selects

/**
 * @typedef {object} Chart what gestures need of the loss chart
 * @property {import('./zoom.js').Zoom} zoom
 * @property {import('./axes.js').Box} box where the lines are drawn
 * @property {boolean} isEmpty
 * @property {{ x: number } | { epoch: number } | null} reading what is read out
 * @property {(x: number) => number} epochAt
 * @property {(reading: { x: number } | { epoch: number } | null) => void} read
 * @property {() => void} repaint
 */

export class Gestures {
  /** @param {HTMLElement} plot @param {Chart} chart */
  constructor(plot, chart) {
    this.plot = plot;
    this.chart = chart;
    /** @type {[number, number] | null} epochs being selected, the one where that began first */
    this.selected = null;
    /** @type {Map<number, number>} where fingers touch, by pointer */
    this.fingers = new Map();
    plot.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    plot.addEventListener('pointerdown', (event) => (event.pointerType === 'touch' ? this.touch(event) : this.grab(event)));
    plot.addEventListener('pointermove', (event) => this.move(event));
    plot.addEventListener('pointerup', (event) => this.letGo(event));
    plot.addEventListener('pointercancel', (event) => this.letGo(event));
    plot.addEventListener('pointerleave', (event) => this.leave(event));
  }

  /** @param {MouseEvent} event */
  xOf(event) {
    return event.clientX - this.plot.getBoundingClientRect().left;
  }

  /** Zoom, or move along, unless the wheel has to scroll the page. @param {WheelEvent} event */
  wheel(event) {
    const scrolls = document.documentElement.scrollHeight > window.innerHeight;
    const { zoom, box, isEmpty } = this.chart;
    if (isEmpty || (scrolls && !event.ctrlKey)) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
    const dx = event.deltaX * unit, dy = event.deltaY * unit;
    if (Math.abs(dx) > Math.abs(dy)) zoom.along(dx / box.w);
    else zoom.by(Math.exp(dy * (event.ctrlKey ? PINCH : WHEEL)), this.chart.epochAt(this.xOf(event)));
    this.chart.repaint();
  }

  /** A finger begins to read, a second one to pinch. @param {PointerEvent} event */
  touch(event) {
    this.plot.focus({ preventScroll: true }); // what is read stays until the focus goes elsewhere
    this.fingers.set(event.pointerId, this.xOf(event));
    this.move(event);
  }

  /** A mouse begins to select. @param {PointerEvent} event */
  grab(event) {
    if (event.button !== 0 || this.chart.isEmpty) return;
    this.plot.setPointerCapture(event.pointerId);
    const epoch = this.chart.epochAt(this.xOf(event));
    this.selected = [epoch, epoch];
  }

  /** @param {PointerEvent} event */
  move(event) {
    const x = this.xOf(event);
    if (this.fingers.size > 1) {
      this.pinch(event.pointerId, x);
      return;
    }
    if (this.selected) this.selected[1] = this.chart.epochAt(x);
    this.chart.read({ x });
  }

  /** @param {number} finger @param {number} x where it has moved */
  pinch(finger, x) {
    const before = span(this.fingers);
    this.fingers.set(finger, x);
    const after = span(this.fingers);
    this.chart.zoom.by(before.size / after.size, this.chart.epochAt(after.middle));
    this.chart.read(null);
  }

  /** @param {PointerEvent} event */
  letGo({ type, pointerId }) {
    this.fingers.delete(pointerId);
    if (this.selected && type === 'pointerup') this.zoomTo(this.selected);
    this.selected = null;
    this.chart.repaint();
  }

  /** Zoom to what is selected, unless it was no more than a click. @param {[number, number]} selected */
  zoomTo(selected) {
    const { zoom, box } = this.chart, [from, to] = zoom.epochs;
    const start = Math.min(...selected), end = Math.max(...selected);
    if (((end - start) / (to - from)) * box.w >= DRAG) zoom.to([start, end]);
  }

  /** @param {PointerEvent} event */
  leave({ pointerType }) {
    if (pointerType !== 'touch' && this.chart.reading && 'x' in this.chart.reading) this.chart.read(null);
  }
}

/** What two fingers reach over. @param {Map<number, number>} fingers */
function span(fingers) {
  const [a, b] = fingers.values();
  return { size: Math.max(1, Math.abs(a - b)), middle: (a + b) / 2 };
}
