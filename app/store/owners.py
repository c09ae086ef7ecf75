"""Owners: the processes that train a store's runs, one server and any number of commands.

An owner holds a lock of the system for as long as its process lives, so that all others see that it has ended, however
it did. A run that is trained names its owner. Of those that wait, the ones that name nobody are the server's.
"""

from __future__ import annotations

import os
import secrets
import shlex
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from app.store.step import Ended

SERVING = "server"
"""The id of whichever process serves the store; there is one at a time."""
LONGEST_COMMAND = 80
HOLD_SECONDS = 2
"""How long a lock is retried that another process may hold briefly, to see whether it is free."""


class Owner(NamedTuple):
    """A process that trains runs."""

    id: str
    command: str
    """What it was started as."""
    address: str | None = None
    """Where it serves."""

    @property
    def queue(self) -> str | None:
        """What the runs name that wait for it."""
        return None if self.id == SERVING else self.id

    @property
    def ends(self) -> tuple[Ended, Ended]:
        """What becomes of the runs that it trains when it ends, and of those that wait for it."""
        if self.id == SERVING:
            trained = "The server ended while it was training."
        else:
            trained = f"The command that trained it ended: {self.command}"
        waited = "The command that trained it was ended before its turn came."
        return Ended("interrupted", trained), Ended("interrupted", waited)


SERVER = Owner(SERVING, "playground serve")


def command() -> Owner:
    """This process, as an owner of runs of its own."""
    return Owner(secrets.token_hex(8), shlex.join(["playground", *sys.argv[1:]])[:LONGEST_COMMAND])


def lock_of(store: Path, name: str) -> FileLock:
    """A lock beside a store's file."""
    folder = store.with_name(f"{store.name}-locks")
    folder.mkdir(exist_ok=True)
    return FileLock(folder / name, thread_local=False)


def acquire(store: Path, owner: Owner) -> FileLock:
    """The owner's lock, taken; Timeout where another process has it."""
    lock = lock_of(store, owner.id)
    lock.acquire(timeout=HOLD_SECONDS)
    return lock


def release(lock: FileLock, owner: Owner) -> None:
    """Release an owner's lock. Its file goes too, but for the one that every server takes."""
    if owner.id != SERVING:
        with suppress(OSError):  # where it cannot be removed while it is open
            Path(lock.lock_file).unlink()
    lock.release()


@contextmanager
def ended(store: Path, owner: Owner) -> Iterator[bool]:
    """Whether an owner's process has ended; within the block no other process takes its place."""
    try:
        lock = lock_of(store, owner.id)
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        yield False
        return
    try:
        yield True
    finally:
        release(lock, owner)


# --- in the store's file ----------------------------------------------------------------------------------------------


def known(db: sqlite3.Connection) -> list[Owner]:
    """All that have the store open to train, or had when they were killed."""
    return [Owner(*row) for row in db.execute("SELECT id, command, address FROM owners")]


def register(db: sqlite3.Connection, owner: Owner) -> None:
    """Let others know of this process."""
    values = (owner.id, os.getpid(), owner.command, owner.address, time.time())
    db.execute("INSERT OR REPLACE INTO owners (id, process, command, address, since) VALUES (?, ?, ?, ?, ?)", values)


def unregister(db: sqlite3.Connection, owner: Owner) -> None:
    """Forget an owner that has left no run behind."""
    left = "EXISTS (SELECT 1 FROM runs WHERE owner = owners.id AND status IN ('queued', 'running'))"
    db.execute(f"DELETE FROM owners WHERE id = ? AND NOT {left}", (owner.id,))


def holder(db: sqlite3.Connection) -> str:
    """Who serves the store, for a sentence."""
    row = db.execute("SELECT process, address FROM owners WHERE id = ?", (SERVING,)).fetchone()
    if row is None:
        return "another playground serves it"
    return f"the playground{f' at {row[1]}' if row[1] else ''} (process {row[0]}) serves it"
