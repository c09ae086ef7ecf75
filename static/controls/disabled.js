// Why a setting has no effect at present: a sentence for each that may have none.

import { batchKind, shownIn } from '../state/fields.js';

/**
 * @typedef {object} Scene
 * @property {Record<string, any>} config
 * @property {Record<string, any>} facts of the server
 * @property {number} train how many points train
 */

/** @param {Record<string, any>} config */
const stopsEarly = ({ patience, percValidationData }) => patience > 0 && percValidationData > 0;

/** @type {Record<string, (scene: Scene) => string | false>} by field; false where it has an effect */
const REASONS = {
  momentum: ({ config: { optimizer }, facts: { optimizers } }) =>
    !optimizers[optimizer].momentum && `${optimizers[optimizer].label} has no momentum.`,
  regularizationMode({ config: { optimizer, regularization, clipNorm }, facts: { optimizers } }) {
    if (regularization === 'none') return 'There is no regularization.';
    if (optimizers[optimizer].decouples) return `With ${optimizers[optimizer].label} it always is weight decay.`;
    const same = regularization === 'L2' && !optimizers[optimizer].remembers && !clipNorm;
    return same && 'Without clipping, gradient descent makes the same step either way.';
  },
  decayRate: ({ config: { schedule }, facts: { schedules } }) =>
    !schedules[schedule].factor && `The schedule ${schedules[schedule].label} has no factor.`,
  decayEpochs: ({ config: { schedule }, facts: { schedules } }) =>
    !schedules[schedule].period && `The schedule ${schedules[schedule].label} has no period.`,
  dropout: ({ config: { networkShape } }) => !networkShape.length && 'There are no hidden units to leave out.',
  reshuffle: ({ config: { batchSize }, train }) =>
    batchKind(batchSize, train) === 'all' && 'Every batch has all points, in whatever order.',
  weightSeed: ({ config, facts }) =>
    shownIn('initializer', config, facts) === 'zero' && !config.dropout && 'Nothing is drawn: all weights start at zero.',
  numSamples: ({ config, facts }) =>
    config[facts.tasks[config.problem].dataset] in facts.ownData && 'Your own points are as many as you have made.',
  noise: ({ config, facts }) =>
    !config.noise && config[facts.tasks[config.problem].dataset] in facts.ownData && 'None is added to your own points.',
  patience: ({ config: { percValidationData } }) => !percValidationData && 'Needs a share of points that validate.',
  minDelta: ({ config }) => !stopsEarly(config) && 'Needs early stopping.',
  restoreBest: ({ config }) => !stopsEarly(config) && 'Needs early stopping.',
};

/** Why a field has no effect; nothing where it has one. @param {string} name @param {Scene} scene */
export const reasonOf = (name, scene) => REASONS[name]?.(scene) || '';
