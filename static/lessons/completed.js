// Which lessons are done, kept in the browser: a list of names.

import { readStored, writeStored } from '../draw/storage.js';

const KEY = 'lessons';

export class CompletedLessons {
  constructor() {
    this.names = storedNames();
  }

  /** @param {string} name */
  has(name) {
    return this.names.has(name);
  }

  /** @param {string} name */
  add(name) {
    this.names = new Set([...this.names, ...storedNames(), name]); // another tab may have ticked some since
    writeStored(KEY, JSON.stringify([...this.names]));
  }
}

/** @returns {Set<string>} */
function storedNames() {
  try {
    const kept = JSON.parse(readStored(KEY) || '[]');
    return new Set(Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}
