// What the browser keeps between two visits: texts by their keys.

/**
 * What is kept under a key; nothing, as in a frame of a foreign page, where a browser lets nothing be kept.
 * @param {string} key
 */
export function readStored(key) {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/**
 * Keep a text; where a browser lets nothing be kept, what it stands for lasts as long as the page.
 * @param {string} key @param {string} text
 */
export function writeStored(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // it lasts as long as the page
  }
}
