// Words of a lesson that show what they name: the control or the part of the page lights up, and the other way round.

/** @type {Record<string, string>} */
const PARTS = { data: '#data', network: '#network', output: '.plane', losses: '#chart', details: '#inspector' };
const LIT = 'lit';

/** @param {HTMLElement} aside with the lesson */
export function bindShown(aside) {
  const words = (/** @type {Event} */ { target }) => /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest('.shows') : null);
  for (const [on, off] of [['pointerover', 'pointerout'], ['focusin', 'focusout']]) {
    aside.addEventListener(on, (event) => light(find(words(event)?.dataset.shows)));
    aside.addEventListener(off, (event) => words(event) && light(null));
    document.addEventListener(on, ({ target }) => lightWords(aside, target instanceof Element && !aside.contains(target) ? target : null));
  }
  aside.addEventListener('click', (event) => {
    const shown = find(words(event)?.dataset.shows);
    light(shown);
    shown?.scrollIntoView({ block: 'nearest' });
  });
}

/** Light up an element alone. @param {Element | null} element */
function light(element) {
  for (const lit of document.querySelectorAll(`.${LIT}:not(.shows)`)) if (lit !== element) lit.classList.remove(LIT);
  element?.classList.add(LIT);
}

/** Light up the words that name what is pointed at. @param {HTMLElement} aside @param {Element | null} target */
function lightWords(aside, target) {
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (aside.querySelectorAll('.shows'))) {
    one.classList.toggle(LIT, target !== null && Boolean(find(one.dataset.shows)?.contains(target)));
  }
}

/** What a name stands for, or what has to be opened first to see it. @param {string | undefined} name @returns {Element | null} */
function find(name) {
  if (!name) return null;
  const places = [PARTS[name] ?? '', `#setting-${name}`, `[data-control~="${name}"]`, `main [name="${name}"]`, `#knobs [name="${name}"]`, '#more', '#unfold'];
  for (const place of places) {
    for (const found of place ? document.querySelectorAll(place) : []) {
      const whole = found.closest('.thumbnails, .setting, label, [data-control]') ?? found;
      if (whole.checkVisibility()) return whole;
    }
  }
  return null;
}
