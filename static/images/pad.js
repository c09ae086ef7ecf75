// The pad: strokes of a pointer become an image of the network's size, scaled and centred as the images of digits were.

const SIDE = 280; // pixels of the drawing, before it is made small
const STROKE = 0.08, ERASER = 0.16; // of its side
/** @type {Record<string, number>} how much of the side what is drawn takes, where images of a set are scaled so */
const BOX = { digits: 20 / 28, digits8: 1 };

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas that is drawn on
   * @param {() => void} drawn called after each piece of a stroke
   */
  constructor(canvas, drawn) {
    this.canvas = canvas;
    this.drawn = drawn;
    this.active = this.erases = false;
    this.centres = true;
    this.ink = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.ink.getContext('2d', { willReadFrequently: true }));
    Object.assign(this.context, { lineCap: 'round', lineJoin: 'round', lineWidth: SIDE * STROKE, strokeStyle: 'white' });
    this.clear();
    canvas.addEventListener('pointerdown', (event) => this.begin(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
  }

  clear() {
    this.context.fillStyle = 'black';
    this.context.fillRect(0, 0, SIDE, SIDE);
  }

  /** @param {PointerEvent} event */
  at(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((event.clientX - left) * SIDE) / width, ((event.clientY - top) * SIDE) / height];
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (!this.active) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.at(event);
    this.stroke(this.last);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.active || !this.last || !(event.buttons & 1)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.stroke(this.at(each));
  }

  /** @param {number[]} place */
  stroke(place) {
    const { context } = this, [x, y] = this.last ?? place;
    context.strokeStyle = this.erases ? 'black' : 'white';
    context.lineWidth = SIDE * (this.erases ? ERASER : STROKE);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(place[0], place[1]);
    context.stroke();
    this.last = place;
    this.drawn();
  }

  /**
   * The drawing as pixels from 0 to 1, row by row.
   * @param {{ name: string, width: number, height: number }} size
   */
  pixels({ name, width, height }) {
    const small = Object.assign(document.createElement('canvas'), { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (small.getContext('2d', { willReadFrequently: true }));
    Object.assign(context, { imageSmoothingEnabled: true, imageSmoothingQuality: 'high', fillStyle: 'black' });
    context.fillRect(0, 0, width, height);
    const found = extent(this.context.getImageData(0, 0, SIDE, SIDE).data, SIDE);
    if (!found || !this.centres || !BOX[name]) {
      context.drawImage(this.ink, 0, 0, width, height);
      return shadesOf(context, width, height);
    }
    const { left, top, side, x, y } = found, scale = (BOX[name] * width) / side;
    // What is drawn fills the box, and its centre of mass lies in the middle.
    const right = name === 'digits' ? width / 2 - (x - left) * scale : (width - side * scale) / 2 + (side - found.across) * scale / 2;
    const down = name === 'digits' ? height / 2 - (y - top) * scale : (height - side * scale) / 2 + (side - found.down) * scale / 2;
    context.drawImage(this.ink, left, top, side, side, right, down, side * scale, side * scale);
    return shadesOf(context, width, height);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} width @param {number} height */
function shadesOf(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  return Array.from({ length: width * height }, (_, i) => data[4 * i] / 255);
}

/**
 * Where something is drawn: the square that holds it, and its centre of mass; null where nothing is.
 * @param {Uint8ClampedArray} data @param {number} side
 */
function extent(data, side) {
  let left = side, right = -1, top = side, bottom = -1, mass = 0, x = 0, y = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const shade = data[4 * (row * side + column)];
      if (shade < 26) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
      mass += shade;
      x += shade * (column + 0.5);
      y += shade * (row + 0.5);
    }
  }
  if (!mass) return null;
  const across = right - left + 1, down = bottom - top + 1;
  return { left, top, side: Math.max(across, down), across, down, x: x / mass, y: y / mass };
}
