// Hints for a question that stays open: after a while the first is offered, then the next, and at last the solution.

const FIRST = 45_000; // milliseconds until the first hint is offered

export class Hints {
  /** @param {HTMLElement} list @param {HTMLElement} button */
  constructor(list, button) {
    this.list = list;
    this.button = button;
    /** @type {[string, string][]} what the button says, and the HTML that it shows then */
    this.left = [];
    button.addEventListener('click', () => this.next());
  }

  /** Begin a lesson. @param {string[]} hints @param {string | null} solution */
  begin(hints, solution) {
    this.end();
    this.left = hints.map((html, i) => [i ? 'Another hint' : 'A hint', html]);
    if (solution) this.left.push(['The solution', solution]);
    this.timer = setTimeout(() => this.offer(), FIRST);
  }

  /** The question is answered, or another lesson begins. */
  end() {
    clearTimeout(this.timer);
    this.left = [];
    this.list.replaceChildren();
    this.button.hidden = true;
  }

  offer() {
    this.button.hidden = !this.left.length;
    if (this.left.length) this.button.textContent = this.left[0][0];
  }

  next() {
    const [, html] = /** @type {[string, string]} */ (this.left.shift()), row = document.createElement('li');
    row.innerHTML = html;
    this.list.append(row);
    this.offer();
    this.list.scrollIntoView({ block: 'nearest' });
  }
}
