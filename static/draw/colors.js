// Colour carries sign and size: from one end's colour below zero through a neutral to the other's above.
// Where there are many classes each has a colour of its own, the same in every palette and on every theme.
// Mixed in OKLab (Björn Ottosson, 2020), where equal steps look equal.

const ORANGE = 'rgb(245, 147, 34)', BLUE = 'rgb(8, 119, 189)';
const SIZE = 256, ZERO = 128, STEPS = 127;
/** How far towards a label's colour a map goes where it is as sure as it can be: points of that label stay visible on it. */
export const MAP_SHARE = 0.65;
const BLACK_FROM = 0.179; // luminance from which on black reads better than white: both have a contrast of 4.6 there

/**
 * @typedef {{ ends: [string, string], neutral?: string }} Colors the most negative and the most positive, as rgb(r, g, b),
 *   and what lies between them, if not the page's own neutral
 * @typedef {Colors & { label: string, hint: string, dark?: Colors }} Palette `dark` is for dark pages
 */

/** @type {Record<string, Palette>} */
export const PALETTES = {
  original: { label: 'Orange to blue', hint: 'Orange below zero, blue above.', ends: [ORANGE, BLUE] },
  swapped: { label: 'Blue to orange', hint: 'Blue below zero, orange above.', ends: [BLUE, ORANGE] },
  contrast: { // each colour darker than the one before, and all of them far enough from the page's to be seen on it
    label: 'High contrast',
    hint: 'Light below zero, dark above: for print and colour blindness.',
    ends: ['rgb(220, 124, 0)', 'rgb(8, 24, 90)'],
    neutral: 'rgb(92, 94, 98)',
    dark: { ends: ['rgb(255, 219, 138)', 'rgb(36, 107, 214)'], neutral: 'rgb(163, 164, 170)' },
  },
};

/** Six colours that every kind of colour vision tells apart, as far from each other as they can be while all are seen on
 * white and on a dark page. */
export const CLASSES = [
  'rgb(71, 97, 221)', 'rgb(207, 63, 2)', 'rgb(168, 178, 0)', 'rgb(80, 177, 254)', 'rgb(224, 120, 159)', 'rgb(152, 83, 133)',
];

/** Of the light that red, green and blue take of each of three cones. */
export const FROM_CONES = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** @param {string} color as rgb(r, g, b); sRGB, 0 to 1 */
function channels(color) {
  return (color.match(/\d+/g) ?? []).slice(0, 3).map((channel) => Number(channel) / 255);
}

/** @param {string} color as rgb(r, g, b); light as it adds up, 0 to 1 */
function linear(color) {
  return channels(color).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
}

/** @param {string} color as rgb(r, g, b) */
function toLab(color) {
  const [r, g, b] = linear(color);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The cube roots of what the cones receive, which mix as OKLab does. @param {number[]} lab */
const rootsOf = ([L, a, b]) => [
  L + 0.3963377774 * a + 0.2158037573 * b,
  L - 0.1055613458 * a - 0.0638541728 * b,
  L - 0.0894841775 * a - 1.291485548 * b,
];

/** @param {string} color as rgb(r, g, b) */
export const roots = (color) => rootsOf(toLab(color));

/** A channel from 0 to 255 of its light. @param {number} light */
export function channelOf(light) {
  const c = Math.min(1, Math.max(0, light));
  return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
}

/** @param {number[]} lab */
function fromLab(lab) {
  const cones = rootsOf(lab).map((root) => root ** 3);
  return FROM_CONES.map((row) => channelOf(row.reduce((sum, factor, i) => sum + factor * cones[i], 0)));
}

/** A colour as an ABGR word. @param {number[]} rgb */
const word = ([r, g, b]) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;

/**
 * @typedef {object} Scale
 * @property {Uint32Array} pixels of maps: 256 colours as ABGR words; the place is a map's byte, 128 is zero
 * @property {string[]} css of labels, weights and biases, which go all the way to the ends
 * @property {Uint32Array} decided only the two ends, for a discretized output
 */

/**
 * The scale of a palette.
 * @param {string} neutral the page's, as rgb(r, g, b)
 * @param {string} palette its name
 * @returns {Scale}
 */
export function createScale(neutral, palette = 'original') {
  const { dark, ...light } = PALETTES[palette];
  const [lightness] = toLab(neutral);
  const { ends, neutral: between = neutral } = (lightness < 0.5 && dark) || light;
  const scale = scaleThrough(ends[0], between, ends[1]);
  return { ...scale, decided: scale.pixels.map((_, place) => scale.pixels[place < ZERO ? 0 : SIZE - 1]) };
}

/**
 * The scale of each class: from the neutral where its probability is 0 to its own colour where it is 1.
 * @param {string} neutral the page's, as rgb(r, g, b)
 * @returns {Scale[]}
 */
export function createClassScales(neutral) {
  return CLASSES.map((color) => {
    const scale = scaleThrough(neutral, neutral, color);
    return { ...scale, decided: scale.pixels.map(() => scale.pixels[SIZE - 1]) };
  });
}

/** 256 colours from the lowest through that of zero to the highest. @param {string} lowest @param {string} between @param {string} highest */
function scaleThrough(lowest, between, highest) {
  const [low, zero, high] = [lowest, between, highest].map(toLab);
  const colors = (/** @type {number} */ share) => Array.from({ length: SIZE }, (_, place) => {
    const t = Math.max(-1, (place - ZERO) / STEPS);
    const end = t < 0 ? low : high;
    return fromLab(zero.map((from, i) => from + share * Math.abs(t) * (end[i] - from)));
  });
  return { pixels: Uint32Array.from(colors(MAP_SHARE), word), css: colors(1).map(([r, g, b]) => `rgb(${r} ${g} ${b})`) };
}

/**
 * The colour of each label: of a class where there are many, else of its value.
 * @param {Scale} scale
 * @param {boolean} many
 * @returns {(label: number) => string}
 */
export function labelColor(scale, many) {
  return many ? (label) => CLASSES[label] : (label) => colorOf(scale, label);
}

/**
 * The pixels of a map in which 255 stands for less than the full colour.
 * @param {Uint32Array} pixels
 * @param {number} range from 0 to 1
 */
export function within(pixels, range) {
  return pixels.map((_, place) => pixels[ZERO + Math.round(Math.max(-STEPS, place - ZERO) * range)]);
}

/**
 * The CSS colour of a value, full at +-1, neutral where it is no number.
 * @param {Scale} scale
 * @param {number} value
 */
export function colorOf(scale, value) {
  return scale.css[ZERO + Math.round(STEPS * Math.min(1, Math.max(-1, value || 0)))];
}

/**
 * The colour of text that reads well upon the colour of a value.
 * @param {Scale} scale
 * @param {number} value
 */
export function inkOn(scale, value) {
  const [r, g, b] = linear(colorOf(scale, value));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b >= BLACK_FROM ? 'black' : 'white';
}

/**
 * The whole scale as a strip, one pixel high.
 * @param {HTMLCanvasElement} canvas 256 pixels wide
 * @param {Scale} scale
 */
export function paintScale(canvas, { pixels }) {
  const image = new ImageData(pixels.length, 1);
  new Uint32Array(image.data.buffer).set(pixels);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
