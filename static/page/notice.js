// What the page says: a quiet line of what happened, with what can be done about it, and a list of notes that stay until read.

const LINGER = 8000; // milliseconds that a passing word stays in sight

/**
 * @typedef {{ label: string, act: () => void }} Action
 * @typedef {{ text: string, actions: Action[], refused?: boolean }} Word
 */

/** @type {Word} */
const SILENCE = { text: '', actions: [] };

export class Notice {
  /**
   * @param {HTMLElement} line
   * @param {HTMLElement} notes a list, and a button that dismisses it
   */
  constructor(line, notes) {
    this.line = line;
    this.text = /** @type {HTMLElement} */ (line.querySelector('span'));
    this.list = /** @type {HTMLElement} */ (notes.querySelector('ul'));
    this.dismiss = /** @type {HTMLButtonElement} */ (notes.querySelector('button'));
    this.dismiss.addEventListener('click', () => this.read());
    /** @type {Word | null} what is said for a while */
    this.passing = null;
    this.shown = SILENCE;
    /** @type {Map<string, Word>} what is said as long as it is true, by its topic */
    this.lasting = new Map();
  }

  /** Say something for a while. @param {string} text @param {Action[]} actions */
  say(text, ...actions) {
    this.passing = { text, actions };
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pass(), LINGER);
  }

  /** Say for a while why something is not done: also gone with the next thing that is. @param {string} text */
  refuse(text) {
    this.say(text);
    this.passing = { text, actions: [], refused: true };
  }

  /** Something was done: what was refused before it is past. */
  done() {
    if (!this.passing?.refused) return;
    this.passing = null;
    this.show();
  }

  /** Say something until the topic is released: what passes comes before it, and gives way to it again. @param {string} topic @param {string} text @param {Action[]} actions */
  keep(topic, text, ...actions) {
    this.lasting.delete(topic); // the newest is said
    this.lasting.set(topic, { text, actions });
    this.passing = null;
    this.show();
  }

  /** What was kept about a topic is no longer so. @param {string} topic */
  release(topic) {
    if (this.lasting.delete(topic)) this.show();
  }

  /** Nobody has read what was said while the page was hidden. */
  pass() {
    if (document.hidden) return document.addEventListener('visibilitychange', () => this.say(this.shown.text, ...this.shown.actions), { once: true });
    this.passing = null;
    this.show();
  }

  show() {
    const word = this.passing ?? [...this.lasting.values()].at(-1) ?? SILENCE;
    if (word === this.shown) return;
    this.shown = word;
    this.text.textContent = this.line.title = word.text;
    this.line.replaceChildren(this.text, ...word.actions.map(buttonOf));
  }

  // --- notes ------------------------------------------------------------------------------------------------------

  /** Add to the notes, which stay until they are read. @param {string[]} sentences */
  note(sentences) {
    const known = [...this.list.children].map(({ textContent }) => textContent);
    this.list.append(...sentences.filter((sentence) => !known.includes(sentence)).map(item));
    this.dismiss.hidden = !this.list.children.length;
  }

  /** The notes are read: they were dismissed, or the person went on. Gives whether there were any. */
  read() {
    const any = this.list.children.length > 0;
    this.list.replaceChildren();
    this.dismiss.hidden = true;
    return any;
  }
}

/** @param {Action} action */
function buttonOf({ label, act }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', act);
  return button;
}

/** @param {string} sentence */
function item(sentence) {
  const element = document.createElement('li');
  element.textContent = sentence;
  return element;
}
