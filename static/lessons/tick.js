// The tick of what is done.

const TICK = 'M9.5 16.2 5.3 12l-1.4 1.4 5.6 5.6 12-12L20.1 5.6z';

export function tick() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', TICK);
  svg.append(path);
  return svg;
}
