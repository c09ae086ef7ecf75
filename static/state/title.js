// The title of the browser's tab, which tells a run's state and loss.

import { shortNumber } from '../draw/numbers.js';
import { testIsCovered } from './state.js';

/** The title of the tab. @param {import('./state.js').State} state */
export function writeTitle(state) {
  const { frame, playing } = state;
  const loss = frame && Number.isFinite(frame.testLoss) && !testIsCovered(state) ? `${frame.testLoss.toFixed(3)} - ` : '';
  document.title = `${playing ? '▶ ' : ''}${loss}Playground`;
}
