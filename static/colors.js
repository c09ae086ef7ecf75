// Colour carries sign and size: orange below zero, blue above, through a neutral near the page's own background.
// Mixed in OKLab (Björn Ottosson, 2020), where equal steps look equal.

const NEGATIVE = 'rgb(245, 147, 34)', POSITIVE = 'rgb(8, 119, 189)';
const SIZE = 256, ZERO = 128, STEPS = 127;

/** @param {string} color as rgb(r, g, b) */
function channels(color) {
  return (color.match(/\d+/g) ?? []).slice(0, 3).map((channel) => Number(channel) / 255);
}

/** @param {number[]} color sRGB, 0 to 1 */
function toLab(color) {
  const [r, g, b] = color.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab */
function fromLab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((c) => Math.round(255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055))));
}

/**
 * @typedef {object} Scale
 * @property {Uint32Array} pixels 256 colours as ABGR words; the place is a map's byte, 128 is zero
 * @property {string[]} css the same as CSS colours
 * @property {Uint32Array} classes only the two ends, for a discretized output
 */

/**
 * The scale through a neutral colour.
 * @param {string} neutral as rgb(r, g, b)
 * @returns {Scale}
 */
export function createScale(neutral) {
  const [low, zero, high] = [NEGATIVE, neutral, POSITIVE].map((color) => toLab(channels(color)));
  const colors = Array.from({ length: SIZE }, (_, place) => {
    const t = Math.max(-1, (place - ZERO) / STEPS);
    const end = t < 0 ? low : high;
    return fromLab(zero.map((from, i) => from + Math.abs(t) * (end[i] - from)));
  });
  const pixels = Uint32Array.from(colors, ([r, g, b]) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0);
  return {
    pixels,
    css: colors.map(([r, g, b]) => `rgb(${r} ${g} ${b})`),
    classes: pixels.map((_, place) => pixels[place < ZERO ? 0 : SIZE - 1]),
  };
}

/**
 * The CSS colour of a value, full at +-1.
 * @param {Scale} scale
 * @param {number} value
 */
export function colorOf(scale, value) {
  return scale.css[ZERO + Math.round(STEPS * Math.min(1, Math.max(-1, value)))];
}
