// The websocket: opens a session, reconnects after a loss, and passes messages on.

import { parseFrame } from './frames.js';
import { isGalleryFrame, parseGalleryFrame } from './galleryframes.js';
import { isImageFrame, parseImageFrame } from './imageframes.js';
import { pollWaitingList } from './waitinglist.js';

const FINAL = [1008, 4001]; // close codes: another protocol, the session taken over by another page
const FIRST_WAIT = 250, LONGEST_WAIT = 4000; // milliseconds between two attempts
const PLACE_POLL = 2000; // between two questions whether there is a place on a full server
const SILENCE_CHECK = 10_000; // between two checks whether anything was received
const MAX_SILENT = 3; // checks in vain before a connection is given up

/**
 * @typedef {object} Handlers
 * @property {() => object} greeting the first message, hello or resume
 * @property {() => string | null} session that the page comes back to
 * @property {(answer: any) => void} onAnswer
 * @property {(frame: import('./frames.js').Frame) => void} onFrame
 * @property {(frame: import('./galleryframes.js').GalleryFrame) => void} onGalleryFrame
 * @property {() => void} onOpen the server has greeted back
 * @property {() => void} onLost the page tries again by itself
 * @property {(place: import('./waitinglist.js').Place) => void} onFull the page waits for a place
 * @property {(reason: string) => void} onEnd the server does not want us back
 */

export class Connection {
  /**
   * @param {string} url
   * @param {Handlers} handlers
   */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
    this.wait = FIRST_WAIT;
    this.sequence = 0;
    this.greeted = false;
    /** @type {{ type: string, seq: number }[]} controls that no answer is known to */
    this.unanswered = [];
    this.silent = 0; // checks since anything was received
    this.ended = false;
    /** @type {string | null} */
    this.ticket = null; // with which the page waits for a place
    this.handled = Promise.resolve(); // once all that was received is handled
    window.addEventListener('online', () => this.reconnectNow());
    setInterval(() => this.checkSilence(), SILENCE_CHECK);
  }

  open() {
    clearTimeout(this.timer);
    const session = this.handlers.session();
    const named = [...(session ? [`session.${session}`] : []), ...(this.ticket ? [`ticket.${this.ticket}`] : [])];
    const socket = new WebSocket(this.url, named);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.transmit(this.handlers.greeting());
    this.bind(socket);
  }

  /** Take over a socket that has greeted the server, with what it has received. @param {{ socket: WebSocket, received: MessageEvent[] }} early */
  adopt({ socket, received }) {
    this.bind(socket);
    this.reached ||= received.length > 0;
    for (const event of received) this.receive(event);
    if (socket.readyState > WebSocket.OPEN) this.onClose(new CloseEvent('close', { code: 1006 }));
  }

  /** @param {WebSocket} socket */
  bind(socket) {
    this.socket = socket;
    this.silent = 0;
    this.reached = socket.readyState === WebSocket.OPEN; // whether the server let us in
    socket.addEventListener('open', () => (this.reached = true));
    socket.onmessage = (event) => this.receive(event);
    socket.onclose = (event) => socket === this.socket && this.onClose(event);
  }

  /** In the order in which it came, though maps take a moment to unpack. @param {MessageEvent} event */
  receive({ data }) {
    this.silent = 0;
    this.handled = this.handled.then(() => this.handle(data)).catch(reportError);
  }

  /** @param {string | ArrayBuffer} data */
  async handle(data) {
    if (typeof data !== 'string') {
      return isGalleryFrame(data) ? this.handlers.onGalleryFrame(await parseGalleryFrame(data)) : this.handlers.onFrame(await (isImageFrame(data) ? parseImageFrame : parseFrame)(data));
    }
    const answer = JSON.parse(data), done = answer.taken ?? answer.seq ?? 0;
    this.unanswered = this.unanswered.filter(({ seq }) => seq > done);
    if (answer.type === 'hello') {
      this.wait = FIRST_WAIT;
      this.greeted = true;
      this.ticket = null;
      for (const message of this.unanswered) this.transmit(message);
      this.handlers.onOpen();
    }
    this.handlers.onAnswer(answer);
  }

  /** Ask a silent server for a sign of life, and give up one that stays silent: a connection may be lost without notice. */
  checkSilence() {
    const { socket } = this;
    if (!socket || socket.readyState > WebSocket.OPEN) return;
    if (this.silent && this.greeted) this.transmit({ type: 'ping' });
    this.silent += 1;
    if (this.silent <= MAX_SILENT) return;
    socket.onclose = socket.onmessage = null; // whatever it still has to say comes too late
    socket.close();
    this.socket = undefined;
    this.onClose(new CloseEvent('close', { code: 1006 }));
  }

  /** @param {CloseEvent} event */
  onClose({ code, reason }) {
    this.greeted = false;
    this.ended = FINAL.includes(code);
    if (this.ended) this.handlers.onEnd(reason);
    else if (this.reached) this.lose();
    else this.askForPlace();
  }

  /** Ask why the server did not let us in: it is full, and we are on its waiting list, or there is none. */
  async askForPlace() {
    const { socket } = this, place = await pollWaitingList(this.ticket);
    if (socket !== this.socket) return; // it has been opened again meanwhile
    this.ticket = place?.ticket ?? null;
    if (!place) return this.lose();
    if (!place.reason) return this.openLater();
    this.timer = setTimeout(() => this.askForPlace(), PLACE_POLL);
    this.handlers.onFull(place);
  }

  lose() {
    this.openLater();
    this.handlers.onLost();
  }

  /** Open again after a while, the longer the more often it was in vain. */
  openLater() {
    const wait = this.wait * (0.8 + 0.4 * Math.random()); // apart from each other after a restart
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    this.timer = setTimeout(() => this.open(), wait);
  }

  /** Try again now instead of later. */
  reconnectNow() {
    if (!this.ended && (this.socket?.readyState ?? WebSocket.CLOSED) === WebSocket.CLOSED) this.open();
  }

  /**
   * Send a control, now or when there is a connection, and again where it may be lost; returns its number, which the
   * answer repeats.
   * @param {{ type: string, [field: string]: unknown }} message
   */
  control(message) {
    this.sequence += 1;
    const numbered = { ...message, seq: this.sequence };
    this.unanswered.push(numbered);
    if (this.greeted) this.transmit(numbered);
    return this.sequence;
  }

  /** @param {number} frame that was drawn */
  ack(frame) {
    this.transmit({ type: 'ack', frame });
  }

  /** @param {object} message */
  transmit(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
