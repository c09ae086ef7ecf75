// The symbols of features and units, as elements.

/** The symbol of a feature, as it stands beside its square. @param {string} name */
export function symbolOf(name) {
  const symbol = document.createElement('span');
  const label = document.querySelector(`.feature:has([name="${name}"]) span`);
  symbol.append(...[...(label?.childNodes ?? [])].map((node) => node.cloneNode(true)));
  return symbol;
}

/** @param {string} name @param {number | string} index */
export function indexed(name, index) {
  const symbol = document.createElement('span'), sub = document.createElement('sub');
  sub.textContent = String(index);
  symbol.append(letter(name), sub);
  return symbol;
}

/** A variable without an index. @param {string} name */
export function letter(name) {
  const element = document.createElement('i');
  element.textContent = name;
  return element;
}
