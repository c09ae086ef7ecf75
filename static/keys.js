// The keyboard: which key does what, wherever the cursor does not need it itself.

/**
 * @param {Record<string, () => boolean | void>} keys actions by the key's name in lower case, with "ctrl+" and "shift+" before
 *   it; one that gives false leaves the key to the browser
 */
export function bindKeys(keys) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const key = event.key.toLowerCase();
    const typing = target.matches('input:not([type=checkbox], [type=radio]), select, textarea');
    const above = document.querySelector('dialog:modal, :popover-open'); // has the keyboard to itself, Escape too
    if (above || (typing && key !== 'escape')) return;
    if (key === ' ' && target.matches('button, input, .sketch')) return;
    if (key.startsWith('arrow') && target.matches('input, [role=slider]')) return;
    const control = event.ctrlKey || event.metaKey ? 'ctrl+' : '', shift = event.shiftKey && key.length > 1 ? 'shift+' : '';
    const act = keys[`${control}${control && event.shiftKey ? 'shift+' : shift}${key}`];
    if (act && act() !== false) event.preventDefault();
  });
}
