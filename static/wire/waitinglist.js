// The waiting list before a full server: asks for a place, and how far it has moved on.

/**
 * @typedef {object} Place
 * @property {string} ticket with which the place is kept
 * @property {number} place 1 is the next
 * @property {string | null} reason why the page still has to wait; null when it may come in
 */

const PATIENCE = 10_000; // milliseconds that an answer may take

/** @param {string | null} ticket of before @returns {Promise<Place | null>} null where nobody answers as a playground does */
export async function pollWaitingList(ticket) {
  try {
    const answer = await fetch('/api/v1/line', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ticket }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {Place} place */
export const waitingText = ({ reason, place }) =>
  `${reason} You are ${place === 1 ? 'the next' : `number ${place}`} in line, and this page opens by itself.`;
