// A sweep as lines: parallel coordinates, each run a line through its values, and the best so far from run to run.

import { fitted } from '../draw/maps.js';
import { axesOf } from './axes.js';
import { Brush } from './brush.js';
import { better, bestOf } from './objective.js';
import { measureText, scaleOf } from './scale.js';

const TOP = 44, FOOT = 28, SIDE = 72, NEAR = 16, REACH = 12; // pixels around the axes, from an axis to its numbers, and from a pointer to its line
const BEST_LEFT = 56, BEST_TOP = 12, BEST_FOOT = 24, DOT = 3;
const SMALL = '12px system-ui, sans-serif';

/**
 * @typedef {import('./objective.js').Run} Run @typedef {import('./axes.js').Axis} Axis
 * @typedef {{ runs: Run[], knobs: import('./gridcells.js').Knob[], objective: import('./objective.js').Objective, at: string | undefined }} Told
 * @typedef {{ text: string, muted: string, line: string, faint: string, best: string, worst: string }} Inks
 */

export class Lines {
  #root;
  #words;
  #brush;
  /** @type {Told | undefined} */
  #told;

  /** @param {HTMLElement} root @param {import('./gridcells.js').Words} words @param {(run: string) => void} onPoint */
  constructor(root, words, onPoint) {
    this.#root = root;
    this.#words = words;
    root.innerHTML = `<figure class="coordinates"><canvas role="img"></canvas><div class="axes"></div></figure>
<p class="kept"><span role="status"></span><button type="button" class="quiet" hidden>Show all</button></p>
<figure class="so-far"><figcaption></figcaption><canvas role="img"></canvas></figure>`;
    this.#brush = new Brush(this.#find('.axes'), () => this.draw());
    this.#find('button').addEventListener('click', () => this.#brush.clear());
    this.#find('.coordinates').addEventListener('pointermove', /** @param {PointerEvent} event */ (event) => {
      const run = event.pointerType === 'mouse' && !event.buttons ? this.#runAt(event) : undefined;
      if (run) onPoint(run.id);
    });
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** @param {string} selector @returns {any} */
  #find(selector) {
    return this.#root.querySelector(selector);
  }

  /** @param {Told} told */
  show(told) {
    this.#told = told;
    this.draw();
  }

  draw() {
    if (!this.#told || this.#root.hidden) return;
    const { runs, knobs, objective, at } = this.#told, axes = axesOf(runs, knobs, objective, this.#words);
    const figure = this.#find('.coordinates'), { clientWidth: width, clientHeight: height } = figure, inks = inksOf(this.#root);
    const across = placesOf(axes, width);
    this.#brush.show(axes, across);
    const kept = runs.filter((run) => this.#brush.keeps(run)), best = bestOf(kept, objective);
    const scale = scaleOf(runs, objective);
    const color = (/** @type {Run} */ { value }) => (value === null || !scale ? inks.faint : `color-mix(in oklab, ${inks.worst} ${100 * scale.at(value)}%, ${inks.best})`);
    drawCoordinates(fitted(figure.querySelector('canvas'), width, height), { axes, across, runs, kept: new Set(kept), color, inks, at: at ?? best?.id, width, height });
    const words = kept.length === runs.length ? `${runs.length} runs` : `${kept.length} of ${runs.length} runs`;
    this.#find('[role=status]').textContent = `${words}${best ? `; best ${objective.label} ${measureText(best.value)}` : ''}`;
    this.#find('button').hidden = !this.#brush.active;
    figure.querySelector('canvas').setAttribute('aria-label', `Parallel coordinates: ${axes.map(({ label }) => label).join(', ')}`);
    this.#drawBest(kept, objective, color, inks);
  }

  /** @param {Run[]} runs @param {import('./objective.js').Objective} objective @param {(run: Run) => string} color @param {Inks} inks */
  #drawBest(runs, objective, color, inks) {
    const canvas = this.#find('.so-far canvas'), { clientWidth: width, clientHeight: height } = canvas;
    const steps = bestSoFar(runs, objective), last = steps[steps.length - 1];
    this.#find('figcaption').textContent = `Best ${objective.label} so far, from run to run`;
    canvas.setAttribute('aria-label', last ? `After ${steps.length} runs the best ${objective.label} is ${measureText(last.best)}` : 'No run has ended yet');
    drawBestSoFar(fitted(canvas, width, height), { steps, objective, color, inks, width, height });
  }

  /** @param {PointerEvent} event */
  #runAt({ clientX, clientY }) {
    const { runs, knobs, objective } = /** @type {Told} */ (this.#told), figure = this.#find('.coordinates'), box = figure.getBoundingClientRect();
    const axes = axesOf(runs, knobs, objective, this.#words), across = placesOf(axes, box.width);
    return nearest(runs.filter((run) => this.#brush.keeps(run)), axes, across, box.height, clientX - box.left, clientY - box.top);
  }
}

/** @param {HTMLElement} root @returns {Inks} */
function inksOf(root) {
  const probe = document.createElement('i');
  root.append(probe);
  const ink = (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const inks = { text: ink('--text'), muted: ink('--muted'), line: ink('--line'), faint: ink('--hairline'), best: ink('--loss-best'), worst: ink('--loss-worst') };
  probe.remove();
  return inks;
}

/** Where the axes stand across. @param {Axis[]} axes @param {number} width */
function placesOf(axes, width) {
  const side = Math.min(SIDE, width / 8);
  return axes.map((_, i) => side + (i / Math.max(1, axes.length - 1)) * (width - 2 * side));
}

/** @param {number} place @param {number} height */
const down = (place, height) => TOP + (1 - place) * (height - TOP - FOOT);

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ axes: Axis[], across: number[], runs: Run[], kept: Set<Run>, color: (run: Run) => string, inks: Inks, at: string | undefined, width: number, height: number }} what
 */
export function drawCoordinates(context, { axes, across, runs, kept, color, inks, at, width, height }) {
  const marked = runs.find((run) => run.id === at && kept.has(run));
  context.lineJoin = 'round';
  /** @param {Run} run @param {string} ink @param {number} thick */
  const stroke = (run, ink, thick) => {
    context.beginPath();
    axes.forEach((axis, i) => {
      const place = axis.at(run);
      if (place !== null) context[i ? 'lineTo' : 'moveTo'](across[i], down(place, height));
    });
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.stroke();
  };
  for (const run of runs) if (!kept.has(run)) stroke(run, inks.faint, 1);
  const worstFirst = [...kept].sort((a, b) => (axes[axes.length - 1].at(a) ?? -1) - (axes[axes.length - 1].at(b) ?? -1));
  for (const run of worstFirst) stroke(run, color(run), 1.5);
  if (marked) stroke(marked, inks.text, 2.5);
  axes.forEach((axis, i) => drawAxis(context, axis, across[i], inks, { first: i === 0, last: i === axes.length - 1, side: across[0], width, height, gap: (across[1] ?? width) - across[0] }));
}

/**
 * @param {CanvasRenderingContext2D} context @param {Axis} axis @param {number} x @param {Inks} inks
 * @param {{ first: boolean, last: boolean, side: number, width: number, height: number, gap: number }} place
 */
function drawAxis(context, { label, ticks }, x, inks, { first, last, side, width, height, gap }) {
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, TOP);
  context.lineTo(x, height - FOOT);
  context.stroke();
  context.font = SMALL;
  context.textBaseline = 'middle';
  context.textAlign = last ? 'right' : first ? 'left' : 'center';
  context.fillStyle = inks.text;
  context.fillText(label[0].toUpperCase() + label.slice(1), first ? 4 : last ? width - 4 : x, 16, gap - 12);
  context.textAlign = last ? 'left' : 'right';
  context.fillStyle = inks.muted;
  for (const tick of ticks) context.fillText(tick.text, last ? x + NEAR : x - NEAR, down(tick.at, height), first || last ? side - NEAR - 2 : gap / 2);
}

/**
 * The run whose line passes nearest to a point, if it is near enough.
 * @param {Run[]} runs @param {Axis[]} axes @param {number[]} across @param {number} height @param {number} x @param {number} y
 */
export function nearest(runs, axes, across, height, x, y) {
  const i = Math.min(across.length - 2, Math.max(0, across.findIndex((place) => place > x) - 1));
  const part = (x - across[i]) / (across[i + 1] - across[i] || 1);
  /** @type {{ run: Run | undefined, far: number }} */
  let found = { run: undefined, far: REACH };
  for (const run of runs) {
    const from = axes[i].at(run), to = axes[i + 1]?.at(run) ?? null;
    if (from === null || to === null) continue;
    const far = Math.abs(down(from + part * (to - from), height) - y);
    if (far < found.far) found = { run, far };
  }
  return found.run;
}

/**
 * After each run that has ended with a value: its own, and the best until then.
 * @param {Run[]} runs in order @param {import('./objective.js').Objective} objective
 */
export function bestSoFar(runs, objective) {
  const order = better(objective);
  /** @type {{ run: Run, value: number, best: number }[]} */
  const steps = [];
  for (const run of runs) {
    if (run.value === null || run.status === 'queued' || run.status === 'running') continue;
    const before = steps[steps.length - 1]?.best ?? run.value;
    const best = run.status === 'succeeded' && order(run.value, before) < 0 ? run.value : before;
    steps.push({ run, value: run.value, best });
  }
  return steps;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ steps: ReturnType<typeof bestSoFar>, objective: import('./objective.js').Objective, color: (run: Run) => string, inks: Inks, width: number, height: number }} what
 */
