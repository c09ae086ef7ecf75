// The title of the browser's tab, which tells a run's state and loss.

import { lossText } from '../draw/numbers.js';
import { testIsCovered } from './state.js';

/** The title of the tab. @param {import('./state.js').State} state */
export function writeTitle(state) {
  const { frame, playing, lost } = state;
  const loss = frame && Number.isFinite(frame.testLoss) && !testIsCovered(state) ? `${lossText(frame.testLoss)} - ` : '';
  document.title = `${lost ? 'Not connected - ' : playing ? '▶ ' : ''}${loss}Playground`;
}
