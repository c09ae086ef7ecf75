// The pages about sweeps: wires the parts of one sweep together; on the list there is only the look to wire.

import { createScale } from '../draw/colors.js';
import { bindExplanations } from '../controls/explain.js';
import { bindLook, readPalette, readTheme } from '../draw/look.js';
import { createStore } from '../state/store.js';
import { Choices } from './choices.js';
import { Detail, showMeans } from './detail.js';
import { SweepPoller } from './poller.js';
import { bindForm } from './form.js';
import { Grid } from './grid.js';
import { Lines } from './lines.js';
import { bestOf, judged, objectiveOf } from './objective.js';
import { knobsOf, valueText } from './gridcells.js';
import { Progress } from './progress.js';
import { measureText, scaleOf } from './scale.js';
import { Tiles } from './tiles.js';

/** @typedef {import('./objective.js').Run} Run @typedef {import('./gridcells.js').Sweep} Sweep */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);

/** The page of one sweep. @param {{ sweep: string, search: string }} given */
function watch({ sweep: id, search }) {
  /** @type {import('./gridcells.js').Words} */
  const words = JSON.parse(find('#facts').textContent);
  const title = document.title;
  const store = createStore({
    /** @type {Sweep | null} */
    sweep: null,
    /** @type {import('./gridcells.js').Knob[]} */
    knobs: [],
    objective: objectiveOf({ objective: 'test_loss', objective_note: null }),
    /** @type {string | undefined} the run that is pointed at */
    at: undefined,
    choices: {},
  });
  /** @param {Run} run @returns {[string, string][]} */
  const valuesOf = ({ place }) => Object.entries(place).map(([key, value]) => [words.labels[key] ?? key, valueText(words, key, value)]);
  const describe = (/** @type {Run} */ run) => valuesOf(run).map((pair) => pair.join(' ')).join(', ');
  const caption = (/** @type {Run} */ { place }) => store.state.knobs.map(({ key }) => valueText(words, key, place[key])).join(' · ');
  const problemOf = (/** @type {Run} */ { place }) => place.problem ?? new URLSearchParams(store.state.sweep?.link).get('problem');
  const shownRun = () => {
    const { sweep, at, objective } = store.state;
    return sweep?.runs.find((run) => run.id === at) ?? bestOf(sweep?.runs ?? [], objective);
  };

  const tiles = new Tiles(describe, (run) => {
    if (run === shownRun()?.id) paintDetail();
  }, (run) => problemOf(run) === 'multiclass');
  const grid = new Grid(find('#maps'), tiles, caption);
  const lines = new Lines(find('#lines'), words, (at) => store.update({ at }));
  const detail = new Detail(find('#detail'), () => store.update({ at: undefined }));
  const progress = new Progress(find('#progress'));
  const choices = new Choices(find('#choices'), search !== 'grid', () => store.update({ choices: {} }));
  const poller = new SweepPoller(id, takeSweep, (text) => say(text));

  /** @param {string} text */
  function say(text) {
    if (find('#notice').textContent !== text) find('#notice').textContent = text;
  }

  /** @param {Sweep} told */
  function takeSweep(told) {
    const { knobs, sweep: before } = store.state, isNew = placed(told.runs).length !== placed(before?.runs ?? []).length;
    const objective = objectiveOf(told), sweep = { ...told, runs: judged(told.runs, objective) };
    store.update({ sweep, objective, knobs: before && !isNew ? knobs : knobsOf({ ...sweep, runs: placed(sweep.runs) }, words, search !== 'grid') });
  }

  function paintDetail() {
    const run = shownRun();
    detail.canvas.hidden = !run || !tiles.paint(run.id, detail.canvas);
  }

  store.subscribe(({ sweep, knobs, at, objective }) => {
    if (!sweep) return;
    choices.offer(knobs);
    const { runs, epochs, status } = sweep, scale = scaleOf(runs, objective), best = bestOf(runs, objective)?.id, run = shownRun();
    tiles.update(runs, { scale, label: objective.label, best, epochs, at: run?.id });
    const shown = choices.arrange(placed(runs));
    find('#maps').hidden = choices.asLines;
    find('#lines').hidden = !choices.asLines;
    if (choices.asLines) lines.show({ runs: shown.runs, knobs, objective, at });
    else grid.show({ ...shown, objective });
    progress.show(sweep);
    const regression = run !== undefined && problemOf(run) === 'regression';
    detail.show(run, { pointed: at !== undefined, epochs, regression, objective, values: run ? valuesOf(run) : [] });
    paintDetail();
    showMeans(find('#sums'), knobs, placed(runs), scale, objective);
    showLegend(find('#legend'), scale, objective);
    find('#cancel').hidden = status === 'ended';
    find('#resume').hidden = !runs.some((one) => one.status === 'interrupted');
    const ended = runs.filter((one) => one.status !== 'queued' && one.status !== 'running').length;
    document.title = status === 'ended' ? title : `▶ ${ended}/${runs.length} - ${title}`;
    document.body.classList.add('ready');
  });

  bindTiles(find('#maps'), (at) => store.update({ at }), () => store.state.at);
  bindLook(document, () => {
    tiles.recolor(createScale(readTheme().neutral, readPalette()).pixels);
    paintDetail();
    lines.draw();
  });
  for (const what of /** @type {('cancel' | 'resume')[]} */ (['cancel', 'resume'])) {
    find(`#${what}`).addEventListener('click', () => poller.tell(what));
  }
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') store.update({ at: undefined });
  });
  poller.ask();
}

