// Opens the websocket and sends the hello while the page's modules still load; connection.js takes it over.

(() => {
  const { protocol } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`);
  /** @type {MessageEvent[]} */
  const received = [];
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: Number(protocol), link: location.hash.slice(1) }));
  socket.onmessage = (event) => received.push(event);
  Object.assign(globalThis, { early: { socket, received } });
})();
