// The handles on the axes of parallel coordinates: two for each, moved by dragging or by the arrow keys. What lies outside is left out.

const STEP = 0.05;
/** @type {Record<string, number>} by key, what it adds to an end of the span */
const MOVES = { ArrowUp: STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowLeft: -STEP, Home: -1, End: 1 };

/**
 * @typedef {import('./axes.js').Axis} Axis
 * @typedef {{ from: number, to: number }} Span of an axis, from its foot
 */

export class Brush {
  #root;
  #onChange;
  /** @type {Map<string, Span>} by the key of the axis; those without one are whole */
  #spans = new Map();
  /** @type {Axis[]} */
  #axes = [];

  /** @param {HTMLElement} root over the drawing @param {() => void} onChange */
  constructor(root, onChange) {
    this.#root = root;
    this.#onChange = onChange;
    root.addEventListener('keydown', (event) => this.#key(event));
    root.addEventListener('pointerdown', (event) => this.#drag(event));
    root.addEventListener('dblclick', ({ target }) => this.#set(/** @type {HTMLElement} */ (target).closest('[data-axis]'), { from: 0, to: 1 }));
  }

  /** Whether anything is left out. */
  get active() {
    return this.#spans.size > 0;
  }

  /** Leave nothing out. */
  clear() {
    this.#spans.clear();
    this.#place();
    this.#onChange();
  }

  /** The span of an axis. @param {string} key @returns {Span} */
  span(key) {
    return this.#spans.get(key) ?? { from: 0, to: 1 };
  }

  /** Whether a run is within all spans. @param {import('./objective.js').Run} run */
  keeps(run) {
    return this.#axes.every((axis) => {
      const span = this.#spans.get(axis.key), place = axis.at(run);
      return !span || (place !== null && place >= span.from - 1e-9 && place <= span.to + 1e-9);
    });
  }

  /** Put handles on axes that stand at these places across. @param {Axis[]} axes @param {number[]} across in pixels */
  show(axes, across) {
    const same = axes.map(({ key }) => key).join() === this.#axes.map(({ key }) => key).join();
    this.#axes = axes;
    if (!same) this.#root.replaceChildren(...axes.map(strip));
    [...this.#root.children].forEach((one, i) => /** @type {HTMLElement} */ (one).style.setProperty('left', `${across[i]}px`));
    this.#place();
  }

  #place() {
    this.#axes.forEach((axis, i) => {
      const element = /** @type {HTMLElement} */ (this.#root.children[i]), { from, to } = this.span(axis.key);
      element.classList.toggle('brushed', this.#spans.has(axis.key));
      element.style.setProperty('--from', String(from));
      element.style.setProperty('--to', String(to));
      for (const [end, value] of /** @type {[string, number][]} */ ([['from', from], ['to', to]])) {
        const handle = /** @type {HTMLElement} */ (element.querySelector(`[data-end=${end}]`));
        handle.setAttribute('aria-valuenow', String(Math.round(100 * value)));
        handle.setAttribute('aria-valuetext', axis.textAt(value));
      }
    });
  }

  /** @param {Element | null} element @param {Span} span */
  #set(element, span) {
    const key = /** @type {HTMLElement | null} */ (element)?.dataset.axis;
    if (key === undefined) return;
    const from = Math.max(0, Math.min(span.from, span.to)), to = Math.min(1, Math.max(span.from, span.to));
    if (from <= 0 && to >= 1) this.#spans.delete(key);
    else this.#spans.set(key, { from, to });
    this.#place();
    this.#onChange();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const handle = /** @type {HTMLElement} */ (event.target), axis = handle.closest('[data-axis]'), end = /** @type {'from' | 'to'} */ (handle.dataset.end);
    const move = MOVES[event.key];
    if (!axis || !end || move === undefined) return;
    event.preventDefault();
    const span = this.span(/** @type {HTMLElement} */ (axis).dataset.axis ?? ''), value = span[end] + move;
    this.#set(axis, end === 'from' ? { ...span, from: Math.min(Math.max(0, value), span.to) } : { ...span, to: Math.max(Math.min(1, value), span.from) });
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const target = /** @type {HTMLElement} */ (event.target), axis = /** @type {HTMLElement | null} */ (target.closest('[data-axis]'));
    if (!axis || event.button) return;
    const { top, height } = axis.getBoundingClientRect(), end = /** @type {'from' | 'to' | undefined} */ (target.dataset.end);
    const at = (/** @type {PointerEvent} */ { clientY }) => Math.min(1, Math.max(0, 1 - (clientY - top) / height));
    const before = this.span(axis.dataset.axis ?? ''), fixed = end === 'from' ? before.to : end === 'to' ? before.from : at(event);
    const move = (/** @type {PointerEvent} */ next) => this.#set(axis, { from: fixed, to: at(next) });
    axis.setPointerCapture(event.pointerId);
    axis.addEventListener('pointermove', move);
    axis.addEventListener('lostpointercapture', () => axis.removeEventListener('pointermove', move), { once: true });
  }
}

/** @param {Axis} axis */
function strip({ key, label }) {
  const element = document.createElement('div');
  element.className = 'axis';
  element.dataset.axis = key;
  element.innerHTML = ['from', 'to'].map((end) => `<span role="slider" tabindex="0" data-end="${end}" aria-orientation="vertical" aria-valuemin="0" aria-valuemax="100"></span>`).join('');
  const [from, to] = element.querySelectorAll('span');
  from.setAttribute('aria-label', `${label}: from`);
  to.setAttribute('aria-label', `${label}: to`);
  return element;
}
