// The page's state: its type, and its first value.

import { History } from './history.js';

/**
 * @typedef {{ part: 'train' | 'validation' | 'test', point: number }} Place of a data point, counted from 0 in its part
 * @typedef {[number, number]} Unit by layer, the first behind the inputs being 0, and place; the output is the last layer
 * @typedef {{ x: number, y: number, label: number | null }} Probe a place of the plane that is followed through the network
 * @typedef {{ what: string, link: string }} Moment a change that can be taken back or made again
 * @typedef {{ train: number[][], validation: number[][], test: number[][], domain: [[number, number], [number, number]],
 *   scaling: { mean: number[], sigma: number[] }, features: Record<string, { map: string, range: number }>, images?: ImageScene }} Data
 * @typedef {{ name: string, height: number, width: number, channels: number, names: string[], labels: string, means: string }} ImageScene
 *   what stays as long as the images do: their sizes, the classes' names, labels of the test images and mean images in base64
 * @typedef {{ shape: number[], features: string[], parameters: number, unitSide: number, side: number, trainSize?: number }} Layout
 * @typedef {import('../wire/galleryframes.js').Member} Member
 * @typedef {{ score: boolean, limit: number }} Rule when a run counts as solved: at least that score, or less than that loss
 * @typedef {'test' | 'validation' | 'train'} Part of the data that runs are judged by
 * @typedef {Member & { label: string, solved: boolean }} GalleryRun
 * @typedef {object} GallerySummary what the server says of a gallery beside its frames
 * @property {'restarts' | 'compare'} kind @property {string} knob @property {string} title @property {string[]} labels what a run is called by, and what each is
 * @property {number} epochs the last one @property {number} number @property {boolean} playing @property {boolean} done
 * @typedef {object} GalleryFrames what its frames say
 * @property {number} epoch @property {number} side @property {GalleryRun[]} members
 * @property {Float64Array[]} rows @property {Part} part @property {Rule} rule
 * @typedef {GallerySummary & GalleryFrames} Gallery runs side by side
 * @typedef {{ label: string, why: string, set: Record<string, any> }} Move a change that would help, and the fields that it sets
 * @typedef {object} State
 * @property {Record<string, any> | null} config as the page shows it
 * @property {Data | null} data @property {Layout | null} layout
 * @property {import('../wire/frames.js').Frame | null} frame the newest
 * @property {boolean} ahead whether the configuration is, by what the server has yet to confirm
 * @property {History} history
 * @property {{ until: number, rates: number[] } | null} rates the learning rate by the schedule, evenly over the epochs up to
 *   `until`, where it does not stay the same
 * @property {boolean} uncovered whether the test loss that the configuration covers was asked for
 * @property {number} run the number of the network that all this is about
 * @property {string | null} session its token
 * @property {string | null} id the session's, for scripts
 * @property {boolean} playing @property {string} speed epochs per frame, by name
 * @property {Move[]} moves that would help, where the run is stuck
 * @property {boolean} lost whether the connection is
 * @property {Moment | null} undo @property {Moment | null} redo
 * @property {Unit | null} pinned the unit that stays shown @property {Unit | null} pointed the one under the pointer
 * @property {import('./parameters.js').Parameter | null} hovered the weight or bias under the pointer
 * @property {Probe | null} probe
 * @property {Record<string, number>} deeds how often the person did what, since a lesson was set up
 * @property {Gallery | null} gallery the one that is open
 * @property {Record<string, Gallery>} galleries by kind, the last since then
 * @property {object} size a new one when the window has another size
 * @property {object} theme a new one when the colours are others
 *
 * @typedef {State & { config: NonNullable<State['config']>, data: Data, layout: Layout }} Ready a state that the server
 *   has filled
 */

/** @returns {State} */
export function firstState() {
  return {
    config: null,
    data: null,
    layout: null,
    frame: null,
    ahead: false,
    history: new History(),
    rates: null,
    uncovered: false,
    run: 0,
    session: null,
    id: null,
    playing: false,
    speed: '1',
    moves: [],
    lost: false,
    undo: null,
    redo: null,
    pinned: null,
    pointed: null,
    hovered: null,
    probe: null,
    deeds: {},
    gallery: null,
    galleries: {},
    size: {},
    theme: {},
  };
}

/** The unit on show: the one under the pointer, or else the one that stays. @param {State} state */
export const shown = ({ pointed, pinned }) => pointed ?? pinned;

/** Whether nothing may tell the test loss. @param {State} state */
export const testIsCovered = ({ config, uncovered }) => Boolean(config?.coverTest) && !uncovered;

/** How many points train, or images. @param {State} state */
export const trainSize = ({ data, layout }) => layout?.trainSize ?? data?.train.length ?? 0;

/** @param {State} state @returns {state is Ready} */
export const isReady = (state) => Boolean(state.config && state.data && state.layout);
