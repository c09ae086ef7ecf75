// Many classes: how many there are, what they are called, and which of them is decided for where.

/** How many classes a network tells apart by an output each, or 0 where it has but one. @param {{ shape: number[] }} layout */
export function classCount({ shape }) {
  const outputs = shape[shape.length - 1];
  return outputs > 1 ? outputs : 0;
}

/** What a person calls a class: files count them from 0, people from 1. @param {number} label */
export const className = (label) => `class ${label + 1}`;

/** The same where a sentence or a line begins. @param {number} label */
export const classTitle = (label) => `Class ${label + 1}`;

/** The place of the largest number, the first of them where there are several. @param {ArrayLike<number>} values */
export function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/**
 * The class that is decided for at every place.
 * @param {Uint8Array} maps of the classes, one after the other
 * @param {number} area pixels of each
 */
export function decisions(maps, area) {
  const decided = new Uint8Array(area), highest = maps.slice(0, area);
  for (let k = 1, at = area; at < maps.length; k++) {
    for (let i = 0; i < area; i++, at++) {
      if (maps[at] <= highest[i]) continue;
      highest[i] = maps[at];
      decided[i] = k;
    }
  }
  return decided;
}
