// What would help a run that is stuck: a button for each change, with the reason beside it.

/**
 * @typedef {import('../state/state.js').Move} Move
 */

export class StuckPanel {
  /**
   * @param {HTMLElement} panel that stands among the details while nothing is pointed at
   * @param {(set: Record<string, any>) => void} tryMove
   */
  constructor(panel, tryMove) {
    this.tryMove = tryMove;
    this.hint = /** @type {HTMLElement} */ (panel.querySelector('p'));
    this.block = /** @type {HTMLElement} */ (panel.querySelector('.stuck'));
    this.list = /** @type {HTMLElement} */ (this.block.querySelector('ul'));
  }

  /** @param {Move[]} moves */
  render(moves) {
    this.block.hidden = !moves.length;
    this.hint.hidden = moves.length > 0;
    this.list.replaceChildren(...moves.map((move) => this.rowOf(move)));
  }

  /** @param {Move} move */
  rowOf({ label, why, set }) {
    const row = document.createElement('li'), button = document.createElement('button'), reason = document.createElement('span');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', () => this.tryMove(set));
    reason.textContent = `${why[0].toUpperCase()}${why.slice(1)}.`;
    row.append(button, reason);
    return row;
  }

  /** Bring it into sight, and the focus to the first of its buttons. */
  focus() {
    this.block.scrollIntoView({ block: 'center' });
    this.list.querySelector('button')?.focus({ preventScroll: true });
  }
}
