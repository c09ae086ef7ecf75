// The explanations behind the small question marks: popovers that the browser opens and closes, placed beside their buttons.

import { batchKind, hiddenActivations, shownIn } from '../state/fields.js';
import { showRule } from './updaterule.js';

const GAP = 8; // pixels from an explanation to its button and to the window's edges

/**
 * Place each explanation as it opens, mark in its list what is chosen at present, and let Escape close it.
 * @param {Document | HTMLElement} root
 * @param {(topic: string) => string | string[] | undefined} chosen names of a topic's entries, and marks of lines
 * @returns {() => void} shows in an open one what is chosen by now
 */
export function bindExplanations(root, chosen) {
  /** @type {Element | null} that opened the newest */
  let button = null;
  root.addEventListener('beforetoggle', (event) => { // on its way down, because it does not bubble
    const { target, newState, source } = /** @type {ToggleEvent & { source?: Element }} */ (event);
    const popover = /** @type {HTMLElement} */ (target);
    if (!popover.matches('.explanation') || newState !== 'open') return;
    fill(popover);
    button = source ?? root.querySelector(`[popovertarget="${popover.id}"]`);
    show(popover);
    requestAnimationFrame(() => { // it has a size by then, and has not been drawn yet
      place(popover, button);
      popover.focus({ preventScroll: true });
    });
  }, true);
  const show = (/** @type {HTMLElement} */ popover) => {
    const names = [chosen(popover.id.replace('about-', '')) ?? []].flat();
    mark(popover, names);
    showRule(popover, names);
  };
  const opened = () => /** @type {HTMLElement | null} */ (root.querySelector('.explanation:popover-open'));
  root.addEventListener('keydown', (event) => { // before those for whom Escape means something else
    const popover = opened();
    if (!popover || /** @type {KeyboardEvent} */ (event).key !== 'Escape') return;
    popover.hidePopover();
    event.preventDefault();
    event.stopPropagation();
  }, true);
  window.addEventListener('resize', () => {
    const popover = opened();
    if (popover) place(popover, button);
  });
  return () => {
    const popover = opened();
    if (popover) show(popover);
  };
}

/**
 * The entries of a topic that a configuration has chosen.
 * @param {Record<string, any>} config
 * @param {string} topic
 * @param {any} facts of the server
 * @param {number} points how many train
 * @returns {string[]}
 */
export function chosenEntries(config, topic, facts, points) {
  if (topic === 'features') return Object.keys(config).filter((name) => config[name] === true);
  if (topic === 'score') return [config.problem];
  if (topic === 'dataset') return [config[facts.tasks[config.problem].dataset]];
  if (topic === 'activation') return [...hiddenActivations(config), shownIn(topic, config, facts)];
  if (topic === 'batchSize') return [batchKind(config.batchSize, points)];
  return [shownIn(topic, config, facts)];
}

/**
 * Take in what a template holds until it is asked for: explanations are most of a page, and most are never opened.
 * @param {HTMLElement} popover
 */
function fill(popover) {
  const kept = popover.querySelector('template');
  kept?.replaceWith(kept.content);
}

/** @param {HTMLElement} popover @param {string[]} names */
function mark(popover, names) {
  for (const entry of /** @type {NodeListOf<HTMLElement>} */ (popover.querySelectorAll('li[data-entry]'))) {
    entry.ariaCurrent = names.includes(entry.dataset.entry ?? '') ? 'true' : null;
  }
}

/** @param {HTMLElement} popover @param {Element | null} button */
function place(popover, button) {
  if (!button) return;
  const { style } = popover;
  style.removeProperty('--room'); // to find its whole height
  const box = (button.closest('.knob, .slider, .setting') ?? button).getBoundingClientRect(); // not over what it explains
  const at = beside(box, popover.offsetWidth, popover.offsetHeight, window.innerWidth, window.innerHeight);
  for (const [name, value] of Object.entries(at)) style.setProperty(`--${name}`, `${value}px`);
}

/**
 * Where something of a size goes: below a box, or above it where there is more room, inside a window.
 * @param {{ left: number, top: number, bottom: number }} box
 * @param {number} width @param {number} height
 * @param {number} windowWidth @param {number} windowHeight
 * @returns {{ left: number, top: number, room: number }} `room` is the largest height there
 */
export function beside(box, width, height, windowWidth, windowHeight) {
  const below = windowHeight - box.bottom - 2 * GAP, above = box.top - 2 * GAP;
  const goesBelow = height <= below || below >= above;
  const room = goesBelow ? below : above;
  return {
    left: Math.max(GAP, Math.min(box.left - GAP, windowWidth - width - GAP)),
    top: goesBelow ? box.bottom + GAP : box.top - GAP - Math.min(height, room),
    room,
  };
}
