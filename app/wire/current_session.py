"""The session whose turn it is in a worker: shared bytes that the server can read when the worker has died or hangs."""

from __future__ import annotations

import mmap
import os
from tempfile import TemporaryFile

SIZE = 64


def open_shared_file() -> int:
    """A file without a name that a server and its worker share; -1 where the system cannot hand it on."""
    if os.name != "posix":
        return -1
    if hasattr(os, "memfd_create"):
        made = os.memfd_create("turn")
    else:
        with TemporaryFile() as file:
            made = os.dup(file.fileno())
    os.ftruncate(made, SIZE)
    return made


class CurrentSession:
    """The session whose turn it is in one worker."""

    def __init__(self, file: int) -> None:
        self._bytes = mmap.mmap(file, SIZE)

    def set(self, token: str) -> None:
        """It is this session's turn; with an empty text no session's."""
        self._bytes[:] = token.encode().ljust(SIZE, b"\0")

    @property
    def token(self) -> str:
        """The session whose turn it is, or was."""
        return self._bytes[:].rstrip(b"\0").decode()
