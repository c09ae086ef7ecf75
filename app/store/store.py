"""The run store: an SQLite file that a server and any number of commands may have open at once.

Each trains the runs that it owns, as `app.store.owners` has it, and leaves those of others alone. Every accepted run
is a row, and every step of its training is one transaction: the losses, the snapshots and the state that they belong
to are there together or not at all.
"""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.store import owners
from app.store.database import MIGRATIONS, StoreError, opened, shrink, transaction
from app.store.owners import Owner
from app.store.refusals import FullError, KeyReusedError
from app.store.step import COLUMNS as HISTORY
from app.store.step import FINAL, Advance, Ended, HistoryRow
from app.store.trial_points import TrialPoints

ENDED = f"status IN {FINAL}"
KEEP_KEYS_SECONDS = 7 * 24 * 3600
COLUMNS = (
    "runs.number, runs.id, status, spec, place, runs.created, started, finished, version, progress, reason, "
    "runs.name, runs.tags, runs.note, runs.notes, owner"
)
"""Of a run, but for its state, which may be long."""
RUN_JSON, SWEEP_JSON = ("spec", "place", "progress", "tags", "notes"), ("request", "tags", "notes")
DELETED_AT_ONCE = 10
"""Runs with all that belongs to them: what else the store is asked has to wait for so long."""

Row = dict[str, Any]
Place = dict[str, Any]


class Labels(NamedTuple):
    """What a run or a sweep is called, and what was said of its link."""

    name: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    """A person's."""
    notes: tuple[str, ...] = ()
    """Sentences about the link."""

    @property
    def values(self) -> tuple[str, str, str, str]:
        """As they are kept, in the order of the fields."""
        return self.name, json.dumps(self.tags), self.note, json.dumps(self.notes)


NO_LABELS = Labels()
LABELS = ", ".join(Labels._fields)


