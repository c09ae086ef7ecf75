// The maps of a moment as pictures: features, hidden units, the output as one, each class by itself, the selected unit.

import { decisions } from '../state/classes.js';
import { within } from '../draw/colors.js';
import { Atlas, bytesOf } from '../draw/maps.js';

/**
 * @typedef {object} Colors
 * @property {any} theme the page's colours by name
 * @property {import('../draw/colors.js').Scale} scale of values
 * @property {import('../draw/colors.js').Scale[]} classScales
 * @property {import('./classcolors.js').ClassColors} classColors of the classes' colours
 */

export class RunMaps {
  constructor() {
    this.features = new Atlas();
    this.units = new Atlas();
    this.output = new Atlas();
    this.classes = new Atlas();
    this.selected = new Atlas();
    /** @type {unknown[]} what the maps were painted from */
    this.painted = [];
  }

  /** Bytes to pixels, each once. @param {import('../state/state.js').Ready} state @param {Colors} colors @param {string[]} features all that there are */
  paint({ frame, data, config }, colors, features) {
    const { scale } = colors, [paintedData, paintedScale, ...before] = this.painted;
    const now = [scale, frame, config.discretize];
    this.painted = [data, ...now];
    if (data !== paintedData || scale !== paintedScale) {
      const maps = features.map((name) => bytesOf(data.features[name].map));
      this.features.paint(joined(maps), Math.sqrt(maps[0].length), scale.pixels);
    }
    if (!frame || now.every((one, i) => one === [paintedScale, ...before][i])) return;
    this.units.paint(frame.units, frame.unitSide, scale.pixels);
    if (frame.selectedMap) this.selected.paint(frame.selectedMap, frame.side, scale.pixels);
    this.paintOutputs(frame, config.discretize, colors);
  }

  /** @param {import('../wire/frames.js').Frame} frame @param {boolean} discretize @param {Colors} colors */
  paintOutputs({ outputs, side, ranges }, discretize, { scale, classScales, classColors }) {
    const area = side * side, count = outputs.length / area, range = ranges[ranges.length - 1];
    if (count === 1) return this.output.paint(outputs, side, discretize ? scale.decided : within(scale.pixels, range));
    const decided = discretize ? decisions(outputs, area) : outputs;
    this.classes.paint(outputs, side, classScales.slice(0, count).map(({ pixels }) => within(pixels, range)));
    this.output.fill(side, side, (words) => {
      if (discretize) for (let i = 0; i < area; i++) words[i] = classScales[decided[i]].decided[0];
      else classColors.paint(outputs, range, words);
    });
  }
}

/** Maps of one size, one after the other. @param {Uint8Array[]} maps */
function joined(maps) {
  const all = new Uint8Array(maps.length * maps[0].length);
  maps.forEach((map, i) => all.set(map, i * map.length));
  return all;
}