/** The runs that have a place: where a search learns, the others get one when their turn comes. @param {Run[]} runs */
const placed = (runs) => runs.filter(({ place }) => Object.keys(place).length > 0);

/** @param {HTMLElement} legend @param {import('./scale.js').Scale | null} scale @param {import('./objective.js').Objective} objective */
function showLegend(legend, scale, { label }) {
  const [best, worst] = legend.querySelectorAll('output'), name = /** @type {HTMLElement} */ (legend.querySelector('.name'));
  legend.hidden = !scale;
  legend.setAttribute('aria-label', `Colours of the ${label}`);
  name.textContent = label[0].toUpperCase() + label.slice(1);
  best.textContent = measureText(scale?.best ?? null);
  worst.textContent = measureText(scale?.worst ?? null);
}

/**
 * Pointing at a tile or reaching it by keyboard shows its run; a finger's first tap does, its second opens it.
 * @param {HTMLElement} root @param {(run: string) => void} point @param {() => string | undefined} pointed
 */
function bindTiles(root, point, pointed) {
  /** @param {Event} event */
  const runOf = ({ target }) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest('.tile'))?.dataset.run;
  const sheet = window.matchMedia('(max-width: 1000px)'); // there it would come between the mouse and what is under it
  let touched = false, wasAt = /** @type {string | undefined} */ (undefined);
  root.addEventListener('pointerdown', (event) => {
    touched = event.pointerType === 'touch';
    wasAt = pointed(); // before the focus, which comes before the click
  });
  root.addEventListener('pointerover', (event) => {
    const run = runOf(event);
    if (run && event.pointerType === 'mouse' && !sheet.matches) point(run);
  });
  root.addEventListener('focusin', (event) => {
    const run = runOf(event);
    if (run) point(run);
  });
  root.addEventListener('click', (event) => {
    const run = runOf(event);
    if (!run || !touched || wasAt === run) return;
    event.preventDefault();
    point(run);
    requestAnimationFrame(() => root.querySelector('.tile.at')?.scrollIntoView({ block: 'nearest' })); // not under the sheet
  });
}

bindExplanations(document, () => undefined);
if (document.body.dataset.sweep) watch(/** @type {{ sweep: string, search: string }} */ (/** @type {unknown} */ ({ ...document.body.dataset })));
else bindLook(document, () => {});
if (find('#begin')) bindForm(find('#begin'), JSON.parse(find('#facts').textContent).knobs);
for (const time of document.querySelectorAll('time')) {
  time.textContent = new Date(time.dateTime).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
