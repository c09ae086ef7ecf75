// The runs of a gallery as the page knows them: what a frame adds, which have solved it, their order and their spread.

import { testIsCovered } from './state.js';

/**
 * @typedef {import('./state.js').Rule} Rule @typedef {import('./state.js').Part} Part
 * @typedef {import('./state.js').GalleryRun} Run @typedef {import('./state.js').GallerySummary} GallerySummary
 * @typedef {import('./state.js').Gallery} Gallery @typedef {import('./state.js').Member} Member
 */

export const USUAL_RULE = { score: true, limit: 0.95 };
const BLOCK = { train: 0, test: 1, validation: 2 }; // where each part's losses stand in a row

/**
 * By which part of the data runs are judged: by the validation where there is one, else by the test, but never by a covered one.
 * @param {import('./state.js').State} state @returns {Part}
 */
export function partOf(state) {
  const { data } = state;
  if (data?.validation.length) return 'validation';
  return data?.test.length && !testIsCovered(state) ? 'test' : 'train';
}

/** A gallery as the server tells it, with what is known of it already. @param {Gallery | null} before @param {GallerySummary | null} told @param {Part} part @param {Rule} rule @returns {Gallery | null} */
export function galleryOf(before, told, part, rule) {
  if (!told) return null;
  const known = before?.number === told.number ? before : { epoch: 0, side: 0, members: [], rows: [] };
  return { ...told, epoch: known.epoch, side: known.side, members: known.members, rows: known.rows, part, rule };
}

/** A gallery after one more frame. @param {Gallery} gallery @param {import('../wire/galleryframes.js').GalleryFrame} frame @returns {Gallery} */
export function withFrame(gallery, { epoch, side, playing, done, members, rows }) {
  const last = gallery.rows.length ? gallery.rows[gallery.rows.length - 1][0] : -1;
  const known = { ...gallery, epoch, side, playing: playing || gallery.playing, done, rows: [...gallery.rows, ...rows.filter((row) => row[0] > last)] };
  return withRule({ ...known, members: members.map((member, i) => ({ ...member, label: gallery.labels[i], solved: false })) }, gallery.rule);
}

/** A gallery whose runs are judged by a rule. @param {Gallery} gallery @param {Rule} rule @returns {Gallery} */
export function withRule(gallery, rule) {
  return { ...gallery, rule, members: gallery.members.map((run) => ({ ...run, solved: isSolved(run, gallery.part, rule) })) };
}

/** @param {Member} run @param {Part} part @param {Rule} rule */
function isSolved(run, part, { score, limit }) {
  return !run.diverged && (score ? scoreOf(run, part) >= limit : lossOf(run, part) < limit);
}

/** The loss that a run is judged by. @param {Member} run @param {Part} part */
export const lossOf = (run, part) => run[/** @type {const} */ (`${part}Loss`)];

/** @param {Member} run @param {Part} part */
export const scoreOf = (run, part) => run[/** @type {const} */ (`${part}Score`)];

/** What to sort by: the loss, and behind all others what has diverged. @param {Run} run @param {Part} part */
const sortKey = (run, part) => (run.diverged || Number.isNaN(lossOf(run, part)) ? Infinity : lossOf(run, part));

/** The places of the runs by their losses, the best first. @param {Gallery} gallery @returns {number[]} */
export function byLoss({ members, part }) {
  const keys = members.map((run) => sortKey(run, part));
  return members.map((_, i) => i).sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a] - keys[b]));
}

/** The losses of one row that count, by member. @param {Float64Array} row @param {Part} part */
export function lossesOf(row, part) {
  const count = (row.length - 1) / 3, start = 1 + BLOCK[part] * count;
  return row.subarray(start, start + count);
}

/**
 * Quartiles of some numbers; those that are not known are left out.
 * @param {ArrayLike<number>} values
 * @returns {[number, number, number] | null}
 */
export function quartiles(values) {
  const sorted = Array.from(values).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const at = (/** @type {number} */ share) => {
    const place = share * (sorted.length - 1), low = Math.floor(place), next = sorted[Math.min(low + 1, sorted.length - 1)];
    return place === low ? sorted[low] : sorted[low] + (place - low) * (next - sorted[low]);
  };
  return [at(0.25), at(0.5), at(0.75)];
}
