// The page's address: keeps the configuration's link after `#`, and follows back and forward.

const STATE = /(^|&)state=[^&]*/; // a trained network's weights, which stay in the address as long as the configuration does

export class Address {
  /** @param {(link: string) => void} onLink the person went to another link */
  constructor(onLink) {
    this.gesture = -1;
    this.shown = '';
    this.quiet = true; // the next link is the server's own form of one that is in the address already
    window.addEventListener('popstate', () => {
      if (this.link === this.shown) return;
      this.quiet = true;
      onLink(this.link);
    });
  }

  /** What stands after `#`. */
  get link() {
    return location.hash.slice(1);
  }

  /**
   * Show a link: as a new step of the browser's history, unless it is of the same gesture as the last one.
   * @param {string} link
   * @param {number} gesture
   */
  show(link, gesture) {
    if (link === this.shown && !this.quiet) return;
    const state = this.quiet ? this.link.match(STATE)?.[0].replace(/^&?/, '&') ?? '' : '';
    const method = this.quiet || gesture === this.gesture ? 'replaceState' : 'pushState';
    if (link + state !== this.link) history[method](null, '', `#${link}${state}`);
    this.shown = link;
    this.quiet = false;
    this.gesture = gesture;
  }

  /** The address itself. */
  get whole() {
    return location.href;
  }
}
