// Which lines of the update rule hold at present; app/explain/update_rule.py has the lines.

/**
 * The marks of a configuration.
 * @param {Record<string, any>} config
 * @param {Record<string, any>} facts of the server
 * @returns {string[]}
 */
export function updateMarks({ optimizer, regularization, regularizationMode, clipNorm }, { optimizers }) {
  const mode = regularizationMode === 'loss' && !optimizers[optimizer].decouples ? 'loss' : 'decay';
  return [optimizer, regularization === 'none' ? 'free' : `${mode}-${regularization}`, ...(clipNorm ? ['clip'] : [])];
}

/**
 * Show the lines that have one of the marks.
 * @param {HTMLElement} popover
 * @param {string[]} marks
 */
export function showRule(popover, marks) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (popover.querySelectorAll('[data-when]'))) {
    line.hidden = !line.dataset.when?.split(' ').some((mark) => marks.includes(mark));
  }
}
