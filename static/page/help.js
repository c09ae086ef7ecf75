// The help dialog: what everything means, the keys, and the marks of what is explained.

/** @type {{ keys: string[], what: string, control?: string }[]} every key that does something, what, and in the stead of which control */
export const KEYS = [
  { keys: ['Space'], what: 'Play or pause', control: 'playButton' },
  { keys: ['→'], what: 'One step', control: 'stepButton' },
  { keys: ['Shift+→'], what: 'One batch', control: 'stepButton' },
  { keys: ['R'], what: 'Reset to the first weights', control: 'resetButton' },
  { keys: ['Ctrl+Z'], what: 'Undo' },
  { keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], what: 'Redo' },
  { keys: ['T'], what: 'Show the test data', control: 'showTestData' },
  { keys: ['D'], what: 'Discretize the output', control: 'discretize' },
  { keys: ['W'], what: 'Mark the worst points', control: 'showWorst' },
  { keys: ['L'], what: 'Logarithmic chart' },
  { keys: ['S'], what: 'Share', control: 'share' },
  { keys: ['H'], what: 'Mark what is explained' },
  { keys: ['?'], what: 'This list' },
  { keys: ['Escape'], what: 'Let go, or close what lies on top' },
  { keys: ['Tab'], what: 'To controls, units and the plane' },
  { keys: ['Enter'], what: 'On a unit: its weights and bias become fields' },
  { keys: ['← ↑ → ↓'], what: 'On the plane: move the point' },
];

export class Help {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {{ toggleMarks: () => void, showLessons: () => void }} actions
   */
  constructor(dialog, { toggleMarks, showLessons }) {
    this.dialog = dialog;
    dialog.querySelector('.keys')?.append(...KEYS.map(entry));
    dialog.querySelector('#marks')?.addEventListener('click', () => {
      dialog.close();
      toggleMarks();
    });
    dialog.querySelector('#lessons-from-help')?.addEventListener('click', () => {
      dialog.close();
      showLessons();
    });
  }

  open() {
    this.dialog.showModal();
  }
}

/** An entry of the list. @param {{ keys: string[], what: string, control?: string }} key */
function entry({ keys, what, control }) {
  const row = document.createElement('div');
  if (control) row.dataset.control = control;
  const caps = document.createElement('dt'), text = document.createElement('dd');
  caps.append(...keys.flatMap((key, i) => (i ? [' or ', cap(key)] : [cap(key)])));
  text.textContent = what;
  row.append(caps, text);
  return row;
}

/** @param {string} key */
function cap(key) {
  const element = document.createElement('kbd');
  element.textContent = key;
  return element;
}
