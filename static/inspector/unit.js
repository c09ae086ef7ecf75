// A unit in numbers: its formula, its line on the plane, its activation, and a field for each of its parameters.

import { classCount } from '../state/classes.js';
import { drawActivation } from '../controls/activationcurve.js';
import { hiddenActivations, shownIn } from '../state/fields.js';
import { fitted } from '../draw/maps.js';
import { foot, hasOneUnit } from '../plane/annotations.js';
import { bindNumber } from '../controls/numberfield.js';
import { exactNumber, operand, shortNumber } from '../draw/numbers.js';
import { indexed, letter, symbolOf } from '../draw/symbols.js';
import { isOutput, lineOf, parametersOf, parameterName, probedUnit, unitName } from '../state/units.js';

const REACH = 5, SAMPLES = 81; // of a curve: weighted sums from minus to plus this, at so many places
const WORD = /^[A-Z][a-z]+( |$)/; // a label that is a word and not a name such as ReLU

/**
 * @typedef {import('../state/state.js').Ready} Ready
 * @typedef {import('../state/state.js').Unit} Unit
 */

export class UnitPanel {
  /**
   * @param {HTMLElement} panel
   * @param {any} facts of the server
   * @param {(parameter: import('../state/parameters.js').Parameter, value: number) => void} set
   * @param {(sentence: string) => void} refuse told why what was typed changes nothing
   */
  constructor(panel, facts, set, refuse) {
    this.facts = facts;
    this.set = set;
    this.refuse = refuse;
    this.name = find(panel, '.name');
    this.formula = find(panel, '.formula');
    this.line = find(panel, '.facts');
    this.fields = find(panel, '.fields');
    this.canvas = /** @type {HTMLCanvasElement} */ (panel.querySelector('canvas'));
    this.caption = find(panel, 'figcaption');
    this.built = '';
  }

  /** @param {Ready} state @param {Unit} unit @param {Record<string, string>} theme */
  render(state, unit, theme) {
    const { frame, layout: { shape, features }, config } = state;
    if (!frame) return;
    const { name: activation, curve } = this.activation(state, unit);
    const key = JSON.stringify([unit, shape, features, activation]);
    if (key !== this.built) this.build(state, unit, curve.label, activation);
    this.built = key;
    const { weights, bias } = parametersOf(frame.theta, shape, unit);
    const at = probedUnit(state, unit), sums = at && activation === 'softmax' ? outputSums(state) : null;
    this.showFormula([...weights, bias], at, sums);
    this.showLine(state, lineOf(state, unit));
    this.showFields([...weights, bias]);
    const { values, slopes } = activation === 'softmax' ? softmaxCurve(unit[1], sums ?? new Array(classCount({ shape })).fill(0)) : curve;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    drawActivation(fitted(this.canvas, width, height), { values, slopes, at, theme }, width, height);
    this.caption.textContent = at ? `z ${shortNumber(at.z)} → ${shortNumber(at.a)}` : curve.label;
  }

  /** A unit's activation, by name, and its curve. @param {Ready} state @param {Unit} unit */
  activation({ layout: { shape }, config }, unit) {
    const output = isOutput(shape, unit);
    const name = output ? shownIn('outputActivation', config, this.facts) : hiddenActivations(config)[unit[0]];
    return { name, curve: (output ? this.facts.outputs : this.facts.activations)[name] };
  }

  /** Everything but the numbers. @param {Ready} state @param {Unit} unit @param {string} label @param {string} activation */
  build(state, [layer, unit], label, activation) {
    const { shape, features } = state.layout;
    const sources = Array.from({ length: shape[layer] }, (_, i) => (layer === 0 ? symbolOf(features[i]) : indexed('a', i + 1)));
    this.name.textContent = unitName(shape, [layer, unit]);
    this.numbers = [...sources, null].map(() => document.createElement('b'));
    this.result = document.createElement('b');
    this.share = activation === 'softmax' ? document.createElement('b') : null;
    const terms = this.numbers.flatMap((number, i) => (i < sources.length ? [number, '\u2009', sources[i].cloneNode(true)] : [number]));
    const name = WORD.test(label) ? label.toLowerCase() : label;
    if (this.share) this.formula.replaceChildren(indexed('z', unit + 1), ' = ', ...terms, this.result, document.createElement('br'), ...shareOf(unit), this.share);
    else this.formula.replaceChildren(...(activation === 'linear' ? terms : [`${name}(`, ...terms, ')']), this.result);
    const parameters = [...sources.keys(), null].map((source) => ({ layer, unit, source }));
    this.fields.replaceChildren(...parameters.map((parameter, i) => this.field(state, parameter, sources[i] ?? 'bias')));
  }

