// The panel of details: a weight or bias, a unit, or the way of a point through the network.

import { classCount, className, largest } from '../state/classes.js';
import { Collapse } from './collapsed.js';
import { UnitPanel } from './unit.js';
import { shownIn } from '../state/fields.js';
import { columnOf, fits, isOutput, lastStep, parameterName, valueOf } from '../state/units.js';
import { exactNumber, fourDigits, lossText, shortNumber } from '../draw/numbers.js';
import { isReady, shown } from '../state/state.js';

/**
 * @typedef {import('../state/state.js').State} State
 * @typedef {import('../state/state.js').Ready} Ready
 */

export class Inspector {
  /**
   * @param {HTMLElement} section
   * @param {any} facts of the server
   * @param {(parameter: import('../state/parameters.js').Parameter, value: number) => void} set
   * @param {(sentence: string) => void} refuse told why what was typed changes nothing
   */
  constructor(section, facts, set, refuse) {
    this.section = section;
    this.facts = facts;
    this.labels = facts.features;
    this.panels = {
      link: find(section, '.link-panel'),
      unit: find(section, '.unit-panel'),
      point: find(section, '.point-panel'),
      rest: find(section, '.rest'),
    };
    this.unit = new UnitPanel(this.panels.unit, facts, set, refuse);
    this.collapse = new Collapse(find(section, '.collapse'));
  }

  /**
   * @param {State} state
   * @param {Record<string, string>} theme
   */
  render(state, theme) {
    if (!isReady(state) || !fits(state)) return;
    const unit = shown(state);
    const subject = state.hovered ? 'link' : unit ? 'unit' : state.probe && state.frame?.probe.length ? 'point' : 'rest';
    for (const [name, panel] of Object.entries(this.panels)) panel.hidden = name !== subject;
    if (state.hovered) this.showLink(state, state.hovered);
    else if (unit) this.unit.render(state, unit, theme);
    else if (subject === 'point') this.showPoint(state);
    else find(this.panels.rest, '.parameters').textContent = state.layout.parameters.toLocaleString('en');
    const { shape } = state.layout;
    const wanted = subject === 'rest' || (subject === 'unit' && unit !== null && isOutput(shape, unit));
    this.collapse.render(state, wanted, shownIn('outputActivation', state.config, this.facts));
  }

  /** @param {Ready} state @param {import('../state/parameters.js').Parameter} parameter */
  showLink(state, parameter) {
    const panel = this.panels.link;
    const last = lastStep(state, parameter);
    find(panel, '.name').textContent = parameterName(state, parameter, this.labels);
    write(find(panel, '.value'), valueOf(state, parameter));
    write(find(panel, '.gradient'), last ? last.gradient : NaN);
    find(panel, '.update').textContent = last ? updateText(last, state.config.learningRate) : '';
    find(panel, '.hint').hidden = last !== null;
  }

  /** @param {Ready} state */
  showPoint({ frame, probe, layout: { shape }, config }) {
    if (!frame || !probe) return;
    const rows = shape.map((_, column) => {
      const { start, end } = columnOf(shape, column);
      const inputs = config.normalize ? 'Normalized' : 'Features';
      const name = column === 0 ? inputs : column === shape.length - 1 ? 'Output' : `Layer ${column}`;
      return [name, [...frame.probe.subarray(start, end)].map(shortNumber).join('  ')];
    });
    const { start, end } = columnOf(shape, shape.length - 1), { [end]: loss } = frame.probe;
    const classes = classCount({ shape }), answer = frame.probe.subarray(start, end);
    const decides = config.problem !== 'regression' && !answer.some(Number.isNaN);
    if (decides) rows[rows.length - 1][1] += ` → ${classes ? className(largest(answer)) : answer[0] >= 0 ? 'class 1' : 'class −1'}`;
    const label = (/** @type {number} */ value) => (classes ? className(value) : shortNumber(value));
    if (probe.label !== null) rows.push(['Label', `${label(probe.label)}, its own loss ${lossText(loss)}`]);
    find(this.panels.point, '.name').textContent = `Point (${shortNumber(probe.x)}, ${shortNumber(probe.y)})`;
    fill(find(this.panels.point, '.way'), rows);
  }
}

/** A number to be read, with all its digits for who points at it. @param {HTMLElement} element @param {number} value */
function write(element, value) {
  element.textContent = fourDigits(value);
  element.title = Number.isFinite(value) ? exactNumber(value) : '';
}

/**
 * The last update of a parameter as a line to be checked by hand: 0.0800 = 0.0780 − 0.01 × (−0.1975), or what the optimizer
 * added where that is another.
 * @param {{ gradient: number, step: number, value: number }} last
 * @param {number} rate
 */
export function updateText({ gradient, step, value }, rate) {
  const plain = Math.abs(step + rate * gradient) <= 1e-9 * Math.abs(step), [now, before] = [value, value - step].map(fourDigits);
  if (plain) return `new = old − rate × gradient: ${now} = ${before} − ${rate} × ${inBrackets(gradient)}`;
  return `new = old + step: ${now} = ${before} + ${inBrackets(step)}`;
}

/** @param {number} value */
const inBrackets = (value) => (value < 0 ? `(${fourDigits(value)})` : fourDigits(value));

/** @param {HTMLElement} root @param {string} selector @returns {HTMLElement} */
const find = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/**
 * Rows of a name and some text, whose elements are kept as long as their number is the same.
 * @param {HTMLElement} root
 * @param {string[][]} rows
 */
function fill(root, rows) {
  if (root.children.length !== rows.length) {
    root.replaceChildren(...rows.map(() => {
      const row = document.createElement('p');
      row.append(document.createElement('span'), document.createElement('b'));
      return row;
    }));
  }
  rows.forEach(([name, text], i) => {
    const [label, value] = root.children[i].children;
    label.textContent = name;
    value.textContent = text;
  });
}
