"""The run store: an SQLite file that one process has open at a time, so that there is one writer.

Every accepted run is a row, and every step of its training is one transaction: the losses, the snapshots and the
state that they belong to are there together or not at all.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.task import Advance, Ended, HistoryRow

APPLICATION_ID = 0x4E4E5047  # "NNPG", in the file's header
MIGRATIONS = ("schema.sql",)
"""How each version of the file is made from the one before; `user_version` counts those that are done."""
FINAL = ("succeeded", "failed", "cancelled", "interrupted")
KEEP_KEYS_SECONDS = 7 * 24 * 3600
BUSY_SECONDS = 0.2

Row = dict[str, Any]
Place = dict[str, Any]


class StoreError(Exception):
    """The store cannot be used; the sentence says why, and where it is."""


class KeyReusedError(Exception):
    """An Idempotency-Key came again with another body."""


class Store:
    """Runs and sweeps in a file. Not for more than one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"The run store {path} cannot be opened: {error}.") from error
        self._db.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        try:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")  # before anything else is read: the lock comes first
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("BEGIN IMMEDIATE").execute("COMMIT")
            problem = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError as error:
            locked = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            why = "another playground has it open: speak to that one, with --server" if locked else error
            raise StoreError(f"The run store {self.path} cannot be opened: {why}.") from error
        except sqlite3.DatabaseError as error:
            problem = str(error)
        if problem != "ok":
            raise StoreError(
                f"The run store {self.path} is damaged and was left as it is: {problem}. Move it away to start with "
                "an empty one, or put a copy of it back."
            )
        self._migrate()

    def _migrate(self) -> None:
        made = self._number("PRAGMA user_version")
        owner = self._number("PRAGMA application_id")
        if owner != APPLICATION_ID and (owner or made or self._number("SELECT count(*) FROM sqlite_master")):
            raise StoreError(f"{self.path} is a database, but no run store of this playground; it was left as it is.")
        if made > len(MIGRATIONS):
            raise StoreError(
                f"The run store {self.path} was made by a newer playground (version {made}, this one knows "
                f"{len(MIGRATIONS)}); it was left as it is."
            )
        for version, name in enumerate(MIGRATIONS[made:], start=made + 1):
            script = (Path(__file__).parent / name).read_text(encoding="utf-8")
            self._db.executescript(
                f"BEGIN; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
            )

    def _number(self, query: str, *values: Any) -> int:
        return int(self._db.execute(query, values).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def check(self) -> None:
        """Raise StoreError where nothing can be written."""
        try:
            with self._transaction():
                self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        except sqlite3.Error as error:
            raise StoreError(f"The run store {self.path} cannot be written: {error}.") from error

    # --- accepting ------------------------------------------------------------------------------------------------

    def add_run(
        self, spec: Row, key: str | None, digest: str, state: str | None = None, progress: Row | None = None
    ) -> str:
        """Accept a run, which begins at a state where one is given; gives its id, the earlier one's where the key has
        come before with the same body."""
        with self._transaction():
            if made := self._made(key, digest):
                return made
            run = self._insert(spec, None, {})
            if state:
                self._db.execute(
                    "UPDATE runs SET state = ?, progress = ? WHERE id = ?", (state, json.dumps(progress), run)
                )
            return self._remember(key, digest, run)

    def add_sweep(self, request: Row, members: Iterable[tuple[Row, Place]], key: str | None, digest: str) -> str:
        """Accept a sweep with all its runs; gives its id, as `add_run` does."""
        with self._transaction():
            if made := self._made(key, digest):
                return made
            sweep = _new_id()
            number = self._db.execute(
                "INSERT INTO sweeps (id, request, created) VALUES (?, ?, ?)", (sweep, json.dumps(request), time.time())
            ).lastrowid
            for spec, place in members:
                self._insert(spec, number, place)
            return self._remember(key, digest, sweep)

    def _insert(self, spec: Row, sweep: int | None, place: Place) -> str:
        run = _new_id()
        values = (run, json.dumps(spec), sweep, json.dumps(place), time.time())
        self._db.execute("INSERT INTO runs (id, spec, sweep, place, created) VALUES (?, ?, ?, ?, ?)", values)
        return run

    def _made(self, key: str | None, digest: str) -> str | None:
        """What a request with this key has made before."""
        self._db.execute("DELETE FROM requests WHERE created < ?", (time.time() - KEEP_KEYS_SECONDS,))
        row = self._db.execute("SELECT digest, made FROM requests WHERE key = ?", (key,)).fetchone()
        if row and row["digest"] != digest:
            raise KeyReusedError
        return str(row["made"]) if row else None

    def _remember(self, key: str | None, digest: str, made: str) -> str:
        if key is not None:
            self._db.execute("INSERT INTO requests VALUES (?, ?, ?, ?)", (key, digest, made, time.time()))
        return made

    # --- training -------------------------------------------------------------------------------------------------

    def claim(self) -> Row | None:
        """The next run that waits, from now on running: single runs first, then those of sweeps, each in order."""
        with self._transaction():
            row = self._db.execute(
                "SELECT * FROM runs WHERE status = 'queued' ORDER BY sweep IS NOT NULL, number LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            self._db.execute(
                "UPDATE runs SET status = 'running', started = coalesce(started, ?), version = version + 1 "
                "WHERE number = ?",
                (time.time(), row["number"]),
            )
        return self.run(row["id"])

    def advance(self, run: str, step: Advance) -> bool:
        """Keep what a step of the training gave; False, and nothing is kept, where the run is not running any more."""
        with self._transaction():
            row = self._db.execute("SELECT number FROM runs WHERE id = ? AND status = 'running'", (run,)).fetchone()
            if row is None:
                return False
            number = row["number"]
            self._db.executemany(
                "INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, ?, ?, ?)", [(number, *one) for one in step.rows]
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)", [(number, *one) for one in step.snapshots]
            )
            self._db.execute(
                "UPDATE runs SET state = ?, progress = ?, version = version + 1 WHERE number = ?",
                (step.state, json.dumps(step.progress), number),
            )
            if step.ended:
                self._finish(number, step.ended)
        return True

    def _finish(self, number: int, ended: Ended) -> None:
        self._db.execute(
            "UPDATE runs SET status = ?, reason = ?, finished = ?, version = version + 1 WHERE number = ?",
            (ended.status, ended.reason, time.time(), number),
        )

    def finish(self, run: str, ended: Ended) -> bool:
        """Put an end to a run that waits or trains; False where it has ended already."""
        with self._transaction():
            row = self._db.execute(
                "SELECT number FROM runs WHERE id = ? AND status IN ('queued', 'running')", (run,)
            ).fetchone()
            if row:
                self._finish(row["number"], ended)
        return row is not None

    def interrupt(self) -> int:
        """Mark the runs that were training when their server ended; gives how many."""
        with self._transaction():
            rows = self._db.execute("SELECT number FROM runs WHERE status = 'running'").fetchall()
            for row in rows:
                self._finish(row["number"], Ended("interrupted", "The server ended while it was training."))
        return len(rows)

    def resume(self, run: str) -> bool:
        """Let an interrupted run wait for its turn again, to go on from its last state; False where it is none."""
        return self._resume("id = ?", run) == 1

    def resume_sweep(self, sweep: str) -> int:
        """Let a sweep's interrupted runs wait for their turn again; gives how many."""
        return self._resume("sweep = (SELECT number FROM sweeps WHERE id = ?)", sweep)

    def _resume(self, which: str, value: str) -> int:
        return self._db.execute(
            "UPDATE runs SET status = 'queued', reason = NULL, finished = NULL, version = version + 1 "
            f"WHERE status = 'interrupted' AND {which}",
            (value,),
        ).rowcount

    # --- reading --------------------------------------------------------------------------------------------------

    def run(self, run: str) -> Row | None:
        """A run's row, or None."""
        return next(self._runs("runs.id = ?", run), None)

    def runs(self, *, status: str | None, sweep: str | None, before: int | None, limit: int) -> list[Row]:
        """Some runs, the newest first."""
        filters = {"status = ?": status, "sweeps.id = ?": sweep, "runs.number < ?": before}
        given = {text: value for text, value in filters.items() if value is not None}
        where = " AND ".join(given) or "true"
        return list(self._runs(f"{where} ORDER BY runs.number DESC LIMIT ?", *given.values(), limit))

    def members(self, sweep: str) -> list[Row]:
        """A sweep's runs in the order of their places."""
        return list(self._runs("sweeps.id = ? ORDER BY runs.number", sweep))

    def _runs(self, where: str, *values: Any) -> Iterator[Row]:
        query = f"SELECT runs.*, sweeps.id AS sweep FROM runs LEFT JOIN sweeps ON sweep = sweeps.number WHERE {where}"
        for row in self._db.execute(query, values):
            columns = dict(row)
            yield columns | {name: json.loads(columns[name]) for name in ("spec", "place", "progress")}

    def waiting(self) -> int:
        """How many runs have not ended."""
        return self._number("SELECT count(*) FROM runs WHERE status IN ('queued', 'running')")

    def history(self, run: str, after: int = -1, limit: int = -1) -> list[HistoryRow]:
        """Rows of losses beyond an epoch, in order."""
        return [
            tuple(row)
            for row in self._db.execute(
                "SELECT epoch, updates, train_loss, test_loss, train_score, test_score FROM history "
                "WHERE run = (SELECT number FROM runs WHERE id = ?) AND epoch > ? ORDER BY epoch LIMIT ?",
                (run, after, limit),
            )
        ]

    def snapshots(self, run: str) -> list[int]:
        """The epochs of a run's snapshots."""
        rows = self._db.execute(
            "SELECT epoch FROM snapshots WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY epoch", (run,)
        )
        return [row["epoch"] for row in rows]

    def snapshot(self, run: str, epoch: int) -> str | None:
        """A run's state at an epoch, if it is kept."""
        row = self._db.execute(
            "SELECT state FROM snapshots WHERE run = (SELECT number FROM runs WHERE id = ?) AND epoch = ?", (run, epoch)
        ).fetchone()
        return row["state"] if row else None

    def sweep(self, sweep: str) -> Row | None:
        """A sweep's row, or None."""
        row = self._db.execute("SELECT * FROM sweeps WHERE id = ?", (sweep,)).fetchone()
        return dict(row) | {"request": json.loads(row["request"])} if row else None

    def sweeps(self, before: int | None, limit: int) -> list[Row]:
        """Some sweeps, the newest first."""
        rows = self._db.execute(
            "SELECT * FROM sweeps WHERE number < ? ORDER BY number DESC LIMIT ?",
            (before if before is not None else 2**62, limit),
        )
        return [dict(row) | {"request": json.loads(row["request"])} for row in rows]

    # --- forgetting -----------------------------------------------------------------------------------------------

    def delete_run(self, run: str) -> bool:
        """Forget a run that has ended; False where it has not."""
        return self._delete("runs", "id = ? AND status NOT IN ('queued', 'running')", run)

    def delete_sweep(self, sweep: str) -> bool:
        """Forget a sweep and its runs, all of which have ended; False where one has not."""
        return self._delete(
            "sweeps",
            "id = ? AND NOT EXISTS "
            "(SELECT 1 FROM runs WHERE sweep = sweeps.number AND status IN ('queued', 'running'))",
            sweep,
        )

    def _delete(self, table: str, where: str, value: str) -> bool:
        return self._db.execute(f"DELETE FROM {table} WHERE {where}", (value,)).rowcount == 1


def _new_id() -> str:
    return secrets.token_hex(8)
