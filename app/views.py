"""What the HTTP API tells of runs and sweeps. A client reads it too, and needs no server for that."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app import examples, objective
from app.remarks import remarks
from app.requests import Recording, StopRule
from app.search import SweepRequest
from app.store import FINAL, Row
from app.task import COLUMNS, HistoryRow
from engine import Config, format_link

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "interrupted", "pruned"]
LABELS = ("name", "tags", "note")
Measure = Literal["train_loss", "test_loss", "train_score", "test_score", "validation_loss", "validation_score"]
BEFORE = "before-"
AFTER = "after-"
CURSOR = f"^{BEFORE}[0-9]{{1,15}}$"
SORTED_CURSOR = f"^({BEFORE}[0-9]{{1,15}}|{AFTER}[A-Za-z0-9_-]{{1,300}})$"
"""Where a page of a list begins: before a number, which only the server reads."""


class View(BaseModel):
    """Anything that is told."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class Progress(View):
    """Where a run is."""

    epoch: int = 0
    updates: int = 0
    seconds: float = 0.0
    """Of training, without the time that it waited."""
    train_loss: float | None = None
    test_loss: float | None = None
    train_score: float | None = None
    """Accuracy, or R squared for a regression; null where it has no meaning."""
    test_score: float | None = None
    validation_loss: float | None = None
    """As long as no points validate, null."""
    validation_score: float | None = None
    theta_sha256: str | None = None
    """The SHA-256 of all weights and biases as little-endian float64, in the order of `theta`."""


class RunView(View):
    """A scripted run."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RUN]})

    id: str
    status: Status
    reason: str | None
    """Why it ended, in a sentence."""
    config: Config
    link: str
    """The configuration as a link."""
    page: str
    """An address that leads to the playground with the trained state, as it is then."""
    epochs: int
    stop: StopRule
    record: Recording
    progress: Progress
    snapshots: list[int]
    """The epochs whose trained state is kept."""
    sweep: str | None
    """The sweep that it belongs to."""
    place: dict[str, Any]
    """The values of the sweep's keys."""
    name: str = ""
    tags: list[str] = []
    note: str = ""
    """What people call it; `notes` are ours."""
    created: datetime
    started: datetime | None
    finished: datetime | None
    notes: list[str] = []
    """What in the link was repaired or not taken as it stands, and what about the configuration may surprise."""


class Runs(View):
    """A page of runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RUNS]})

    runs: list[RunView]
    next: str | None
    """The `cursor` of the next page, null on the last."""


class HistoryEntry(View):
    """The losses of an epoch."""

    epoch: int
    updates: int
    train_loss: float
    test_loss: float
    train_score: float | None
    test_score: float | None
    validation_loss: float | None = None
    """Null where no points validate, as is the score."""
    validation_score: float | None = None


def entry(row: HistoryRow) -> HistoryEntry:
    """A row of the store's as it is told."""
    return HistoryEntry(**dict(zip(COLUMNS, row, strict=True)))  # type: ignore[arg-type]


class History(View):
    """The losses of a run, in order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HISTORY]})

    history: list[HistoryEntry]


class Prediction(View):
    """What a network says at some points."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREDICTION]})

    outputs: list[float | None] | list[list[float | None]]
    """One for each point, or where there are many classes for each point the probability of each class; null where it
    is beyond all numbers."""
    classes: list[int] | None
    """The class of each point: -1 or 1, or where there are many its number from 0 on; null for a regression."""


class SweepRun(View):
    """One run of a sweep, in short."""

    id: str
    status: Status
    reason: str | None
    place: dict[str, Any]
    progress: Progress
    version: int
    """Counts its changes: as long as it is the same, so is its picture."""


class SweepView(View):
    """A sweep."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SWEEP]})

    id: str
    status: Literal["running", "ended"]
    created: datetime
    keys: list[str]
    """The keys that differ."""
    counts: dict[Status, int]
    """How many runs are in each state."""
    epochs: int
    link: str
    """The base configuration."""
    page: str
    """Where it can be watched."""
    name: str = ""
    tags: list[str] = []
    note: str = ""
    """What people call it; `notes` are ours."""
    objective: Measure
    """What its runs are compared by: the validation where all have points that validate, else the test; their loss,
    or their score where the losses themselves differ."""
    objective_note: str | None = None
    """What has to be said of that: where the test decides, it is no honest measure of the best run any more."""
    best: str | None = None
    """The id of the best run that succeeded, null where none has."""
    runs: list[SweepRun]
    notes: list[str] = []
    """What in the link was repaired or not taken as it stands, and what about the configurations may surprise."""


class SweepEntry(View):
    """A sweep in a list."""

    id: str
    created: datetime
    page: str
    name: str = ""
    tags: list[str] = []
    note: str = ""


class Sweeps(View):
    """A page of sweeps."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SWEEPS]})

    sweeps: list[SweepEntry]
    next: str | None
    """The `cursor` of the next page, null on the last."""


class SessionView(View):
    """A page's run."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SESSION]})

    id: str
    connected: bool
    """Whether its page is there; without it nothing moves."""
    epoch: int
    updates: int
    playing: bool
    speed: str
    """Epochs per frame."""
    config: Config
    link: str
    train_loss: float | None
    test_loss: float | None
    train_score: float | None
    """Accuracy, or R squared for a regression; null where it has no meaning."""
    test_score: float | None
    validation_loss: float | None
    """Null where no points validate, as is the score."""
    validation_score: float | None
    reason: str | None
    """Why it has stopped by itself, if it has: it diverged, or early stopping has ended it."""
    theta_sha256: str
    """The SHA-256 of all weights and biases, as of a scripted run."""


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
        notes=[*row["notes"], *remarks(config)],
    )


def sweep_view(sweep: Row, members: list[Row], asked: SweepRequest) -> SweepView:
    """A sweep's row, and those of its runs, as they are told."""
    measure = objective.decided(asked, (row["progress"] for row in members))
    best = objective.ranked(({**row["progress"], "id": row["id"], "status": row["status"]} for row in members), measure)
    return SweepView(
        id=sweep["id"],
        status="ended" if all(row["status"] in FINAL for row in members) else "running",
        created=_when(sweep["created"]),
        **{name: sweep[name] for name in LABELS},
        keys=asked.keys,
        counts=dict(Counter(row["status"] for row in members)),
        epochs=asked.epochs,
        link=format_link(asked.opened[0]),
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
