// What each control shows of a configuration, and what it changes: most of them the field of their own name.

/**
 * @typedef {Record<string, any>} Config
 * @typedef {Record<string, any>} Facts of the server
 * @typedef {object} Field
 * @property {(config: Config, facts: Facts) => any} [shows]
 * @property {(value: any, config: Config, facts: Facts) => Config} [sets] all that changes with it
 */

export const PER_LAYER = 'per layer';

/** @param {Config} config @param {Facts} facts */
const task = ({ problem }, facts) => facts.tasks[problem];

/** @type {Record<string, Field>} the fields for which more is to be said */
const FIELDS = {
  problem: { sets: (problem) => ({ problem, loss: null, outputActivation: null }) }, // they have to fit it
  loss: {
    shows: ({ loss, ...config }, facts) => loss ?? task(config, facts).loss,
    sets: (loss, config, facts) => ({ loss: loss === task(config, facts).loss ? null : loss }),
  },
  outputActivation: {
    shows: ({ outputActivation, ...config }, facts) => outputActivation ?? task(config, facts).output,
    sets: (output, config, facts) => ({ outputActivation: output === task(config, facts).output ? null : output }),
  },
  numSamples: {
    shows: ({ numSamples, ...config }, facts) => numSamples ?? task(config, facts).samples,
    sets: (samples, config, facts) => ({ numSamples: samples === task(config, facts).samples ? null : samples }),
  },
  activation: {
    shows(config) {
      const [first = config.activation, ...others] = hiddenActivations(config);
      return others.every((name) => name === first) ? first : PER_LAYER;
    },
    sets: (activation) => ({ activation, activations: [] }),
  },
  initializer: {
    shows: ({ initZero, initializer }) => (initZero ? 'zero' : initializer),
    sets: (name) => (name === 'zero' ? { initZero: true } : { initZero: false, initializer: name }),
  },
  percTrainData: {
    sets(percTrainData, { percValidationData }, { limits }) {
      if (!percValidationData) return { percTrainData };
      return { percTrainData, percValidationData: Math.max(0, Math.min(percValidationData, limits.split - percTrainData)) };
    },
  },
};

/** What the control of a field shows. @param {string} name @param {Config} config @param {Facts} facts */
export function shownIn(name, config, facts) {
  return FIELDS[name]?.shows?.(config, facts) ?? config[name];
}

/** What changes when the control of a field is set. @param {string} name @param {any} value @param {Config} config @param {Facts} facts @returns {Config} */
export function changeOf(name, value, config, facts) {
  return FIELDS[name]?.sets?.(value, config, facts) ?? { [name]: value };
}

/** The activation of each hidden layer. @param {Config} config @returns {string[]} */
export function hiddenActivations({ activation, activations, networkShape }) {
  return networkShape.map((/** @type {number} */ _, /** @type {number} */ layer) => activations[layer] ?? activation);
}

/** What changes when one hidden layer gets an activation. @param {Config} config @param {number} layer @param {string} name @returns {Config} */
export function layerChange(config, layer, name) {
  const names = hiddenActivations(config).map((before, l) => (l === layer ? name : before));
  return names.every((one) => one === name) ? { activation: name, activations: [] } : { activations: names };
}

/** What gradient descent is called with batches of this size. @param {number} size @param {number} points that train */
export function batchKind(size, points) {
  if (size > points) return 'none';
  if (size === 1) return 'one';
  return size === points ? 'all' : 'some';
}

/** The fields where nothing is said, for the problem. @param {Config} config @param {Facts} facts @returns {Config} */
export const usualFields = (config, facts) => ({ ...facts.defaults, ...task(config, facts).defaults });

/**
 * The fields that differ from their defaults, of those that some controls are about.
 * @param {Config} config @param {Facts} facts @param {string[]} names
 */
export function changedFields(config, facts, names) {
  const defaults = usualFields(config, facts);
  const differs = (/** @type {string} */ name) => String(config[name] ?? '') !== String(defaults[name] ?? '');
  return names.filter((name) => differs(name) || (name === 'initializer' && differs('initZero')));
}
