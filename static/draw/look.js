// The page's look: its theme and its palette, chosen in a menu, kept by the browser, read by what draws.

import { createScale, paintScale, PALETTES } from './colors.js';
import { readStored, writeStored } from './storage.js';

const CHOICES = ['theme', 'palette'];
const NAMES = ['page', 'surface', 'text', 'muted', 'line', 'hairline', 'accent', 'ink', 'neutral', 'validation', 'rate'];

/** @returns {Record<string, string>} colours by name, as rgb(...) */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** The name of the palette in force. */
export function readPalette() {
  return document.documentElement.dataset.palette ?? 'original';
}

/**
 * Wire the button and its menu; call back at once, and whenever the colours have changed.
 * @param {ParentNode} root that holds both
 * @param {() => void} onChange
 */
export function bindLook(root, onChange) {
  const button = /** @type {HTMLButtonElement} */ (root.querySelector('#look'));
  const menu = /** @type {HTMLFormElement} */ (root.querySelector('#look-menu'));
  const apply = () => {
    for (const name of CHOICES) document.documentElement.dataset[name] = group(menu, name).value;
    if (menu.matches(':popover-open')) showSwatches(menu);
    onChange();
  };
  for (const name of CHOICES) group(menu, name).value = readStored(name);
  menu.addEventListener('change', ({ target }) => {
    const { name, value } = /** @type {HTMLInputElement} */ (target);
    writeStored(name, value);
    apply();
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  bindMenu(button, menu);
  namePalettes(menu);
  apply();
}

/**
 * Open under the button, with the focus on what is chosen; the browser does the rest.
 * @param {HTMLButtonElement} button
 * @param {HTMLFormElement} menu
 */
function bindMenu(button, menu) {
  menu.addEventListener('beforetoggle', ({ newState }) => {
    if (newState === 'open') showSwatches(menu);
    const { left, bottom } = button.getBoundingClientRect();
    menu.style.setProperty('--left', `${left}px`);
    menu.style.setProperty('--top', `${bottom}px`);
  });
  menu.addEventListener('toggle', ({ newState }) => {
    if (newState === 'open') /** @type {HTMLElement} */ (menu.querySelector(':checked')).focus();
  });
}

/**
 * One of the menu's groups: its value is the chosen one, and setting one that it lacks changes nothing.
 * @param {HTMLFormElement} menu
 * @param {string} name
 */
function group(menu, name) {
  return /** @type {RadioNodeList} */ (menu.elements.namedItem(name));
}

/** @param {HTMLFormElement} menu @returns {NodeListOf<HTMLInputElement>} */
const palettes = (menu) => menu.querySelectorAll('[name=palette]');

/** @param {HTMLFormElement} menu */
function namePalettes(menu) {
  for (const { value, parentElement: row } of palettes(menu)) {
    const { label, hint } = PALETTES[value];
    /** @type {HTMLElement} */ (row?.querySelector('span')).textContent = label;
    /** @type {HTMLElement} */ (row?.querySelector('small')).textContent = hint;
  }
}

/** @param {HTMLFormElement} menu */
function showSwatches(menu) {
  const { neutral } = readTheme();
  for (const { value, parentElement: row } of palettes(menu)) {
    paintScale(/** @type {HTMLCanvasElement} */ (row?.querySelector('canvas')), createScale(neutral, value));
  }
}
