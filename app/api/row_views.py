"""Rows of the run store, turned into the API's response models."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from app.explain.notes import notes_on
from app.schemas.run_view import BEFORE, LABELS, HistoryEntry, Progress, RunView
from app.schemas.sweep_request import SweepRequest
from app.schemas.sweep_view import SweepRun, SweepView
from app.search import objective
from app.store.rows import Row
from app.store.step import COLUMNS, FINAL, HistoryRow
from engine import Config, format_link


def entry(row: HistoryRow) -> HistoryEntry:
    """A row of the store's as it is told."""
    return HistoryEntry(**dict(zip(COLUMNS, row, strict=True)))  # type: ignore[arg-type]


def _when(seconds: float | None) -> Any:
    """A moment, or None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def config_of(row: Row) -> Config:
    """The configuration of a run's row."""
    return Config.model_validate(row["spec"]["config"])


def run_view(row: Row, snapshots: list[int]) -> RunView:
    """A run's row as it is told."""
    spec, config = row["spec"], config_of(row)
    return RunView(
        **{name: row[name] for name in ("id", "status", "reason", "sweep", "place", *LABELS)},
        **{name: spec[name] for name in ("epochs", "stop", "record")},
        **{name: _when(row[name]) for name in ("created", "started", "finished")},
        config=config,
        link=format_link(config),
        page=f"/api/v1/runs/{row['id']}/page",
        progress=Progress(**row["progress"]),
        snapshots=snapshots,
        notes=[*row["notes"], *notes_on(config)],
    )


def sweep_view(sweep: Row, members: list[Row], request: SweepRequest) -> SweepView:
    """A sweep's row, and those of its runs, as they are told."""
    measure = objective.deciding_measure(request, (row["progress"] for row in members))
    best = objective.ranked(({**row["progress"], "id": row["id"], "status": row["status"]} for row in members), measure)
    return SweepView(
        id=sweep["id"],
        status="ended" if all(row["status"] in FINAL for row in members) else "running",
        created=_when(sweep["created"]),
        **{name: sweep[name] for name in LABELS},
        keys=request.keys,
        counts=dict(Counter(row["status"] for row in members)),
        epochs=request.epochs,
        link=format_link(request.opened[0]),
        page=f"/sweeps/{sweep['id']}",
        objective=measure,  # type: ignore[arg-type]
        objective_note=objective.note(measure),
        best=best[0]["id"] if best else None,
        runs=[
            SweepRun(
                **{name: row[name] for name in ("id", "status", "reason", "place", "version")},
                progress=Progress(**row["progress"]),
            )
            for row in members
        ],
        notes=sweep["notes"],
    )


def cursor_of(row: Row) -> str:
    """Where the page after this row begins."""
    return f"{BEFORE}{row['number']}"
