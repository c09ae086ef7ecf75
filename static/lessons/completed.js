// Which lessons are done, kept in the browser: a list of names.

const KEY = 'lessons';

export class CompletedLessons {
  constructor() {
    this.names = recall();
  }

  /** @param {string} name */
  has(name) {
    return this.names.has(name);
  }

  /** @param {string} name */
  add(name) {
    this.names = new Set([...this.names, ...recall(), name]); // another tab may have ticked some since
    try {
      localStorage.setItem(KEY, JSON.stringify([...this.names]));
    } catch {
      // a frame in a foreign page may keep nothing: then they last as long as the page
    }
  }
}

/** @returns {Set<string>} */
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}
