// The tutorial that a link names: a text beside the playground, whose own links set the playground up for each step.

const ADDRESS = '/api/v1/tutorials';
const LOOK = /^(compact|hideText|\w+_hide)=/; // what a link says of the page, which a step leaves as it is

/**
 * @typedef {object} Actions
 * @property {(text: string) => void} say
 * @property {(link: string) => void} open another configuration
 */

export class Tutorial {
  /**
   * @param {HTMLElement} aside
   * @param {Actions} actions
   */
  constructor(aside, actions) {
    this.aside = aside;
    this.actions = actions;
    this.text = /** @type {HTMLElement} */ (aside.querySelector('.tutorial-text'));
    this.name = '';
    aside.querySelector('button')?.addEventListener('click', () => this.close());
    this.text.addEventListener('click', (event) => this.follow(event));
  }

  /** Show the tutorial of a configuration, or none. @param {Record<string, any>} config */
  render({ tutorial }) {
    if (tutorial === this.name) return;
    this.name = tutorial;
    this.load(tutorial);
  }

  /** @param {string} name */
  async load(name) {
    let html = '', words = '';
    try {
      if (name) ({ html, words } = await fetched(name));
    } catch {
      words = 'The tutorial could not be loaded: the server does not answer.';
    }
    if (name !== this.name) return; // another was named since
    if (words) this.actions.say(words);
    this.text.innerHTML = html;
    this.text.scrollTop = 0;
    this.aside.hidden = !html;
    document.body.classList.toggle('tutored', Boolean(html));
  }

  /** Go on with the same configuration, and with its network, which the weights in a link would set back. */
  close() {
    this.actions.open(present().filter((part) => !/^(tutorial|state)=/.test(part)).join('&'));
  }

  /** Each step starts as it is told, where going to a link again would bring its trained network back. @param {MouseEvent} event */
  follow(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.actions.open([link.hash.slice(1), ...present().filter((part) => LOOK.test(part))].join('&'));
  }
}

/**
 * A tutorial's text, or why there is none. An unknown one is never asked for.
 * @param {string} name
 * @returns {Promise<{ html: string, words: string }>}
 */
async function fetched(name) {
  /** @type {string[]} */
  const names = (await (await fetch(ADDRESS)).json()).map((/** @type {{ name: string }} */ one) => one.name);
  if (!names.includes(name)) return { html: '', words: `There is no tutorial named ${name}; there are ${names.join(', ')}.` };
  return { html: await (await fetch(`${ADDRESS}/${name}`)).text(), words: '' };
}

/** The parts of the page's own link. */
const present = () => location.hash.slice(1).split('&');
