// Which epochs are in view: all, or a part that goes with the newest one where it ends there.

const SHORTEST = 10; // epochs that a whole run takes at least, so that its beginning does not fill the chart
const SMALLEST = 2; // epochs that a part takes at least

/** @typedef {[number, number]} Range of epochs */

export class Zoom {
  constructor() {
    /** @type {Range} */
    this.all = [0, SHORTEST];
    /** @type {Range | null} */
    this.part = null;
  }

  /** The run goes from one epoch to another. @param {number} first @param {number} last */
  span(first, last) {
    const follows = this.part && this.part[1] >= this.all[1];
    this.all = [first, Math.max(first + SHORTEST, last)];
    if (this.part) this.to(follows ? [this.all[1] - width(this.part), this.all[1]] : this.part);
  }

  /** @returns {Range} */
  get epochs() {
    return this.part ?? this.all;
  }

  /** See a part, as far as there is one. @param {Range} part */
  to([from, to]) {
    const [first, last] = this.all, size = Math.max(to - from, SMALLEST), start = (from + to - size) / 2;
    if (size >= last - first) this.part = null;
    else if (start + size >= last) this.part = [last - size, last];
    else this.part = start <= first ? [first, first + size] : [start, start + size];
  }

  /** See so many times as many epochs, and one of them where it was. @param {number} times @param {number} about */
  by(times, about) {
    const [from, to] = this.epochs;
    this.to([about - (about - from) * times, about + (to - about) * times]);
  }

  /** Move along by so many parts of what is in view. @param {number} parts */
  along(parts) {
    const [from, to] = this.epochs, way = (to - from) * parts;
    this.to([from + way, to + way]);
  }

  /** Bring an epoch into view. @param {number} epoch */
  show(epoch) {
    const [from, to] = this.epochs;
    if (epoch < from) this.to([epoch, epoch + to - from]);
    if (epoch > to) this.to([epoch - to + from, epoch]);
  }

  reset() {
    this.part = null;
  }
}

/** @param {Range} range */
const width = ([from, to]) => to - from;
