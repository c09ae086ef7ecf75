// Pictures of parts of the page, to be saved: their canvases, the text that stands beside them, and a caption.

import { readTheme } from '../draw/look.js';

const DENSITY = 2; // pixels of the picture per CSS pixel, or the screen's where that has more
const MARGIN = 16, CAPTION = 28;
const NOT_DRAWN = 'button, input, select, output, .card, .readout, .batch, .unseen, [popover]';
const KEEP = 10_000; // milliseconds within which any browser has begun to save

/**
 * The network with the names of its features and the sizes of its layers, as PNG.
 * @param {HTMLElement} stage
 * @param {string} title
 */
export function networkPicture(stage, title) {
  return picture([stage], title);
}

/**
 * The output's plane with the legend below it, as PNG.
 * @param {HTMLElement} plane
 * @param {string} title
 */
export function outputPicture(plane, title) {
  const legend = /** @type {HTMLElement | null | undefined} */ (plane.parentElement?.querySelector('.legend'));
  return picture(legend ? [plane, legend] : [plane], title);
}

/**
 * Save a file as the browser saves downloads.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP);
}

/**
 * @param {HTMLElement[]} parts
 * @param {string} title
 * @returns {Promise<Blob>}
 */
function picture(parts, title) {
  const { left, top, right, bottom } = around(parts);
  const width = right - left + 2 * MARGIN, height = bottom - top + 2 * MARGIN + CAPTION;
  const density = Math.max(DENSITY, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = readTheme().page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(density, density);
  drawCaption(context, title, height - MARGIN, width - 2 * MARGIN);
  context.translate(MARGIN - left, MARGIN - top);
  for (const part of parts) drawPart(context, part);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => {
    if (blob) resolve(blob);
    else reject(new Error(`The picture is too large for this browser: ${canvas.width} x ${canvas.height} pixels.`));
  }));
}

/** The rectangle around some elements. @param {HTMLElement[]} parts */
function around(parts) {
  const boxes = parts.map((part) => part.getBoundingClientRect());
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** @param {CanvasRenderingContext2D} context @param {string} title @param {number} y @param {number} width at most */
function drawCaption(context, title, y, width) {
  const { fontFamily } = getComputedStyle(document.body);
  context.font = `13px ${fontFamily}`;
  context.fillStyle = readTheme().text;
  context.fillText(title, MARGIN, y, width);
}

/**
 * Everything of a part at its place in the window.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} part
 */
function drawPart(context, part) {
  context.imageSmoothingQuality = 'high';
  for (const canvas of part.querySelectorAll('canvas')) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    if (width && canvas.width && canvas.height) context.drawImage(canvas, left, top, width, height);
  }
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) drawText(context, /** @type {Text} */ (texts.currentNode));
}

/**
 * A piece of text as the page shows it, unless it belongs to a control or passes by.
 * @param {CanvasRenderingContext2D} context
 * @param {Text} piece
 */
function drawText(context, piece) {
  const element = /** @type {HTMLElement} */ (piece.parentElement);
  if (!piece.data.trim() || element.closest(NOT_DRAWN) || !element.checkVisibility({ visibilityProperty: true })) return;
  const range = document.createRange();
  range.selectNodeContents(piece);
  const { left, top } = range.getBoundingClientRect();
  const style = getComputedStyle(element);
  const text = piece.data.trim();
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === 'normal' ? '0px' : style.letterSpacing;
  context.fillStyle = style.color;
  const shown = style.textTransform === 'uppercase' ? text.toUpperCase() : text;
  context.fillText(shown, left, top + context.measureText(shown).fontBoundingBoxAscent);
}
