// The marks of the explanations: out of sight until they are pointed at or asked for. A label opens what its mark does.

const LABELS = '.titled, .knob > span, .counter > span, .key > span, h2, dt';
const USED = 'button, a, input, select';

export class Marks {
  /** @param {HTMLElement} body */
  constructor(body) {
    this.body = body;
    body.addEventListener('click', (event) => this.explain(event));
    this.show(false);
  }

  get shown() {
    return !this.body.classList.contains('calm');
  }

  toggle() {
    this.show(!this.shown);
    return this.shown;
  }

  /** @param {boolean} shown in sight, and where Tab stops */
  show(shown) {
    this.body.classList.toggle('calm', !shown);
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll('.about'))) mark.tabIndex = shown ? 0 : -1;
  }

  /** @param {MouseEvent} event */
  explain(event) {
    const target = /** @type {Element} */ (event.target), label = target.closest(LABELS);
    const mark = /** @type {HTMLElement | null | undefined} */ (label?.querySelector(':scope > .about'));
    const named = /** @type {HTMLInputElement | null | undefined} */ (target.closest('label')?.control);
    if (!mark?.checkVisibility() || target.closest(USED) || named?.type === 'checkbox') return;
    event.preventDefault(); // the label's control does not take the focus
    mark.click();
  }
}
