// What a brush does on its way over the map: pure functions of places on the canvas.

const DENSITY = 700; // points that spraying the whole map once would leave

/** @typedef {[number, number]} Place on the canvas, in CSS pixels */

/**
 * Random places in a disc on its way, as many as suit the area that it sweeps.
 * @param {Place} from @param {Place} to the same object where the disc is set down
 * @param {number} radius @param {number} side of the map
 * @returns {Place[]}
 */
export function spray(from, to, radius, side) {
  const [x0, y0] = from, [x1, y1] = to;
  const area = from === to ? Math.PI * radius ** 2 : 2 * radius * Math.hypot(x1 - x0, y1 - y0);
  const count = Math.floor((DENSITY * area) / side ** 2 + Math.random()); // a fraction of a point comes by chance
  return Array.from({ length: count }, () => {
    const t = Math.random(), r = radius * Math.sqrt(Math.random()), angle = 2 * Math.PI * Math.random();
    return [x0 + t * (x1 - x0) + r * Math.cos(angle), y0 + t * (y1 - y0) + r * Math.sin(angle)];
  });
}

/**
 * How far a place is from a straight way.
 * @param {Place} from @param {Place} to
 * @param {number[]} place
 */
export function distance([x0, y0], [x1, y1], [x, y]) {
  const dx = x1 - x0, dy = y1 - y0;
  const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
