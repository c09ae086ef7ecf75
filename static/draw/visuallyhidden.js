// Text for screen readers alone.

/** Text that is read aloud and not seen. @param {string} text */
export function visuallyHidden(text) {
  const element = document.createElement('span');
  element.className = 'unseen';
  element.textContent = text;
  return element;
}
