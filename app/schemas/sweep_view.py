"""Response bodies about sweeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from app.schemas import examples
from app.schemas.run_view import Measure, Progress, Status, View


class SweepRun(View):
    """One run of a sweep, in short."""

    id: str
    status: Status
    reason: str | None
    place: dict[str, Any]
    progress: Progress
    version: int
    """Counts its changes: while it stays the same, so does its picture."""


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
    """The page that shows it."""
    name: str = ""
    tags: list[str] = Field(default=[])
    note: str = ""
    """A name that people give it; `notes` are the playground's."""
    objective: Measure
    """What its runs are compared by: the validation where all have points that validate, else the test; their loss,
    or their score where the losses themselves differ."""
    objective_note: str | None = None
    """A warning about it: if the test decides, it is no longer an honest measure of the best run."""
    best: str | None = None
    """The id of the best run that succeeded; null if none has."""
    runs: list[SweepRun]
    notes: list[str] = Field(default=[])
    """What was repaired or changed in the link, and what may surprise about the configurations."""


class SweepEntry(View):
    """A sweep in a list."""

    id: str
    created: datetime
    page: str
    name: str = ""
    tags: list[str] = Field(default=[])
    note: str = ""


class Sweeps(View):
    """A page of sweeps."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SWEEPS]})

    sweeps: list[SweepEntry]
    next: str | None
    """The `cursor` of the next page, null on the last."""