export function drawBestSoFar(context, { steps, objective, color, inks, width, height }) {
  if (!steps.length) return;
  const values = steps.flatMap(({ value, best }) => [value, best]), log = !objective.maximizes;
  const even = (/** @type {number} */ value) => (log ? Math.log(Math.max(value, 1e-9)) : value);
  const low = Math.min(...values), high = Math.max(...values), span = even(high) - even(low) || 1;
  const x = (/** @type {number} */ i) => BEST_LEFT + ((i + 0.5) / steps.length) * (width - BEST_LEFT - 64);
  const y = (/** @type {number} */ value) => height - BEST_FOOT - ((even(value) - even(low)) / span) * (height - BEST_TOP - BEST_FOOT);
  context.font = SMALL;
  context.textBaseline = 'middle';
  context.strokeStyle = inks.faint;
  context.fillStyle = inks.muted;
  context.textAlign = 'right';
  for (const value of high > low ? [low, high] : [low]) {
    context.beginPath();
    context.moveTo(BEST_LEFT, y(value));
    context.lineTo(width - 64, y(value));
    context.stroke();
    context.fillText(measureText(value), BEST_LEFT - 8, y(value));
  }
  for (const [i, { run, value }] of steps.entries()) {
    context.fillStyle = color(run);
    context.strokeStyle = inks.line;
    context.beginPath();
    context.arc(x(i), y(value), DOT, 0, 2 * Math.PI);
    if (run.status === 'succeeded') context.fill();
    context.stroke();
  }
  context.strokeStyle = inks.text;
  context.lineWidth = 2;
  context.beginPath();
  steps.forEach(({ best }, i) => {
    if (i) context.lineTo(x(i), y(steps[i - 1].best));
    context[i ? 'lineTo' : 'moveTo'](x(i), y(best));
  });
  context.lineTo(width - 64, y(steps[steps.length - 1].best));
  context.stroke();
  context.fillStyle = inks.text;
  context.textAlign = 'left';
  context.fillText(measureText(steps[steps.length - 1].best), width - 58, y(steps[steps.length - 1].best));
  context.fillStyle = inks.muted;
  context.textAlign = 'center';
  context.fillText('1', x(0), height - 8);
  if (steps.length > 1) context.fillText(String(steps.length), x(steps.length - 1), height - 8);
}
