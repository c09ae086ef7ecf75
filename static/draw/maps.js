// Maps: bytes of the server become pixels of small canvases, ready to be drawn at any size.

/** @typedef {import('./colors.js').Scale} Scale */

/** A stack of square maps on one canvas, one below the other. */
export class Atlas {
  constructor() {
    this.canvas = document.createElement('canvas');
    this.side = 0;
  }

  /**
   * Paint the bytes of some maps.
   * @param {Uint8Array} bytes
   * @param {number} side pixels a side
   * @param {Uint32Array | Uint32Array[]} pixels the colour of each byte, for each map its own or for all the same
   */
  paint(bytes, side, pixels) {
    this.fill(side, bytes.length / side, (words) => {
      if (pixels instanceof Uint32Array) for (let i = 0; i < bytes.length; i++) words[i] = pixels[bytes[i]];
      else pixels.forEach((own, map) => {
        for (let i = map * side * side; i < (map + 1) * side * side; i++) words[i] = own[bytes[i]];
      });
    });
  }

  /**
   * Have the pixels of some maps written as ABGR words.
   * @param {number} side pixels a side
   * @param {number} height of all of them
   * @param {(words: Uint32Array) => void} write
   */
  fill(side, height, write) {
    if (!height) return;
    if (this.canvas.width !== side || this.canvas.height !== height) {
      this.canvas.width = side;
      this.canvas.height = height;
      this.image = new ImageData(side, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    this.side = side;
    write(/** @type {Uint32Array} */ (this.words));
    this.canvas.getContext('2d')?.putImageData(/** @type {ImageData} */ (this.image), 0, 0);
  }

  /**
   * Draw one map of the stack.
   * @param {CanvasRenderingContext2D} context
   * @param {number} index
   * @param {number} x @param {number} y @param {number} size
   */
  draw(context, index, x, y, size) {
    const { side, canvas } = this;
    if (side && (index + 1) * side <= canvas.height) context.drawImage(canvas, 0, index * side, side, side, x, y, size, size);
  }
}

/**
 * Bytes from the base64 text that JSON carries them in.
 * @param {string} text
 */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/**
 * Fit a canvas's pixels to its place on the screen; returns its context, in CSS pixels, and its size.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width @param {number} height in CSS pixels
 */
export function fitted(canvas, width, height) {
  const density = Math.max(1, window.devicePixelRatio || 1);
  const w = Math.round(width * density), h = Math.round(height * density);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
