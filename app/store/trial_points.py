"""Queries of sweeps that choose while they train: assign configurations to runs, and read their measures."""

from __future__ import annotations

import json
from typing import Any

from app.store.database import transaction
from app.store.open_store import OpenStore
from app.store.step import COLUMNS


class TrialPoints(OpenStore):
    """Gives runs of a sweep their places, and reads what they were measured."""

    def unplaced(self, run: str, count: int) -> list[str]:
        """The ids of a run and of those behind it in its sweep that have no place yet, so many at most."""
        rows = self._db.execute(
            "SELECT other.id FROM runs AS one JOIN runs AS other USING (sweep) "
            "WHERE one.id = ? AND other.number >= one.number AND other.place = '{}' ORDER BY other.number LIMIT ?",
            (run, count),
        )
        return [row["id"] for row in rows]

    def place(self, placed: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
        """Give runs their specs and places, all or none."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE runs SET spec = ?, place = ?, version = version + 1 WHERE id = ?",
                [(json.dumps(spec), json.dumps(place), run) for run, spec, place in placed],
            )

    def measured(self, sweep: str, measure: str, epochs: list[int]) -> dict[str, list[tuple[int, float | None]]]:
        """What the runs of a sweep were measured at some epochs, by their ids."""
        assert measure in COLUMNS
        found: dict[str, list[tuple[int, float | None]]] = {}
        for row in self._db.execute(
            f"SELECT runs.id, epoch, {measure} AS value FROM runs JOIN history ON run = runs.number "
            "WHERE sweep = (SELECT number FROM sweeps WHERE id = ?) AND epoch IN (SELECT value FROM json_each(?)) "
            "ORDER BY run, epoch",
            (sweep, json.dumps(epochs)),
        ):
            found.setdefault(row["id"], []).append((row["epoch"], row["value"]))
        return found
