"""Starts other Python processes: with this one's modules, whatever the working directory and the environment hold, and
without the Ctrl+C that is meant for this one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.process.safe_path import sealed
from app.process.threads import SINGLE_THREADED


def python(program: str, *arguments: object) -> list[str]:
    """The command line of a child that runs a program, which finds the modules that this process does."""
    return [
        sys.executable,
        "-P",
        "-c",
        f"import sys; sys.path[:] = {sealed(sys.path)!r}; {program}",
        *map(str, arguments),
    ]


def environment() -> dict[str, str]:
    """The environment of a child: nothing in it changes what is imported, and matrices are multiplied by one thread."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | SINGLE_THREADED


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Children that are started within the block do not hear Ctrl+C, not even before they can say that themselves. Not
    for a block that awaits: the thread is deaf meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
