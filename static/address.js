// The page's address: keeps the configuration's link after `#`, and follows back, forward and pasted links.

const SAME_GESTURE = 800; // milliseconds within which changes of one control are one step of the browser's history

export class Address {
  /** @param {(link: string) => void} onLink the person went to another link */
  constructor(onLink) {
    this.changedAt = 0;
    this.changedBy = '';
    this.quiet = true; // the next link is the server's own form of one that is in the address already
    window.addEventListener('popstate', () => {
      if (this.link === this.shown) return;
      this.quiet = true;
      onLink(this.link);
    });
    document.addEventListener('paste', (event) => {
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea')) return;
      const text = event.clipboardData?.getData('text').trim() ?? '';
      if (/[#=]/.test(text)) {
        this.quiet = false;
        onLink(text);
      }
    });
  }

  /** What stands after `#`. */
  get link() {
    return location.hash.slice(1);
  }

  /**
   * Show a link: as a new step of the browser's history, unless one control is still being moved.
   * @param {string} link
   * @param {string} control that was moved
   */
  show(link, control) {
    this.shown = link;
    const now = performance.now();
    const same = control === this.changedBy && now - this.changedAt < SAME_GESTURE;
    if (link !== this.link) history[this.quiet || same ? 'replaceState' : 'pushState'](null, '', `#${link}`);
    this.quiet = false;
    this.changedAt = now;
    this.changedBy = control;
  }

  /** The address itself. */
  get whole() {
    return location.href;
  }
}
