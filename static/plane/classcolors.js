// The map of many classes: at each place the mixture of their colours that their probabilities make.
// Each class pulls the neutral towards its own colour by how far its probability is above that of a guess: where all are
// equally likely nothing is said, and where one is certain its colour is as full as on all maps. engine/pictures/colors.py mixes the same.

import { channelOf, CLASSES, FROM_CONES, MAP_SHARE, roots } from '../draw/colors.js';

const SIZE = 256, ZERO = 128, STEPS = 127; // of a map's bytes
const LIGHTS = 4096; // levels of light that are told apart
const [[RL, RM, RS], [GL, GM, GS], [BL, BM, BS]] = FROM_CONES;
const CHANNELS = Uint8Array.from({ length: LIGHTS }, (_, place) => channelOf(place / (LIGHTS - 1)));

/** The place of a light among the channels. @param {number} light */
const channel = (light) => CHANNELS[light <= 0 ? 0 : light >= 1 ? LIGHTS - 1 : (light * (LIGHTS - 1) + 0.5) | 0];

export class ClassColors {
  /** @param {string} neutral the page's, as rgb(r, g, b) */
  constructor(neutral) {
    this.zero = roots(neutral);
    this.offsets = CLASSES.map((color) => roots(color).map((root, i) => MAP_SHARE * (root - this.zero[i])));
    this.weights = new Float32Array(SIZE);
  }

  /**
   * Mix the maps of some classes, one after the other.
   * @param {Uint8Array} maps
   * @param {number} range the probability that 255 stands for
   * @param {Uint32Array} words the colours to be written, as ABGR
   */
  paint(maps, range, words) {
    const area = words.length, classes = maps.length / area, { weights, offsets, zero: [l0, m0, s0] } = this;
    weights.forEach((_, byte) => (weights[byte] = strength((range * (byte - ZERO)) / STEPS, classes)));
    for (let i = 0; i < area; i++) {
      let l = l0, m = m0, s = s0;
      for (let k = 0, at = i; k < classes; k++, at += area) {
        const weight = weights[maps[at]];
        if (weight === 0) continue;
        const offset = offsets[k];
        l += weight * offset[0];
        m += weight * offset[1];
        s += weight * offset[2];
      }
      l *= l * l;
      m *= m * m;
      s *= s * s;
      const r = channel(RL * l + RM * m + RS * s), g = channel(GL * l + GM * m + GS * s), b = channel(BL * l + BM * m + BS * s);
      words[i] = 0xff000000 | (b << 16) | (g << 8) | r;
    }
  }
}

/** How far a probability is from that of a guess to certainty, or 0. @param {number} probability @param {number} classes */
const strength = (probability, classes) => Math.max(0, (classes * probability - 1) / (classes - 1));
