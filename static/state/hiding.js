// Hidden controls: what a link leaves out of the page is not reached by keys, dialogs or menus either.

/** @typedef {Record<string, any> | null | undefined} Config */

/** Whether the link hides a control. @param {Config} config @param {string} control */
export const isHidden = (config, control) => Boolean(config?.hide.includes(control));

/** Whether the link hides the control that sets a field, wherever it stands. @param {Config} config @param {string} field */
export function fieldIsHidden(config, field) {
  if (!config?.hide.length) return false; // as nearly always: this is asked with every picture
  const input = document.querySelector(`:is(#knobs, main, #settings) :is([name="${field}"], [data-field="${field}"])`);
  for (let part = input?.closest('[data-control], [data-within]'); part; part = part.parentElement?.closest('[data-control], [data-within]')) {
    const { control, within } = /** @type {HTMLElement} */ (part).dataset;
    if (isHidden(config, control ?? within ?? '')) return true;
  }
  return false;
}

/** Whether a feature has no place on the page: it is off, and nobody can turn it on. @param {NonNullable<Config>} config @param {string} name */
export const isLeftOut = (config, name) => isHidden(config, name) && !config[name];

/** Leave out of the page what the link hides, and show all else. @param {NonNullable<Config>} config */
export function showControls(config) {
  document.body.dataset.hides = config.hide.join(' ');
  for (const control of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-control]'))) {
    control.hidden = isHidden(config, control.dataset.control ?? '');
  }
  for (const feature of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.feature'))) {
    const name = feature.dataset.within ?? '';
    feature.hidden = isLeftOut(config, name);
    /** @type {HTMLInputElement} */ (feature.querySelector('input')).disabled = isHidden(config, name);
  }
}
