// The small text beside the probed place: where it is, what the network says there, and how wrong that is.

import { classCount, className, classTitle, largest } from '../state/classes.js';
import { CLASSES } from '../draw/colors.js';
import { chip } from './legend.js';
import { inside, projection } from './plane.js';
import { columnOf, fits } from '../state/units.js';
import { lossText, shortNumber } from '../draw/numbers.js';

const OFFSET = 14;

export class Readout {
  /** @param {HTMLElement} plane */
  constructor(plane) {
    this.plane = plane;
    this.element = /** @type {HTMLElement} */ (plane.querySelector('.readout'));
  }

  /** @param {import('../state/state.js').Ready} state */
  render(state) {
    const { probe, frame, layout, data } = state;
    this.element.hidden = !probe;
    if (!probe) return;
    this.element.replaceChildren(...lines(probe, frame?.probe.length && fits(state) ? { values: frame.probe, shape: layout.shape } : null));
    const size = this.plane.clientWidth, { left, top, side } = inside(size);
    const [x, y] = projection(data.domain, left, top, side)(probe.x, probe.y);
    const { offsetWidth: width, offsetHeight: height } = this.element;
    this.element.style.left = `${x + OFFSET + width > left + side ? x - OFFSET - width : x + OFFSET}px`;
    this.element.style.top = `${Math.max(0, y + OFFSET + height > top + side ? y - OFFSET - height : y + OFFSET)}px`;
  }
}

/**
 * @param {import('../state/state.js').Probe} probe
 * @param {{ values: Float64Array, shape: number[] } | null} known
 */
function lines({ x, y, label }, known) {
  const found = [line(`(${shortNumber(x)}, ${shortNumber(y)})`)];
  if (!known) return found;
  const { values, shape } = known;
  const { start, end } = columnOf(shape, shape.length - 1), many = classCount({ shape }) > 0;
  const outputs = [...values.subarray(start, end)];
  if (many) found.push(...probabilities(outputs));
  else found.push(line('output ', outputs.map(shortNumber).join(', ')));
  if (label === null) return found;
  return [...found, line('label ', many ? className(label) : shortNumber(label)), line('loss ', lossText(values[values.length - 1]))];
}

/** A line for each class, and which of them is decided for. @param {number[]} values */
function probabilities(values) {
  const lines = values.map((value, label) => {
    const element = line(`${classTitle(label)} `, shortNumber(value));
    element.prepend(chip(CLASSES[label]));
    return element;
  });
  return [...lines, line('decides ', values.some(Number.isNaN) ? '–' : className(largest(values)))];
}

/** @param {string} name @param {string} value */
function line(name, value = '') {
  const element = document.createElement('span'), strong = document.createElement('b');
  strong.textContent = value;
  element.append(name, strong);
  return element;
}