class Store(TrialPoints):
    """Runs and sweeps in a file. Not for more than one thread at a time."""

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
        """Let the file go."""
        if self.owner and self._lock:
            with suppress(sqlite3.Error):  # then whoever looks next sees that it has ended
                owners.unregister(self._db, self.owner)
            owners.release(self._lock, self.owner)
        self._db.close()

    def _version(self) -> int:
        """Changes whenever another process has changed the file."""
        return self._number("PRAGMA data_version")

    def begin(self) -> None:
        """Let others know who trains here, and mark what was left by those that have ended."""
        if self.owner:
            self._interrupt(self.owner)  # the server before this one
            owners.register(self._db, self.owner)
        self.interrupt_left()

    def leave(self) -> None:
        """Mark as interrupted what is trained here, and what waits for this process alone."""
        if self.owner:
            self._interrupt(self.owner)

    def changed(self) -> bool:
        """Whether another process has changed anything since this was last asked, its own end included."""
        self.interrupt_left()
        before, self._seen = self._seen, self._version()
        return self._seen != before

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

    # --- accepting ------------------------------------------------------------------------------------------------

    def add_run(
        self,
        spec: Row,
        key: str | None,
        digest: str,
        most: int,
        state: str = "",
        progress: Row | None = None,
        labels: Labels = NO_LABELS,
    ) -> str:
        """Accept a run, which begins at a state where one is given; gives its id, the earlier one's where the key has
        come before with the same body. FullError where more than so many would wait."""
        with transaction(self._db):
            if made := self._made(key, digest):
                return made
            self._make_room(most, 1)
            run = self._insert(spec, None, {}, self._behind_all(), labels)
            if state:
                self._db.execute(
                    "UPDATE runs SET state = ?, progress = ? WHERE id = ?", (state, json.dumps(progress), run)
                )
            return self._remember(key, digest, run)

    def add_sweep(
        self,
        request: Row,
        members: list[tuple[Row, Place]],
        key: str | None,
        digest: str,
        most: int,
        labels: Labels = NO_LABELS,
    ) -> str:
        """Accept a sweep with all its runs; gives its id, as `add_run` does."""
        with transaction(self._db):
            if made := self._made(key, digest):
                return made
            self._make_room(most, len(members))
            sweep = _new_id()
            number = self._db.execute(
                f"INSERT INTO sweeps (id, request, created, {LABELS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (sweep, json.dumps(request), time.time(), *labels.values),
            ).lastrowid
            queued = self._behind_all()
            for spec, place in members:
                self._insert(spec, number, place, queued)
            return self._remember(key, digest, sweep)

    def extend_sweep(
        self, sweep: Row, request: Row, members: list[tuple[Row, Place]], key: str | None, digest: str, most: int
    ) -> bool:
        """Accept further runs of a sweep, which then is as the request says. False, and nothing is kept, where others
        have changed it; FullError as in `add_run`."""
        with transaction(self._db):
            if self._made(key, digest):
                return True
            self._make_room(most, len(members))
            rows = self._db.execute(
                "UPDATE sweeps SET request = ? WHERE number = ? AND request = ?",
                (json.dumps(request), sweep["number"], json.dumps(sweep["request"])),
            ).rowcount
            queued = self._behind_all()
            for spec, place in members if rows else ():
                self._insert(spec, sweep["number"], place, queued)
            if rows:
                self._remember(key, digest, sweep["id"])
            return bool(rows)

    def _make_room(self, most: int, more: int) -> None:
        waiting = self._number("SELECT count(*) FROM runs WHERE status IN ('queued', 'running')")
        if waiting + more > most:
            raise FullError(waiting, more, most)

    def _behind_all(self) -> float:
        """Now, as the time since when a run waits: later than all others', though the clock may be set back."""
        (last,) = self._db.execute("SELECT max(queued) FROM runs WHERE status = 'queued'").fetchone()
        return max(time.time(), math.nextafter(last or 0.0, math.inf))

    def _insert(self, spec: Row, sweep: int | None, place: Place, queued: float, labels: Labels = NO_LABELS) -> str:
        run = _new_id()
        values = (run, json.dumps(spec), sweep, json.dumps(place), time.time(), queued, self._queue, *labels.values)
        columns = f"id, spec, sweep, place, created, queued, owner, {LABELS}"
        self._db.execute(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
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
        """The next run that waits for this process, from now on running: single runs first, then those of sweeps, each
        in order."""
        row = self._db.execute(
            "UPDATE runs SET status = 'running', owner = ?, started = coalesce(started, max(created, ?)), "
            "version = version + 1 WHERE number = (SELECT number FROM runs WHERE status = 'queued' AND owner IS ? "
            "ORDER BY sweep IS NOT NULL, queued, number LIMIT 1) RETURNING id",
            (self.owner and self.owner.id, time.time(), self._queue),
        ).fetchall()
        return self.run(row[0]["id"]) if row else None

    def advance(self, run: str, version: int, step: Advance) -> int | None:
        """Keep what a step of the training gave; gives the run's new version. None, and nothing is kept, where it has
        another version than the one that the step was made from: it was ended, or is another's by now."""
        with transaction(self._db):
            rows = self._db.execute(
                "UPDATE runs SET state = ?, progress = ?, version = version + 1 "
                "WHERE id = ? AND version = ? AND status = 'running' RETURNING number, version",
                (step.state, json.dumps(step.progress), run, version),
            ).fetchall()
            if not rows:
                return None
            number = rows[0]["number"]
            self._db.executemany(
                f"INSERT OR REPLACE INTO history (run, {', '.join(HISTORY)}) VALUES (?{', ?' * len(HISTORY)})",
                [(number, *one) for one in step.rows],
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)", [(number, *one) for one in step.snapshots]
            )
            if step.ended:
                self._finish("number = ?", number, step.ended)
        return int(rows[0]["version"])

    def put_back(self, run: str, version: int) -> bool:
        """Let a run wait for another turn, behind the others; False where no single run waits. A sweep's run keeps its
        place among those of sweeps."""
        return bool(
            self._db.execute(
                "UPDATE runs SET status = 'queued', owner = ?, queued = iif(sweep IS NULL, ?, queued), "
                "version = version + 1 WHERE id = ? AND version = ? AND status = 'running' AND EXISTS (SELECT 1 FROM "
                "runs AS other WHERE other.status = 'queued' AND other.sweep IS NULL AND other.owner IS ?)",
                (self._queue, self._behind_all(), run, version, self._queue),
            ).rowcount
        )

    def finish(self, run: str, ended: Ended) -> bool:
        """Put an end to a run that waits or trains; False where it has ended already."""
        return bool(self._finish(f"id = ? AND NOT {ENDED}", run, ended))

    def finish_sweep(self, sweep: str, ended: Ended) -> list[str]:
        """Put an end to all runs of a sweep that wait or train; gives their ids."""
        return self._finish(f"sweep = (SELECT number FROM sweeps WHERE id = ?) AND NOT {ENDED}", sweep, ended)

    def interrupt_left(self) -> None:
        """Mark the runs that were left by processes that have ended."""
        if self._number("SELECT count(*) FROM runs WHERE status = 'running' AND owner IS NULL"):  # of earlier versions
            self._finish("status = ? AND owner IS NULL", "running", owners.SERVER.ends[0])
        for owner in owners.known(self._db):
            if self.owner is None or owner.id != self.owner.id:
                with owners.ended(self.path, owner) as gone:
                    if gone:
                        self._interrupt(owner)
                        owners.unregister(self._db, owner)

    def _interrupt(self, owner: Owner) -> None:
        trained, waited = owner.ends
        self._finish("status = 'running' AND owner = ?", owner.id, trained)
        self._finish("status = 'queued' AND owner = ?", owner.id, waited)

    def _finish(self, which: str, value: str | int, ended: Ended) -> list[str]:
        rows = self._db.execute(
            "UPDATE runs SET status = ?, reason = ?, owner = NULL, "
            f"finished = max(?, created, coalesce(started, 0)), version = version + 1 WHERE {which} RETURNING id",
            (ended.status, ended.reason, time.time(), value),
        ).fetchall()
        return [row["id"] for row in rows]

    def resume(self, run: str) -> bool:
        """Let an interrupted run wait for its turn again, to go on from its last state; False where it is none."""
        return self._resume("id = ?", run) == 1

    def resume_sweep(self, sweep: str) -> int:
        """Let a sweep's interrupted runs wait for their turn again; gives how many."""
        return self._resume("sweep = (SELECT number FROM sweeps WHERE id = ?)", sweep)

    def _resume(self, which: str, value: str) -> int:
        return self._db.execute(
            "UPDATE runs SET status = 'queued', owner = ?, queued = ?, reason = NULL, finished = NULL, "
            f"version = version + 1 WHERE status = 'interrupted' AND {which}",
            (self._queue, self._behind_all(), value),
        ).rowcount

    # --- reading --------------------------------------------------------------------------------------------------

    def run(self, run: str) -> Row | None:
        """A run's row with its state, or None."""
        return next(self._runs("runs.id = ?", run, columns=f"{COLUMNS}, state"), None)

    def beginning_with(self, table: str, prefix: str, most: int) -> list[str]:
        """The ids of runs or of sweeps that begin with a text, so many at most."""
        return [
            row["id"]
            for row in self._db.execute(
                f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", (prefix, f"{prefix}g", most)
            )
        ]

    def runs(self, *, status: str | None, sweep: str | None, before: int | None, limit: int) -> list[Row]:
        """Some runs, the newest first, without their states."""
        filters = {"status = ?": status, "sweeps.id = ?": sweep, "runs.number < ?": before}
        given = {text: value for text, value in filters.items() if value is not None}
        where = " AND ".join(given) or "true"
        return list(self._runs(f"{where} ORDER BY runs.number DESC LIMIT ?", *given.values(), limit))

    def found_runs(self, conditions: list[str], values: list[Any], order: str, limit: int) -> list[Row]:
        """Some runs that meet conditions, in an order, both in SQL that `app.api.finding` writes; without their
        states."""
        where = " AND ".join(conditions) or "true"
        return list(self._runs(f"{where} ORDER BY {order} LIMIT ?", *values, limit))

    def label(self, table: str, id: str, labels: Labels) -> None:
        """Call a run or a sweep by other names."""
        sets = ", ".join(f"{name} = ?" for name in Labels._fields)
        changed = ", version = version + 1" if table == "runs" else ""
        self._db.execute(f"UPDATE {table} SET {sets}{changed} WHERE id = ?", (*labels.values, id))

    def members(self, sweep: str) -> list[Row]:
        """A sweep's runs in the order of their places, without their states."""
        return list(self._runs("sweeps.id = ? ORDER BY runs.number", sweep))

    def _runs(self, where: str, *values: Any, columns: str = COLUMNS) -> Iterator[Row]:
        query = f"SELECT {columns}, sweeps.id AS sweep FROM runs LEFT JOIN sweeps ON sweep = sweeps.number"
        for row in self._db.execute(f"{query} WHERE {where}", values).fetchall():
            yield _read(row, *RUN_JSON)

    def history(self, run: str, after: int = -1, limit: int = -1) -> list[HistoryRow]:
        """Rows of losses beyond an epoch, in order."""
        return [
            tuple(row)
            for row in self._db.execute(
                f"SELECT {', '.join(HISTORY)} FROM history "
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

    def counts(self) -> dict[str, int]:
        """How many runs there are in each state that some are in."""
        return dict(map(tuple, self._db.execute("SELECT status, count(*) FROM runs GROUP BY status")))

    def sweep(self, sweep: str) -> Row | None:
        """A sweep's row, or None."""
        row = self._db.execute("SELECT * FROM sweeps WHERE id = ?", (sweep,)).fetchone()
        return _read(row, *SWEEP_JSON) if row else None

    def sweeps(
        self, before: int | None, limit: int, conditions: tuple[str, ...] = (), values: tuple[Any, ...] = ()
    ) -> list[Row]:
        """Some sweeps, the newest first; `conditions` as in `found_runs`."""
        where = " AND ".join(["number < ?", *conditions])
        last = before if before is not None else 2**62
        rows = self._db.execute(
            f"SELECT * FROM sweeps WHERE {where} ORDER BY number DESC LIMIT ?", (last, *values, limit)
        )
        return [_read(row, *SWEEP_JSON) for row in rows]

    def chosen(self, query: str, states: tuple[str, ...], before: float, keep: int) -> list[tuple[Any, ...]]:
        """The rows of a query for what may be forgotten, as `app.runs.retention` asks it."""
        values = {"states": json.dumps(states), "before": before, "keep": keep}
        return list(map(tuple, self._db.execute(query, values)))

    # --- forgetting -----------------------------------------------------------------------------------------------

    def delete_run(self, run: str) -> bool:
        """Forget a run that has ended; False where it has not."""
        deleted = self._db.execute(f"DELETE FROM runs WHERE id = ? AND {ENDED}", (run,)).rowcount == 1
        shrink(self._db)
        return deleted

    def delete_members(self, sweep: str) -> int:
        """Forget some runs of a sweep, whose runs have all ended; gives how many, 0 where one has not."""
        which = "sweep = (SELECT number FROM sweeps WHERE id = ?)"
        deleted = self._db.execute(
            f"DELETE FROM runs WHERE number IN (SELECT number FROM runs WHERE {which} LIMIT {DELETED_AT_ONCE}) "
            f"AND NOT EXISTS (SELECT 1 FROM runs WHERE {which} AND NOT {ENDED})",
            (sweep, sweep),
        ).rowcount
        shrink(self._db)
        return deleted

    def delete_sweep(self, sweep: str) -> bool:
        """Forget a sweep that has no runs any more; False where it has some."""
        none = "NOT EXISTS (SELECT 1 FROM runs WHERE sweep = sweeps.number)"
        return self._db.execute(f"DELETE FROM sweeps WHERE id = ? AND {none}", (sweep,)).rowcount == 1


def _read(row: sqlite3.Row, *columns: str) -> Row:
    """A row as it is, but for some columns of JSON, which are read."""
    found = dict(row)
    return found | {name: json.loads(found[name]) for name in columns}


def _new_id() -> str:
    return secrets.token_hex(8)
