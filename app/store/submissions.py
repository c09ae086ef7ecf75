"""How a run store accepts runs and sweeps: each as a transaction, once for each key of a request."""

from __future__ import annotations

import json
import time

from app.store.database import transaction
from app.store.errors import FullError, KeyReusedError
from app.store.rows import LABELS, NO_LABELS, Labels, Place, Row, new_id
from app.store.run_queue import RunQueue

KEEP_KEYS_SECONDS = 7 * 24 * 3600


class Submissions(RunQueue):
    """Runs and sweeps that are accepted into the queue."""

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
            if made := self._made_before(key, digest):
                return made
            self._make_room(most, 1)
            run = self._insert(spec, None, {}, self._behind_all(), labels)
            if state:
                self._db.execute(
                    "UPDATE runs SET state = ?, progress = ? WHERE id = ?", (state, json.dumps(progress), run)
                )
            return self._remember_key(key, digest, run)

    def add_sweep(
        self,
        request: Row,
        members: list[tuple[Row, Place]],
        key: str | None,
        digest: str,
        most: int,
        labels: Labels = NO_LABELS,
        each: Labels = NO_LABELS,
    ) -> str:
        """Accept a sweep with all its runs, which have labels of their own; gives its id, as `add_run` does."""
        with transaction(self._db):
            if made := self._made_before(key, digest):
                return made
            self._make_room(most, len(members))
            sweep = new_id()
            number = self._db.execute(
                f"INSERT INTO sweeps (id, request, created, {LABELS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (sweep, json.dumps(request), time.time(), *labels.values),
            ).lastrowid
            queued = self._behind_all()
            for spec, place in members:
                self._insert(spec, number, place, queued, each)
            return self._remember_key(key, digest, sweep)

    def extend_sweep(
        self,
        sweep: Row,
        request: Row,
        members: list[tuple[Row, Place]],
        key: str | None,
        digest: str,
        most: int,
        each: Labels = NO_LABELS,
    ) -> bool:
        """Accept further runs of a sweep, which then is as the request says. False, and nothing is kept, where others
        have changed it; FullError as in `add_run`."""
        with transaction(self._db):
            if self._made_before(key, digest):
                return True
            self._make_room(most, len(members))
            rows = self._db.execute(
                "UPDATE sweeps SET request = ? WHERE number = ? AND request = ?",
                (json.dumps(request), sweep["number"], json.dumps(sweep["request"])),
            ).rowcount
            queued = self._behind_all()
            for spec, place in members if rows else ():
                self._insert(spec, sweep["number"], place, queued, each)
            if rows:
                self._remember_key(key, digest, sweep["id"])
            return bool(rows)

    def _make_room(self, most: int, more: int) -> None:
        waiting = self._number("SELECT count(*) FROM runs WHERE status IN ('queued', 'running')")
        if waiting + more > most:
            raise FullError(waiting, more, most)

    def _insert(self, spec: Row, sweep: int | None, place: Place, queued: float, labels: Labels = NO_LABELS) -> str:
        run = new_id()
        values = (run, json.dumps(spec), sweep, json.dumps(place), time.time(), queued, self._queue, *labels.values)
        columns = f"id, spec, sweep, place, created, queued, owner, {LABELS}"
        self._db.execute(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        return run

    def _made_before(self, key: str | None, digest: str) -> str | None:
        """What a request with this key has made before."""
        self._db.execute("DELETE FROM requests WHERE created < ?", (time.time() - KEEP_KEYS_SECONDS,))
        row = self._db.execute("SELECT digest, made FROM requests WHERE key = ?", (key,)).fetchone()
        if row and row["digest"] != digest:
            raise KeyReusedError
        return str(row["made"]) if row else None

    def _remember_key(self, key: str | None, digest: str, made: str) -> str:
        if key is not None:
            self._db.execute("INSERT INTO requests VALUES (?, ?, ?, ?)", (key, digest, made, time.time()))
        return made
