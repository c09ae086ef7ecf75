// The keyboard: which key does what, wherever the cursor does not need it itself.

const TYPED_INTO = 'textarea, input:not([type=checkbox], [type=radio], [type=range], [type=file])';
const MOVED = '[type=range], [role=slider]'; // by arrow keys, however they got the focus

/**
 * @param {Record<string, () => boolean | void>} keys actions by the key's name in lower case, with "ctrl+" and "shift+" before
 *   it; one that gives false leaves the key to the browser
 */
export function bindKeys(keys) {
  const clicked = followClicks();
  let used = ''; // the key that is down and has done something
  document.addEventListener('keyup', (event) => {
    if (event.key === used) event.preventDefault(); // some browsers press a button only now
    used = '';
  });
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const key = event.key.toLowerCase();
    const above = document.querySelector('dialog:modal, :popover-open'); // has the keyboard to itself, Escape too
    if (above || (key !== 'escape' && needs(target, key, clicked()))) return;
    const control = event.ctrlKey || event.metaKey ? 'ctrl+' : '', shift = event.shiftKey && key.length > 1 ? 'shift+' : '';
    const act = keys[`${control}${control && event.shiftKey ? 'shift+' : shift}${key}`];
    if (!act) return;
    const held = event.repeat && !control && !key.startsWith('arrow'); // it has toggled already
    if (!held && act() === false) return;
    event.preventDefault();
    used = event.key;
  });
}

/**
 * Whether what has the focus needs a key itself. What was clicked keeps the focus, so that Tab goes on from there, but the
 * keys are the page's again.
 * @param {HTMLElement} target
 * @param {string} key
 * @param {Element | null} clicked
 */
function needs(target, key, clicked) {
  if (target.matches(TYPED_INTO)) return true;
  if (key.startsWith('arrow') && target.matches(MOVED)) return true;
  if (target === clicked) return false;
  if (target.matches('select')) return true;
  return key === ' ' ? target.matches('button, input, a, [role=button]') : key.startsWith('arrow') && target.matches('input');
}

/** Gives what has the focus where a pointer has used it since it came there; a menu only once something was chosen from it. */
function followClicks() {
  let pointed = false; // rather than pressed a key
  /** @type {Element | null} */
  let clicked = null;
  const use = (/** @type {Event} */ { type }) => {
    const focused = document.activeElement;
    if (pointed && (type === 'change' || !focused?.matches('select'))) clicked = focused;
  };
  document.addEventListener('pointerdown', () => (pointed = true), true);
  document.addEventListener('keydown', () => (pointed = false), true);
  document.addEventListener('focusin', () => (clicked = null), true);
  for (const type of ['click', 'change']) document.addEventListener(type, use, true);
  return () => clicked;
}
