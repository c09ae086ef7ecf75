// The quiet line at the top: what happened, and one thing to do about it.

const LINGER = 8000; // milliseconds that a passing word stays

export class Notice {
  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
    this.text = /** @type {HTMLElement} */ (line.querySelector('span'));
    this.button = /** @type {HTMLButtonElement} */ (line.querySelector('button'));
    this.button.addEventListener('click', () => this.action?.());
  }

  /**
   * Say something.
   * @param {string} text
   * @param {{ label: string, act: () => void } | null} action
   * @param {boolean} lasting whether it stays until something else is said
   */
  say(text, action = null, lasting = false) {
    clearTimeout(this.timer);
    this.text.textContent = this.line.title = text;
    this.button.hidden = !action;
    this.button.textContent = action?.label ?? '';
    this.action = action?.act;
    if (!lasting) this.timer = setTimeout(() => this.clear(), LINGER);
  }

  clear() {
    this.say('', null, true);
  }
}
