// The screen below the page: another one has other pixels, and paper has a size of its own.

/** @param {() => void} resized called when the page has to be drawn anew */
export function watchScreen(resized) {
  watchDensity(resized);
  for (const [when, printed] of /** @type {const} */ ([['beforeprint', true], ['afterprint', false]])) {
    window.addEventListener(when, () => {
      document.body.classList.toggle('printed', printed);
      resized();
    });
  }
}

/** A window that goes to another screen, or is zoomed, has other pixels though its parts may keep their sizes. @param {() => void} resized */
function watchDensity(resized) {
  const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener('change', () => [resized(), watchDensity(resized)], { once: true });
}
