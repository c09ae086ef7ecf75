"""The queue of a run store: which run is trained next, what its training brings, and how it ends."""

from __future__ import annotations

import json
import math
import time

from app.store import owners
from app.store.database import transaction
from app.store.owners import Owner
from app.store.queries import Queries
from app.store.rows import ENDED, Row
from app.store.step import COLUMNS as HISTORY
from app.store.step import Advance, Ended


class RunQueue(Queries):
    """Runs that wait, are trained, and end."""

    def begin(self) -> None:
        """Register this process as an owner, and mark the runs of processes that have ended as interrupted."""
        if self.owner:
            self._interrupt(self.owner)  # the server before this one
            owners.register(self._db, self.owner)
        self.interrupt_abandoned()

    def leave(self) -> None:
        """Mark the runs of this process as interrupted: those that train and those that wait for it."""
        if self.owner:
            self._interrupt(self.owner)

    def changed(self) -> bool:
        """Whether another process has changed anything since this was last asked, its own end included."""
        self.interrupt_abandoned()
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def _behind_all(self) -> float:
        """Now, as the time since when a run waits: later than all others', though the clock may be set back."""
        (last,) = self._db.execute("SELECT max(queued) FROM runs WHERE status = 'queued'").fetchone()
        return max(time.time(), math.nextafter(last or 0.0, math.inf))

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
        """Queue a run again, behind the others; False where no single run waits. A sweep's run keeps its
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
        """End a run that waits or trains; False where it has ended already."""
        return bool(self._finish(f"id = ? AND NOT {ENDED}", run, ended))

    def finish_sweep(self, sweep: str, ended: Ended) -> list[str]:
        """End all runs of a sweep that wait or train; gives their ids."""
        return self._finish(f"sweep = (SELECT number FROM sweeps WHERE id = ?) AND NOT {ENDED}", sweep, ended)

    def interrupt_abandoned(self) -> None:
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
        """Queue an interrupted run again, to continue from its last state; False where it is not interrupted."""
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
