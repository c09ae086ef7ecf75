// A data set in small: its points, and the field that they are drawn from as far as they tell it.

import { Atlas } from '../draw/maps.js';
import { projection } from './plane.js';

const SIDE = 33; // pixels of the field
const NEAR = 0.6, REACH = 2.5; // of these: within the first a point speaks alone, beyond the second it says little
const RADIUS = 1.1; // of a point, in CSS pixels

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ domain: [[number, number], [number, number]], points: number[][] }} data
 * @param {(label: number) => string} paint the colour of a label
 * @param {Uint32Array | null} pixels the colours of a map, where labels are numbers
 * @param {number} size
 */
export function drawThumbnail(context, { domain, points }, paint, pixels, size) {
  if (pixels) {
    const field = new Atlas();
    field.paint(fieldOf(points, projection(domain, 0, 0, SIDE)), SIDE, pixels);
    field.draw(context, 0, 0, 0, size);
  }
  const place = projection(domain, 0, 0, size);
  for (const [x, y, label] of points) {
    const [px, py] = place(x, y);
    context.fillStyle = paint(label);
    context.beginPath();
    context.arc(px, py, RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * A map of what the points around each pixel say on average, by their nearness; of nothing where none is near.
 * @param {number[][]} points
 * @param {(x: number, y: number) => number[]} place
 */
function fieldOf(points, place) {
  const drawn = points.map(([x, y, label]) => [...place(x, y), label]);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const x = (i % SIDE) + 0.5, y = Math.floor(i / SIDE) + 0.5;
    let sum = 0, weights = 0, nearest = Infinity;
    for (const [px, py, label] of drawn) {
      const away = (px - x) ** 2 + (py - y) ** 2, weight = 1 / (away + NEAR) ** 2;
      sum += weight * label;
      weights += weight;
      if (away < nearest) nearest = away;
    }
    return 128 + Math.round((127 * sum * Math.min(1, (REACH ** 2 / nearest) ** 2)) / weights);
  });
}
