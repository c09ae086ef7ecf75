// What the page knows: the one state object's form, and its first value.

import { History } from './chart.js';

/**
 * @typedef {[number, number]} Unit a hidden unit, by layer and place
 * @typedef {{ train: number[][], test: number[][], domain: [[number, number], [number, number]],
 *   features: Record<string, { map: string, range: number }> }} Data
 * @typedef {{ shape: number[], features: string[], parameters: number, unitSide: number, side: number }} Layout
 * @typedef {object} State
 * @property {Record<string, any> | null} config as the page shows it, ahead of the server by what is on its way
 * @property {Data | null} data @property {Layout | null} layout
 * @property {import('./frames.js').Frame | null} frame the newest
 * @property {History} history
 * @property {number} run the number of the network that all this is about
 * @property {string | null} session
 * @property {boolean} playing
 * @property {boolean} lost whether the connection is
 * @property {Unit | null} selected the hidden unit shown large
 * @property {import('./geometry.js').Parameter | null} hovered the weight or bias under the pointer
 * @property {object} size a new one when the window has another size
 * @property {object} theme a new one when the colours are others
 */

/** @returns {State} */
export function firstState() {
  return {
    config: null,
    data: null,
    layout: null,
    frame: null,
    history: new History(),
    run: 0,
    session: null,
    playing: false,
    lost: false,
    selected: null,
    hovered: null,
    size: {},
    theme: {},
  };
}
