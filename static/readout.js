// The small text beside the probed place: where it is, what the network says there, and how wrong that is.

import { inside, projection } from './plane.js';
import { columnOf, fits } from './wires.js';
import { shortNumber } from './numbers.js';

const OFFSET = 14;

export class Readout {
  /** @param {HTMLElement} plane */
  constructor(plane) {
    this.plane = plane;
    this.element = /** @type {HTMLElement} */ (plane.querySelector('.readout'));
  }

  /** @param {import('./state.js').Ready} state */
  render(state) {
    const { probe, frame, layout, data } = state;
    this.element.hidden = !probe;
    if (!probe) return;
    this.element.replaceChildren(...lines(probe, frame?.probe.length && fits(state) ? { values: frame.probe, shape: layout.shape } : null));
    const size = this.plane.clientWidth, { left, top, side } = inside(size);
    const [x, y] = projection(data.domain, left, top, side)(probe.x, probe.y);
    const { offsetWidth: width, offsetHeight: height } = this.element;
    this.element.style.left = `${x + OFFSET + width > left + side ? x - OFFSET - width : x + OFFSET}px`;
    this.element.style.top = `${y + OFFSET + height > top + side ? y - OFFSET - height : y + OFFSET}px`;
  }
}

/**
 * @param {import('./state.js').Probe} probe
 * @param {{ values: Float64Array, shape: number[] } | null} known
 */
function lines({ x, y, label }, known) {
  const found = [line(`(${shortNumber(x)}, ${shortNumber(y)})`)];
  if (!known) return found;
  const { values, shape } = known;
  const { start, end } = columnOf(shape, shape.length - 1);
  found.push(line('output ', [...values.subarray(start, end)].map(shortNumber).join(', ')));
  if (label !== null) found.push(line('label ', shortNumber(label)), line('loss ', shortNumber(values[values.length - 1])));
  return found;
}

/** @param {string} name @param {string} value */
function line(name, value = '') {
  const element = document.createElement('span'), strong = document.createElement('b');
  strong.textContent = value;
  element.append(name, strong);
  return element;
}
