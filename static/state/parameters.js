// The index of a weight or a bias in theta, the vector of all parameters.

/**
 * @typedef {{ layer: number, unit: number, source: number | null }} Parameter a weight, by the unit that it leads to and
 *   the place of the one that it comes from; or where there is none a bias. Layer 0 is the first behind the inputs.
 */

/**
 * Where each unit's parameters lie in theta.
 * @param {number[]} shape units per layer, inputs first
 * @returns {number[]} by layer behind the inputs, the place of its first weight
 */
export function layerOffsets(shape) {
  const offsets = [0];
  for (let l = 1; l < shape.length; l++) offsets.push(offsets[l - 1] + shape[l] * (shape[l - 1] + 1));
  return offsets;
}

/**
 * Where a parameter stands in theta.
 * @param {number[]} shape units per layer, inputs first
 * @param {Parameter} parameter
 */
export function thetaIndex(shape, { layer, unit, source }) {
  const row = shape[layer] + 1;
  return layerOffsets(shape)[layer] + unit * row + (source ?? row - 1);
}
