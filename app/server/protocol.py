"""uvicorn's protocols for the open internet: they hang up on who takes too long to ask, on too many at once, and on who
breaks the rules, without keeping what they say."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n"
    b"connection: close\r\n\r\nThe server has as many connections as it may have.\n"
)
BAD_HANDSHAKE = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"connection: close\r\n\r\nThe handshake cannot be read.\n"
)
LAST_SECONDS = 1
"""For what still waits to be sent when the server ends."""
READ_AT_ONCE = 8_192
"""Bytes that are read before others have their turn: they may be a thousand frames, and asyncio reads 256 kB."""
MOST_UNREAD = 4_000_000
"""Bytes that may wait for a client that pings and does not read the answers."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A websocket. All that moves is a sign of life, not pongs alone, which may wait behind much else; its end waits
    for nobody who does not read."""

    _moved = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_AT_ONCE

    def data_received(self, data: bytes) -> None:
        self._moved = True
        super().data_received(data)
        if self.conn.handshake_exc and not self.handshake_initiated:  # it was refused unread, and no response was sent
            self.handshake_complete = self.close_sent = True
            self.transport.write(b"".join(self.conn.data_to_send()) or BAD_HANDSHAKE)
            self.transport.close()

    def handle_cont(self, event: Frame) -> None:
        """Keep a part of a message, together with those before: as many objects would take fifty times the memory."""
        before = cast("bytes | bytearray", self.frames[0])
        whole = before if isinstance(before, bytearray) else bytearray(before)
        whole += event.data
        self.frames = [cast(bytes, whole)]
        if event.fin:
            self.send_receive_event_to_app()

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                self.frames[0].decode()
            except UnicodeDecodeError as error:
                self.frames = []
                self.conn.fail(CloseCode.INVALID_DATA, f"{error.reason} at position {error.start}")
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True  # by a refusal, which is no mistake of the application

    def resume_writing(self) -> None:
        self._moved = True
        super().resume_writing()

    def send_keepalive_ping(self) -> None:
        self._moved = False
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        if self._moved or (self.read_paused and self.writable.is_set()):  # it may be we who do not listen
            self.pong_timer = self.pending_ping_payload = None
            self.schedule_ping()
            return
        super().keepalive_timeout()
        self.transport.abort()

    def shutdown(self) -> None:
        super().shutdown()
        self.loop.call_later(LAST_SECONDS, self.transport.abort)

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()


class HttpProtocol(H11Protocol):
    """A connection that has `head_seconds` for the head of each request, and is one of at most `most`."""

    head_seconds: float
    most: int
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > self.most:
            self.transport.write(FULL)
            self.transport.close()
        else:
            self._start_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._start_timer()
        else:
            self._stop_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        if event.http_version != b"1.1":
            self.send_400_response("A websocket is opened by HTTP/1.1.")
            return
        self.ws_protocol_class = WebSocketProtocol
        super().handle_websocket_upgrade(event)

    def shutdown(self) -> None:
        super().shutdown()
        if self.conn.their_state is h11.SEND_BODY:  # the rest of a request is not waited for
            self.transport.close()

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def http_protocol(head_seconds: float, connections: int) -> type[HttpProtocol]:
    """The protocol, for `uvicorn.Config(http=...)`: so many seconds for a request's head, and so many connections."""
    return type("HttpProtocol", (HttpProtocol,), {"head_seconds": head_seconds, "most": connections})
