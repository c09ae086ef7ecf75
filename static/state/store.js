// The page's one state object: views subscribe, changes are gathered, and at most one render happens per frame.

/**
 * @template {object} T
 * @param {T} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<keyof T>} */
  let changed = new Set();
  let scheduled = false;
  /** @type {((state: T, changed: Set<keyof T>) => void)[]} */
  const views = [];

  function render() {
    if (!scheduled) return;
    scheduled = false;
    const what = changed;
    changed = new Set();
    for (const view of views) view(state, what);
  }

  return {
    get state() { return state; },
    /** @param {Partial<T>} patch */
    update(patch) {
      state = { ...state, ...patch };
      for (const key of Object.keys(patch)) changed.add(/** @type {keyof T} */ (key));
      if (!scheduled) {
        scheduled = true;
        requestAnimationFrame(render);
      }
    },
    /** Render before the next paint: a view that waited for the next frame would be seen once as it no longer is. */
    flush: render,
    /** @param {(state: T, changed: Set<keyof T>) => void} view */
    subscribe(view) { views.push(view); },
  };
}
