// The share dialog: links, pictures and a file of the run, an embedding, and which controls the link hides.

import { numberIn } from '../controls/numberfield.js';
import { download, networkPicture, outputPicture } from './picture.js';

const LONG = 4000; // characters; mail and chat programs cut off longer links
const LARGEST = 4_000_000; // bytes; no network is larger
const FORMAT = 'neural-playground';
const MODELS = 'api/v1/models';
const WAITING = 'Waiting for the server …';
const TOO_LARGE = 'The run is too large for a link: save a file instead.';
const PICTURES = {
  network: { element: '#network .stage', picture: networkPicture },
  output: { element: '#output .plane', picture: outputPicture },
};

/**
 * @typedef {import('../state/actions.js').Saved} Saved
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 * @typedef {object} Actions
 * @property {() => Promise<Saved>} save ask the server for the run
 * @property {(file: object) => void} open go on with a run that was saved
 * @property {(notes: string[]) => void} note keep sentences in sight until they are read
 * @property {(set: Record<string, any>) => void} change fields of the configuration
 */

export class Share {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {Actions} actions
   */
  constructor(dialog, actions) {
    this.dialog = dialog;
    this.actions = actions;
    /** @type {import('../state/state.js').State | null} */
    this.state = null;
    /** @type {Saved | null} */
    this.saved = null;
    this.shown = ''; // the address that the links are of
    this.boxes = /** @type {HTMLInputElement[]} */ (this.all('fieldset input'));
    this.listen();
  }

  /** @param {string} name @returns {any} the element with that name in the dialog */
  find(name) {
    return this.dialog.querySelector(`#share-${name}`);
  }

  /** @param {string} selector @returns {any[]} */
  all(selector) {
    return [...this.dialog.querySelectorAll(selector)];
  }

  /** @param {string} selector @param {string} type @param {(element: any) => void} act */
  on(selector, type, act) {
    for (const element of this.all(selector)) element.addEventListener(type, () => act(element));
  }

  listen() {
    this.on('[readonly]', 'focus', (field) => field.select());
    this.on('[data-copy]', 'click', (button) => this.copy(button, this.find(button.dataset.copy)));
    this.on('[data-picture]', 'click', (button) => this.savePicture(button, button.dataset.picture));
    this.on('#share-save', 'click', () => this.saveFile());
    this.on('#share-open', 'click', () => this.find('chooser').click());
    this.on('#share-chooser', 'change', (chooser) => this.openFile(chooser.files[0]));
    this.on('#share-show-token', 'click', (button) => {
      button.ariaPressed = String(button.ariaPressed !== 'true');
      this.showScript();
    });
    this.on('#share-layout', 'change', () => this.showEmbedding());
    this.on('.number', 'change', (field) => this.resize(field));
    this.on('fieldset input', 'change', () => this.hide(this.boxes.filter((box) => box.checked)));
    this.on('#share-show-all', 'click', () => this.hide([]));
  }

  /** Show the dialog, and ask the server for the run as it is now. */
  open() {
    this.showSaved(null);
    this.find('show-token').ariaPressed = 'false';
    this.showAddress();
    this.showHidden();
    this.dialog.showModal();
  }

  /**
   * Follow the page's address and configuration while the dialog is open.
   * @param {import('../state/state.js').State} state
   * @param {Set<keyof import('../state/state.js').State>} changed
   */
  render(state, changed) {
    this.state = state;
    if (!this.dialog.open || !changed.has('config')) return;
    if (location.href !== this.shown) this.showAddress();
    this.showHidden();
  }

  // --- what is shown ----------------------------------------------------------------------------------------------

  showAddress() {
    this.shown = location.href;
    this.say();
    this.find('link').value = this.shown;
    this.find('link-note').textContent =
      warning(this.shown) || 'Opens this configuration, with the same data and the same first weights.';
    this.showEmbedding();
    this.showScript();
    this.ask();
  }

  async ask() {
    const asked = (this.asked = this.actions.save());
    const saved = await asked;
    if (asked === this.asked) this.showSaved(saved); // and no other was asked for since
  }

  /** @param {Saved | null} saved nothing as long as the server has not answered */
  showSaved(saved) {
    this.saved = saved;
    const link = saved?.link ? addressOf(saved.link) : '';
    this.find('weights').value = link;
    this.find('weights').disabled = this.find('copy-weights').disabled = !link;
    this.find('save').disabled = !saved;
    const at = `epoch ${saved?.epoch.toLocaleString('en')}`;
    const opens = link ? `Opens at ${at} with these very weights. ${warning(link)}` : TOO_LARGE;
    this.find('weights-note').textContent = saved ? opens : WAITING;
    this.find('file-note').textContent = saved ? `The file holds the configuration and the weights at ${at}.` : WAITING;
  }

  showEmbedding() {
    const parts = location.hash.slice(1).split('&').filter((part) => part && !part.startsWith('compact='));
    if (this.find('layout').value === 'compact') parts.push('compact=true');
    const source = escaped(addressOf(parts.join('&')));
    const size = `width="${this.find('width').value}" height="${this.find('height').value}"`;
    this.find('embed').value =
      `<iframe src="${source}" title="Neural network playground" ${size} style="border:0"></iframe>`;
  }

