"""Relays the standard error of a child process to ours."""

from __future__ import annotations

import os
from asyncio import StreamReader
from contextlib import suppress

BLOCK = 65_536
"""Bytes that are passed on at once, and that are held back at most."""
STDERR = 2


class Relay:
    """Passes on what a child says, or holds it back until it is to be heard."""

    def __init__(self, source: StreamReader, *, held: bool) -> None:
        self._source, self._held, self._tail = source, held, b""

    @property
    def last(self) -> str:
        """The last line that it has said; nothing where it has said nothing."""
        return next((line.strip() for line in reversed(self._tail.decode(errors="replace").splitlines()) if line), "")

    async def run(self) -> None:
        """Until the child says no more."""
        while said := await self._source.read(BLOCK):
            self._tail = (self._tail + said)[-BLOCK:]
            if not self._held:
                _write(said)

    def release(self) -> None:
        """It is to be heard from now on."""
        if self._held:
            self._held = False
            _write(self._tail)


def _write(said: bytes) -> None:
    with suppress(OSError):  # nobody listens, and there is no other place to say so
        os.write(STDERR, said)
