// Painting pixels: shades of grey or colours of an image, and weights in the colours of sign.

const OPAQUE = 0xff000000;

/** Bytes in base64. @param {string} text */
export const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** The colours of a scale's labels as ABGR words. @param {import('../draw/colors.js').Scale} scale */
export function wordsOf(scale) {
  return Uint32Array.from(scale.css, (color) => {
    const [red, green, blue] = (color.match(/\d+/g) ?? []).map(Number);
    return (OPAQUE | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/**
 * Paint an image on a canvas of as many pixels.
 * @param {HTMLCanvasElement} canvas @param {{ width: number, height: number }} size
 * @param {(words: Uint32Array) => void} write
 */
export function paint(canvas, { width, height }, write) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')), image = new ImageData(width, height);
  write(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

/** An image's shades, from 0 to 255. @param {ArrayLike<number>} values @param {number} channels @returns {(words: Uint32Array) => void} */
export const shades = (values, channels) => (words) => {
  for (let i = 0; i < words.length; i++) {
    const at = i * channels, red = values[at], green = channels > 1 ? values[at + 1] : red, blue = channels > 1 ? values[at + 2] : red;
    words[i] = (OPAQUE | (blue << 16) | (green << 8) | red) >>> 0;
  }
};

/**
 * Weights as bytes around 128: each in the colour of its sign, or where the pixels are coloured as red, green and blue around grey.
 * @param {Uint8Array} bytes @param {number} channels @param {Uint32Array} colors of all bytes
 * @returns {(words: Uint32Array) => void}
 */
export const signs = (bytes, channels, colors) => (channels > 1 ? shades(bytes, channels) : (words) => {
  for (let i = 0; i < words.length; i++) words[i] = colors[bytes[i]];
});

/** Numbers as bytes around 128, by the largest of them. @param {ArrayLike<number>} values */
export function signed(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return Uint8Array.from(values, (value) => Math.round(128 + (127 * value) / (largest || 1)));
}

/** How alike two images are: Pearson's correlation. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function correlation(a, b) {
  const n = a.length;
  let sumA = 0, sumB = 0, sumAA = 0, sumBB = 0, sumAB = 0;
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
    sumAA += a[i] * a[i];
    sumBB += b[i] * b[i];
    sumAB += a[i] * b[i];
  }
  const spread = Math.sqrt((sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n));
  return spread ? (sumAB - (sumA * sumB) / n) / spread : NaN;
}