  /** How a script takes hold of this run. */
  showScript() {
    const { id, session } = this.state ?? {};
    this.find('session').value = id ?? '';
    const shows = this.find('show-token').ariaPressed === 'true', token = shows ? session : 'TOKEN';
    this.find('token').value = shows ? session : '•'.repeat(22);
    this.find('script').value =
      `curl -X PATCH ${new URL('/', location.href)}api/v1/sessions/${id} -H 'Authorization: Bearer ${token}' ` +
      `-H 'Content-Type: application/json' -d '{"config": {"learningRate": 0.1}, "playing": true}'`;
  }

  showHidden() {
    const hidden = this.state?.config?.hide ?? [];
    for (const box of this.boxes) box.checked = hidden.includes(box.value);
  }

  /**
   * Answer in the section of a control, in place of what was answered before; without a control, only take that away.
   * @param {HTMLElement | null} control
   * @param {string} text
   */
  say(control = null, text = '') {
    for (const output of this.all('output')) output.textContent = '';
    const output = control?.closest('section')?.querySelector('output');
    if (output) output.textContent = text;
  }

  // --- what the person does ---------------------------------------------------------------------------------------

  /** @param {HTMLButtonElement} button @param {Field} field */
  async copy(button, field) {
    const done = await copied(field);
    this.say(button, done ? 'Copied' : 'The browser does not let the page copy: copy the selected text by keyboard.');
  }

  /** @param {HTMLButtonElement} button @param {keyof typeof PICTURES} name */
  async savePicture(button, name) {
    const { element, picture } = PICTURES[name];
    const epoch = this.state?.frame?.epoch ?? 0;
    try {
      const shown = /** @type {HTMLElement} */ (document.querySelector(element));
      download(await picture(shown, `${this.dataset}, epoch ${epoch}`), `playground-${name}-epoch-${epoch}.png`);
      this.say();
    } catch (error) {
      this.say(button, /** @type {Error} */ (error).message);
    }
  }

  saveFile() {
    if (!this.saved) return;
    const { file, epoch } = this.saved;
    const blob = new Blob([JSON.stringify(file)], { type: 'application/json' });
    download(blob, `playground-${this.dataset}-epoch-${epoch}.json`);
    this.say();
  }

  /** @param {File | undefined} file */
  async openFile(file) {
    this.find('chooser').value = ''; // so that the same file can be chosen again
    if (!file) return;
    try {
      const run = await runIn(file);
      this.actions.open(run);
      this.actions.note(run.notes ?? []);
      this.dialog.close();
    } catch (error) {
      this.say(this.find('open'), /** @type {Error} */ (error).message);
    }
  }

  /** @param {HTMLInputElement} field a width or a height, just typed */
  resize(field) {
    this.say();
    try {
      field.value = String(numberIn(field));
    } catch (error) {
      this.say(field, /** @type {Error} */ (error).message);
      field.value = field.defaultValue;
    }
    this.showEmbedding();
  }

  /** @param {HTMLInputElement[]} boxes of the controls to hide */
  hide(boxes) {
    this.actions.change({ hide: boxes.map((box) => box.value) });
  }

  /** The name of the data set in use. */
  get dataset() {
    const { problem, dataset, regDataset } = this.state?.config ?? {};
    return problem === 'regression' ? regDataset : dataset;
  }
}

/** The page's address with a link in it. @param {string} link */
const addressOf = (link) => `${location.href.split('#')[0]}#${link}`;

/** What there is to say against a link's length. @param {string} link */
function warning(link) {
  if (link.length <= LONG) return '';
  const length = link.length.toLocaleString('en');
  return `This link has ${length} characters; many programs cut off such a long one. Save a file instead.`;
}

/** Text as the value of an attribute in HTML. @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Copy the text of a field; whether it could be done. @param {Field} field */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch { // not allowed, or not there: a page that came over plain http has no clipboard
    return copiedBySelecting(field);
  }
}

/** Copy a field as a person would; where that fails, the text is left selected. @param {Field} field */
function copiedBySelecting(field) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand('copy');
  if (done) before?.focus({ preventScroll: true });
  return done;
}

/** The run in a file; an Error with a sentence where there is none. @param {File} file @returns {Promise<{ notes?: string[] }>} */
async function runIn(file) {
  if (file.size > LARGEST) {
    const size = `${(file.size / 1e6).toFixed(1)} MB`;
    throw new Error(`${file.name}: expected a saved run, or a network as JSON, .npz, safetensors or ONNX, got ${size}.`);
  }
  const run = await file.text().then(JSON.parse).catch(() => null);
  return run?.format === FORMAT && run.state ? run : networkIn(file);
}

/** The run that the server makes of a network in a file. @param {File} file @returns {Promise<{ notes: string[] }>} */
async function networkIn(file) {
  const link = new URLSearchParams({ link: location.hash.slice(1) }); // for weights that come without a configuration
  const answer = await fetch(`${MODELS}?${link}`, { method: 'POST', body: file }).catch(() => {
    throw new Error(`${file.name}: the server cannot be reached; try again when it is there.`);
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${file.name}: ${told.detail}`);
  return told;
}
