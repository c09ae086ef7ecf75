// The page of images, which is loaded when the first run with images is opened.

import { isReady } from '../state/state.js';

/**
 * @typedef {import('../images/images.js').Images} Images
 * @typedef {import('../images/images.js').Acts} Acts
 */

export class ImagePage {
  /**
   * @param {() => Promise<typeof import('../images/images.js')>} load
   * @param {Acts} acts
   * @param {() => void} loaded called when all of it has to be shown
   */
  constructor(load, acts, loaded) {
    this.load = load;
    this.acts = acts;
    this.loaded = loaded;
    this.isLoading = false;
    /** @type {Images | null} */
    this.page = null;
  }

  /**
   * @param {import('../state/state.js').State} state @param {Set<keyof import('../state/state.js').State>} changed
   * @param {Parameters<Images['render']>[2]} colors
   */
  render(state, changed, colors) {
    if (this.page && isReady(state)) this.page.render(state, changed, colors);
    if (state.data?.images && !this.isLoading) this.begin();
  }

  async begin() {
    this.isLoading = true;
    const { createImages } = await this.load();
    this.page = await createImages(this.acts);
    this.loaded();
  }
}
