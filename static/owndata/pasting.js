// Pasting outside of text fields: a link is followed, a saved run is opened, points are imported.

import { looksLikePoints, savedRun } from './points.js';

const TYPED_INTO = 'textarea, input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=button], [type=submit])';
const NEITHER = 'What was pasted is neither a link of a playground nor points: nothing has changed.';

/**
 * @typedef {object} Actions
 * @property {(link: string) => void} visit
 * @property {(run: object) => void} open a saved run
 * @property {(points: string) => void} take points, as text
 * @property {(file: File) => void} read a file
 * @property {(sentence: string) => void} refuse
 * @property {() => void} understood something was pasted that can be used
 */

/**
 * @param {{ telling: string, query: string }} rule how a text is known to hold a link; see `holdsLink`
 * @param {Actions} actions
 */
export function bindPasting(rule, actions) {
  document.addEventListener('paste', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest(TYPED_INTO) || document.querySelector('dialog:modal')) return;
    const text = event.clipboardData?.getData('text') ?? '', file = event.clipboardData?.files[0];
    if (!text.trim() && !file) return;
    event.preventDefault(); // else a dialog that opens now would get the text a second time
    if (text.trim()) take(text, rule, actions);
    else if (file) [actions.understood(), actions.read(file)];
  });
}

/** @param {string} text @param {{ telling: string, query: string }} rule @param {Actions} actions */
function take(text, rule, actions) {
  const run = savedRun(text);
  if (run) actions.open(run);
  else if (holdsLink(text, rule)) actions.visit(text);
  else if (looksLikePoints(text)) actions.take(text);
  else return actions.refuse(NEITHER);
  actions.understood();
}

/**
 * Whether a text holds a link of a playground, by the engine's own rule.
 * @param {string} text
 * @param {{ telling: string, query: string }} rule regular expressions: of a known key with a value, and of a URL's part in
 *   which keys are another program's
 */
export function holdsLink(text, { telling, query }) {
  return new RegExp(telling).test(text.replaceAll(new RegExp(query, 'g'), ' '));
}
