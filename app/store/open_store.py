"""An open run store: the connection to its file, and the lock of the owner that trains its runs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.store import owners
from app.store.database import MIGRATIONS, StoreError, opened, transaction
from app.store.owners import Owner


class OpenStore:
    """A store's file, opened by an owner, or by a process that only reads."""

    def __init__(self, path: Path, owner: Owner | None = None) -> None:
        """For an owner, which trains, or for one who only looks, asks and forgets; StoreError where another process is
        that owner."""
        self.path, self.owner = path, owner
        self._db = opened(path)
        self._seen = self._version()
        try:
            self._lock = owners.acquire(path, owner) if owner else None
        except OSError as error:
            why = f"{error}."
            if isinstance(error, TimeoutError):
                why = f"{owners.holder(self._db)}. Use that one with --server, or another folder with --data."
            self._db.close()
            raise StoreError(f"The run store {path} cannot be opened: {why}") from None

    def close(self) -> None:
        """Close the file."""
        if self.owner and self._lock:
            with suppress(sqlite3.Error):  # then the next process that checks sees that it has ended
                owners.unregister(self._db, self.owner)
            owners.release(self._lock, self.owner)
        self._db.close()

    def _version(self) -> int:
        """Changes whenever another process has changed the file."""
        return self._number("PRAGMA data_version")

    def check(self) -> None:
        """StoreError where nothing can be written."""
        try:
            with transaction(self._db):
                self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        except sqlite3.Error as error:
            raise StoreError(f"The run store {self.path} cannot be written: {error}.") from error

    @property
    def _queue(self) -> str | None:
        return self.owner.queue if self.owner else None

    def _number(self, query: str, *values: Any) -> int:
        return int(self._db.execute(query, values).fetchone()[0])
