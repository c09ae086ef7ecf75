// Light and dark: the colours that the canvases need, read from the style sheet, and the button that switches them.

const KEY = 'theme';
const CHOICES = ['system', 'light', 'dark'];
const NAMES = ['page', 'surface', 'text', 'muted', 'line', 'hairline', 'accent', 'ink', 'neutral'];

/** @returns {Record<string, string>} colours by name, as rgb(...) */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/**
 * Wire the button, and call back whenever the colours have changed.
 * @param {HTMLButtonElement} button
 * @param {() => void} onChange
 */
export function bindTheme(button, onChange) {
  let choice = localStorage.getItem(KEY) ?? 'system';
  const apply = () => {
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    button.textContent = { system: 'Theme', light: 'Light', dark: 'Dark' }[choice] ?? 'Theme';
    onChange();
  };
  button.addEventListener('click', () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    localStorage.setItem(KEY, choice);
    apply();
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  apply();
}
