// Pulls a unit's bias: its dot is dragged up to make it larger, and its map follows.

const SLACK = 3; // pixels that a pointer may tremble while it clicks
const PER_PIXEL = 0.02;

/**
 * @typedef {import('../state/parameters.js').Parameter} Parameter
 * @typedef {object} Actions
 * @property {(event: PointerEvent) => Parameter | null} at what is under a pointer
 * @property {(parameter: Parameter) => number} value that it has now
 * @property {() => number} newGesture
 * @property {(parameter: Parameter, value: number, gesture: number) => void} set
 */

export class BiasDrag {
  /**
   * @param {HTMLElement} stage
   * @param {Actions} actions
   */
  constructor(stage, actions) {
    this.stage = stage;
    this.actions = actions;
    /** @type {{ parameter: Parameter, value: number, y: number, gesture: number } | null} */
    this.held = null;
    this.dragged = false; // whether the click that follows belongs to a drag
    stage.addEventListener('pointerdown', (event) => this.take(event), true);
    stage.addEventListener('pointermove', (event) => this.follow(event), true);
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) stage.addEventListener(end, () => (this.held = null), true);
    stage.addEventListener('click', (event) => this.dragged && event.stopImmediatePropagation(), true);
  }

  /** The bias under a pointer; a finger sets it on the card. @param {PointerEvent} event */
  under(event) {
    const found = event.pointerType === 'touch' ? null : this.actions.at(event);
    return found?.source === null ? found : null;
  }

  /** @param {PointerEvent} event */
  take(event) {
    this.dragged = false;
    const parameter = event.button === 0 ? this.under(event) : null;
    if (!parameter) return;
    this.held = { parameter, value: this.actions.value(parameter), y: event.clientY, gesture: this.actions.newGesture() };
    this.stage.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const { held } = this;
    if (!held) {
      this.stage.classList.toggle('on-bias', this.under(event) !== null);
      return;
    }
    event.stopImmediatePropagation(); // the card stays
    const up = held.y - event.clientY;
    if (!this.dragged && Math.abs(up) < SLACK) return;
    this.dragged = true;
    this.actions.set(held.parameter, held.value + up * PER_PIXEL, held.gesture);
  }
}
