"""What is asked of a run store: runs, sweeps, losses and snapshots. It changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.store.open_store import OpenStore
from app.store.rows import COLUMNS, RUN_JSON, SWEEP_JSON, Row, read_row
from app.store.step import COLUMNS as HISTORY
from app.store.step import HistoryRow


class Queries(OpenStore):
    """Reads the store."""

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
        """Some runs that meet conditions, in an order, both in SQL that `app.api.filters` writes; without their
        states."""
        where = " AND ".join(conditions) or "true"
        return list(self._runs(f"{where} ORDER BY {order} LIMIT ?", *values, limit))

    def members(self, sweep: str) -> list[Row]:
        """A sweep's runs in the order of their places, without their states."""
        return list(self._runs("sweeps.id = ? ORDER BY runs.number", sweep))

    def _runs(self, where: str, *values: Any, columns: str = COLUMNS) -> Iterator[Row]:
        query = f"SELECT {columns}, sweeps.id AS sweep FROM runs LEFT JOIN sweeps ON sweep = sweeps.number"
        for row in self._db.execute(f"{query} WHERE {where}", values).fetchall():
            yield read_row(row, *RUN_JSON)

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
        return read_row(row, *SWEEP_JSON) if row else None

    def sweeps(
        self, before: int | None, limit: int, conditions: tuple[str, ...] = (), values: tuple[Any, ...] = ()
    ) -> list[Row]:
        """Some sweeps, the newest first; `conditions` as in `found_runs`."""
        where = " AND ".join(["number < ?", *conditions])
        last = before if before is not None else 2**62
        rows = self._db.execute(
            f"SELECT * FROM sweeps WHERE {where} ORDER BY number DESC LIMIT ?", (last, *values, limit)
        )
        return [read_row(row, *SWEEP_JSON) for row in rows]

    def chosen(self, query: str, states: tuple[str, ...], before: float, keep: int) -> list[tuple[Any, ...]]:
        """The rows of a query for what may be forgotten, as `app.runs.retention` asks it."""
        values = {"states": json.dumps(states), "before": before, "keep": keep}
        return list(map(tuple, self._db.execute(query, values)))
