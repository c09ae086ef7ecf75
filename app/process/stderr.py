"""Relays the standard error of a child process to ours."""

from __future__ import annotations

import os
from asyncio import StreamReader
from contextlib import suppress

BLOCK = 65_536
"""Bytes that are passed on at once, and that are buffered at most."""
STDERR = 2


class Relay:
    """Passes on what a child says, or holds it back until it is to be heard."""

    def __init__(self, source: StreamReader, *, buffered: bool) -> None:
        self._source, self._buffered, self._tail = source, buffered, b""

    @property
    def last(self) -> str:
        """The last line that it has written; nothing where it has written nothing."""
        return next((line.strip() for line in reversed(self._tail.decode(errors="replace").splitlines()) if line), "")

    async def run(self) -> None:
        """Until the child says no more."""
        while written := await self._source.read(BLOCK):
            self._tail = (self._tail + written)[-BLOCK:]
            if not self._buffered:
                _write(written)

    def release(self) -> None:
        """It is to be heard from now on."""
        if self._buffered:
            self._buffered = False
            _write(self._tail)


def _write(written: bytes) -> None:
    with suppress(OSError):  # standard error is closed, and there is no other place to report it
        os.write(STDERR, written)
