// A unit in numbers: its formula, its line on the plane, its activation, and a field for each of its parameters.

import { drawCurve } from './curve.js';
import { fitted } from './maps.js';
import { foot } from './marks.js';
import { exactNumber, operand, shortNumber } from './numbers.js';
import { lineOf, parametersOf, parameterName, probedUnit, unitName } from './wires.js';

const WORD = /^[A-Z][a-z]+( |$)/; // a label that is a word and not a name such as ReLU

/**
 * @typedef {import('./state.js').Ready} Ready
 * @typedef {import('./state.js').Unit} Unit
 */

export class UnitPanel {
  /**
   * @param {HTMLElement} panel
   * @param {any} facts of the server
   * @param {(parameter: import('./geometry.js').Parameter, value: number) => void} set
   */
  constructor(panel, facts, set) {
    this.facts = facts;
    this.set = set;
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
    const isOutput = unit[0] === shape.length - 2;
    const activation = isOutput ? this.facts.outputActivation[config.problem] : config.activation;
    const key = JSON.stringify([unit, shape, features, activation]);
    if (key !== this.built) this.build(state, unit, activation);
    this.built = key;
    const { weights, bias } = parametersOf(frame.theta, shape, unit);
    const at = probedUnit(state, unit);
    this.showFormula([...weights, bias], at);
    this.showLine(lineOf(state, unit), state.probe);
    this.showFields([...weights, bias]);
    const { values, slopes, label } = this.facts.activations[activation];
    const { clientWidth: width, clientHeight: height } = this.canvas;
    drawCurve(fitted(this.canvas, width, height), { values, slopes, at, theme }, width, height);
    this.caption.textContent = at ? `z ${shortNumber(at.z)} → ${shortNumber(at.a)}` : label;
  }

  /** Everything but the numbers. @param {Ready} state @param {Unit} unit @param {string} activation */
  build(state, [layer, unit], activation) {
    const { shape, features } = state.layout;
    const { label } = this.facts.activations[activation];
    const sources = Array.from({ length: shape[layer] }, (_, i) => (layer === 0 ? symbolOf(features[i]) : indexed('a', i + 1)));
    this.name.textContent = unitName(shape, [layer, unit]);
    this.numbers = [...sources, null].map(() => document.createElement('b'));
    this.result = document.createElement('b');
    const terms = this.numbers.flatMap((number, i) => (i < sources.length ? [number, '\u2009', sources[i].cloneNode(true)] : [number]));
    const name = WORD.test(label) ? label.toLowerCase() : label;
    this.formula.replaceChildren(...(activation === 'linear' ? terms : [`${name}(`, ...terms, ')']), this.result);
    const parameters = [...sources.keys(), null].map((source) => ({ layer, unit, source }));
    this.fields.replaceChildren(...parameters.map((parameter, i) => this.field(state, parameter, sources[i] ?? 'bias')));
  }

  /** A field of a weight or the bias. @param {Ready} state @param {import('./geometry.js').Parameter} parameter @param {Node | string} symbol */
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
    input.addEventListener('change', () => {
      const value = Number(input.value.trim().replace('−', '-').replace(',', '.'));
      if (input.value.trim() && Number.isFinite(value)) this.set(parameter, value);
    });
    input.addEventListener('keydown', ({ key }) => key === 'Enter' && input.select());
    return label;
  }

  /** @param {number[]} values @param {{ a: number } | null} at */
  showFormula(values, at) {
    values.forEach((value, i) => write(/** @type {HTMLElement[]} */ (this.numbers)[i], operand(value, i === 0)));
    write(/** @type {HTMLElement} */ (this.result), at ? ` = ${shortNumber(at.a)}` : '');
  }

  /** @param {import('./marks.js').Line | null} line @param {import('./state.js').Probe | null} probe */
  showLine(line, probe) {
    if (!line) return write(this.line, '');
    const { distance, norm } = foot(line);
    if (!norm) return write(this.line, 'No line: both weights are 0.');
    const { w1, w2, b } = line;
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

/** @param {HTMLElement} root @param {string} selector @returns {HTMLElement} */
const find = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The symbol of a feature, as it stands beside its square. @param {string} name */
function symbolOf(name) {
  const symbol = document.createElement('span');
  const label = document.querySelector(`.feature:has([name="${name}"]) span`);
  symbol.append(...[...(label?.childNodes ?? [])].map((node) => node.cloneNode(true)));
  return symbol;
}

/** @param {string} name @param {number} index */
function indexed(name, index) {
  const symbol = document.createElement('span'), letter = document.createElement('i'), sub = document.createElement('sub');
  letter.textContent = name;
  sub.textContent = String(index);
  symbol.append(letter, sub);
  return symbol;
}
