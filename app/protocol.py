"""uvicorn's HTTP protocol for the open internet: hangs up on who takes too long to ask, and on too many at once."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n"
    b"connection: close\r\n\r\nThe server has as many connections as it may have.\n"
)


def patient(head_seconds: float, connections: int) -> type[asyncio.Protocol]:
    """The protocol, for `uvicorn.Config(http=...)`: so many seconds for a request's head, and so many connections."""

    class Patient(H11Protocol):
        """One connection."""

        _giving_up: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(cast(asyncio.Transport, transport))
            if len(self.connections) > connections:
                self.transport.write(FULL)
                self.transport.close()
            else:
                self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is h11.IDLE:
                self._wait()
            else:
                self._wait_no_more()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            super().connection_lost(exc)

        def _wait(self) -> None:
            if self._giving_up is None:
                self._giving_up = self.loop.call_later(head_seconds, self.transport.close)

        def _wait_no_more(self) -> None:
            if self._giving_up:
                self._giving_up.cancel()
                self._giving_up = None

    return Patient
