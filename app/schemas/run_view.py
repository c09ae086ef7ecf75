"""Response bodies about runs and lists of them. Clients use them too."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.schemas import examples
from app.schemas.run_request import Recording, StopRule
from engine import Config

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "interrupted", "pruned"]
LABELS = ("name", "tags", "note")
Measure = Literal["train_loss", "test_loss", "train_score", "test_score", "validation_loss", "validation_score"]
BEFORE = "before-"
AFTER = "after-"
CURSOR = f"^{BEFORE}[0-9]{{1,15}}$"
SORTED_CURSOR = f"^({BEFORE}[0-9]{{1,15}}|{AFTER}[A-Za-z0-9_-]{{1,300}})$"
"""Where a page of a list begins: before a number, which only the server reads."""


class View(BaseModel):
    """Any JSON value."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class Progress(View):
    """The state of a run."""

    epoch: int = 0
    updates: int = 0
    seconds: float = 0.0
    """Seconds of training, without waiting."""
    train_loss: float | None = None
    test_loss: float | None = None
    train_score: float | None = None
    """Accuracy, or R squared for a regression; null where it has no meaning."""
    test_score: float | None = None
    validation_loss: float | None = None
    """Null if there are no validation points."""
    validation_score: float | None = None
    theta_sha256: str | None = None
    """The SHA-256 of all weights and biases as little-endian float64, in the order of `theta`."""
    computed_with: list[str] = []
    """NumPy's version, its BLAS and the processor's instructions: with others the same run ends with other bits. More
    than one where it was resumed elsewhere."""


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
    """An address that opens the playground with the trained state at that moment."""
    epochs: int
    stop: StopRule
    record: Recording
    progress: Progress
    snapshots: list[int]
    """The epochs whose trained state is stored."""
    sweep: str | None
    """The sweep that it belongs to."""
    place: dict[str, Any]
    """The values of the sweep's keys."""
    name: str = ""
    tags: list[str] = []
    note: str = ""
    """A name that people give it; `notes` are the playground's."""
    created: datetime
    started: datetime | None
    finished: datetime | None
    notes: list[str] = []
    """What was repaired or changed in the link, and what may surprise about the configuration."""


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
    """Null if there are no validation points; the same for the score."""
    validation_score: float | None = None


class History(View):
    """The losses of a run, in order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HISTORY]})

    history: list[HistoryEntry]


class Prediction(View):
    """A network's predictions."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREDICTION]})

    outputs: list[float | None] | list[list[float | None]]
    """One for each point, or where there are many classes for each point the probability of each class; null where it
    is beyond all numbers."""
    classes: list[int] | None
    """The class of each point: -1 or 1, for many classes its number from 0; null for a regression."""


class SessionView(View):
    """A page's run."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SESSION]})

    id: str
    connected: bool
    """Whether its page is connected; without it nothing is trained."""
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
    """Null if there are no validation points; the same for the score."""
    validation_score: float | None
    reason: str | None
    """Why it stopped by itself, if it did: it diverged, or early stopping ended it."""
    theta_sha256: str
    """The SHA-256 of all weights and biases, as of a scripted run."""