  /** A field of a weight or the bias. @param {Ready} state @param {import('../state/parameters.js').Parameter} parameter @param {Node | string} symbol */
  field(state, parameter, symbol) {
    const label = document.createElement('label'), input = document.createElement('input'), text = document.createElement('span');
    input.type = 'text';
    input.inputMode = 'decimal';
    input.setAttribute('aria-label', parameterName(state, parameter, this.facts.features));
    text.append(symbol);
    label.append(text, input);
    input.addEventListener('focus', () => {
      input.value = exactNumber(Number(input.dataset.value));
      input.select();
    });
    bindNumber(input, { take: (value) => this.set(parameter, value), refuse: this.refuse });
    input.addEventListener('keydown', ({ key }) => key === 'Enter' && input.select());
    return label;
  }

  /** @param {number[]} values @param {{ z: number, a: number } | null} at @param {number[] | null} sums of all outputs, where they act together */
  showFormula(values, at, sums) {
    values.forEach((value, i) => write(/** @type {HTMLElement[]} */ (this.numbers)[i], operand(value, i === 0)));
    const result = this.share ? at?.z : at?.a;
    write(/** @type {HTMLElement} */ (this.result), result === undefined ? '' : ` = ${shortNumber(result)}`);
    if (this.share) write(this.share, at && sums ? ` = ${fraction(at.z, sums)}${shortNumber(at.a)}` : '');
  }

  /** @param {Ready} state @param {import('../state/units.js').Line | null} line */
  showLine({ probe, data }, line) {
    if (!line) return write(this.line, '');
    const { distance, norm } = foot(line), { w1, w2, b } = line;
    if (!norm) return write(this.line, 'No line: both weights are 0.');
    if (!hasOneUnit(data.domain)) return write(this.line, `${crossings(line)} The axes have different units, so it has no distance.`);
    const away = probe ? `, the point ${shortNumber((w1 * probe.x + w2 * probe.y + b) / norm)}` : '';
    const normal = `normal (${shortNumber(w1)}, ${shortNumber(w2)})`;
    write(this.line, `Its line is ${shortNumber(distance)} from the origin${away}; ${normal}.`);
  }

  /** @param {number[]} values */
  showFields(values) {
    values.forEach((value, i) => {
      const input = /** @type {HTMLInputElement} */ (this.fields.children[i].lastElementChild);
      input.dataset.value = String(value);
      if (document.activeElement !== input) {
        const text = shortNumber(value);
        if (input.value !== text) input.value = text;
      }
    });
  }

  /** Put the cursor into the first field. */
  focus() {
    this.fields.querySelector('input')?.focus();
  }
}

/** The weighted sums of all outputs for the probed point. @param {Ready} state */
function outputSums(state) {
  const { shape } = state.layout, layer = shape.length - 2;
  return Array.from({ length: shape[layer + 1] }, (_, unit) => probedUnit(state, [layer, unit])?.z ?? 0);
}

/** What softmax makes of one output's sum while the others stay as they are. @param {number} unit @param {number[]} sums */
function softmaxCurve(unit, sums) {
  const others = sums.reduce((total, sum, i) => (i === unit ? total : total + Math.exp(sum)), 0);
  const values = Array.from({ length: SAMPLES }, (_, i) => 1 / (1 + others * Math.exp(REACH - (2 * REACH * i) / (SAMPLES - 1))));
  return { values, slopes: values.map((value) => value * (1 - value)) };
}

/** The formula of softmax: what an output has of all. @param {number} unit */
function shareOf(unit) {
  const power = (/** @type {Node} */ exponent) => {
    const e = document.createElement('i'), sup = document.createElement('sup');
    e.textContent = 'e';
    sup.append(exponent);
    return [e, sup];
  };
  const sum = document.createElement('sub');
  sum.append(letter('j'));
  return [indexed('q', unit + 1), ' = ', ...power(indexed('z', unit + 1)), ' / ∑', sum, '\u2009', ...power(indexed('z', 'j'))];
}

/** The same in numbers, where they can be written. @param {number} z @param {number[]} sums */
function fraction(z, sums) {
  const own = Math.exp(z), all = sums.reduce((total, sum) => total + Math.exp(sum), 0);
  return Number.isFinite(all) && own > 0 ? `${shortNumber(own)} / ${shortNumber(all)} = ` : '';
}

/** Where a line meets the axes. @param {import('../state/units.js').Line} line */
function crossings({ w1, w2, b }) {
  const places = /** @type {const} */ ([['x1', w1], ['x2', w2]]).filter(([, slope]) => slope);
  return `Its line meets ${places.map(([axis, slope]) => `the ${axis} axis at ${shortNumber(-b / slope)}`).join(' and ')}.`;
}

/** @param {HTMLElement} root @param {string} selector @returns {HTMLElement} */
const find = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
