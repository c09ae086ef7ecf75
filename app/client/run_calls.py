"""Conversations about one run, and what is known of it."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from app.client.calls import Conversation
from app.client.dataframes import dataframe
from app.client.event_stream import EventStream
from app.client.resource import Resource, updated
from app.schemas.run_request import MAX_ROWS
from app.schemas.run_view import History, HistoryEntry, Prediction, Progress, RunView
from app.store.step import FINAL
from engine import Config, Trainer
from engine.numbers import layout, short
from engine.pictures.boundary import SIZE
from engine.tables import Array
from engine.training.record import ROW

if TYPE_CHECKING:
    from pandas import DataFrame

POINT = np.dtype([("x", np.float64), ("y", np.float64), ("label", np.float64), ("part", "U10")])
"""A point of a run's data; its part is train, validation or test."""


class Predictions(NamedTuple):
    """What a network says at N points."""

    outputs: Array
    """(N,), or of many classes the probability of each, (N, K); NaN where it is beyond all numbers."""
    classes: Array | None
    """(N,), -1 or 1, or of many classes its number from 0 on; None for a regression."""


class RunState(Resource[RunView]):
    """A run as it was when it was last asked about."""

    view_type = RunView

    def __init__(self, transport: Any, view: RunView) -> None:
        super().__init__(transport, f"/runs/{view.id}", view)

    @property
    def id(self) -> str:
        """Its id."""
        return self.view.id

    @property
    def notes(self) -> list[str]:
        """What in its link was repaired or not taken as it stands, and what may surprise."""
        return self.view.notes

    @property
    def status(self) -> str:
        """queued, running, succeeded, failed, cancelled, interrupted or, in a sweep, pruned."""
        return self.view.status

    @property
    def ended(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.view.status in FINAL

    @property
    def reason(self) -> str | None:
        """Why it ended, in a sentence."""
        return self.view.reason

    @property
    def progress(self) -> Progress:
        """Epoch, updates, seconds, losses, scores, and the digest of all weights."""
        return self.view.progress

    @property
    def config(self) -> Config:
        """Its configuration."""
        return self.view.config

    @property
    def page(self) -> str:
        """Where a browser finds the network as it is then."""
        return self.calls.url + self.view.page

    def __repr__(self) -> str:
        config, progress = self.config, self.progress
        facts = [self.status, f"{layout(config.shape)} on {config.data_name}"]
        facts += [f"epoch {progress.epoch:,} of {self.view.epochs:,}"]
        losses = {"validation": progress.validation_loss, "test": progress.test_loss}
        facts += [f"{part} loss {short(loss)}" for part, loss in losses.items() if loss is not None]
        return f"<{type(self).__name__} {self.id}: {', '.join(facts)}>"


R = TypeVar("R", bound=RunState)


# --- progress ---------------------------------------------------------------------------------------------------------


def refresh(run: R) -> Conversation[R]:
    """Ask how it is now."""
    return updated(run, (yield from run.calls.json("GET", run.path)))


def wait(run: R, on_progress: Callable[[R], object] | None = None) -> Conversation[R]:
    """Wait for its end; `on_progress` is called with it after each recorded epoch."""
    coming = events(run)
    try:
        while not run.ended and (yield from coming.next()):
            if on_progress:
                on_progress(run)
    finally:
        yield from coming.close()
    return run


class RecordedEpochs:
    """The recorded epochs of a run as they come; the run is kept up with them."""

    def __init__(self, run: RunState, after: int) -> None:
        self._run = run
        self._events = EventStream(run.calls, f"{run.path}/events", str(after) if after >= 0 else None)

    def next(self) -> Conversation[HistoryEntry | None]:
        """The next one; None where the run has ended."""
        run, event = self._run, (yield from self._events.next())
        if event.name == "end":
            run.view = RunView.model_validate_json(event.data)
            return None
        entry = HistoryEntry.model_validate_json(event.data)
        progress = Progress(**{**run.progress.model_dump(exclude={"theta_sha256"}), **entry.model_dump()})
        run.view = run.view.model_copy(update={"status": "running", "progress": progress})
        return entry

    def close(self) -> Conversation[None]:
        """Let the connection go."""
        yield from self._events.close()


def events(run: RunState, after: int = -1) -> RecordedEpochs:
    """The recorded epochs beyond one as they come, until it has ended; a lost connection is taken up again."""
    return RecordedEpochs(run, after)


def cancel(run: R) -> Conversation[R]:
    """End it at once; what it has trained so far is kept."""
    return updated(run, (yield from run.calls.json("POST", f"{run.path}/cancel")))


def resume(run: R) -> Conversation[R]:
    """Let it go on where the end of its server interrupted it."""
    return updated(run, (yield from run.calls.json("POST", f"{run.path}/resume")))


def delete(run: RunState) -> Conversation[None]:
    """Delete it."""
    yield from run.calls.request("DELETE", run.path)


# --- results ----------------------------------------------------------------------------------------------------------


def history(run: RunState) -> Conversation[Array]:
    """The recorded losses and scores, (rows,) of `engine.training.record.ROW`."""
    rows: list[tuple[float, ...]] = []
    while True:
        query = {"after": rows[-1][0] if rows else -1, "limit": MAX_ROWS}
        page = History.model_validate((yield from run.calls.json("GET", f"{run.path}/history", params=query))).history
        rows += [tuple(math.nan if value is None else value for _, value in entry) for entry in page]
        if len(page) < MAX_ROWS:
            return np.array(rows, ROW)


def frame(run: RunState) -> Conversation[DataFrame]:
    """The history as a table of pandas; ImportError with a sentence where that is not installed."""
    return dataframe((yield from history(run)))


def model(run: RunState, format: str = "json", *, epoch: int | None = None) -> Conversation[bytes]:
    """The network as a file of a format (see `app.exports.FORMATS`), now or at a snapshot's epoch."""
    query: dict[str, Any] = {"format": format} | ({} if epoch is None else {"epoch": epoch})
    return (yield from run.calls.request("GET", f"{run.path}/model", params=query)).content


def trainer(run: RunState) -> Conversation[Trainer]:
    """The run as the engine's, here and at the state that it was in: weights, gradients, further training."""
    from app.exports import read_model, trainer_from  # knows all formats

    return trainer_from(read_model((yield from model(run))), None)


def boundary_png(run: RunState, unit: str | None = None, *, size: int = SIZE) -> Conversation[bytes]:
    """What the network, a unit (as "1.2", the outputs of many classes being the last layer) or a feature says at every
    place of the plane."""
    query: dict[str, Any] = {"size": size} | ({} if unit is None else {"unit": unit})
    return (yield from run.calls.request("GET", f"{run.path}/boundary.png", params=query)).content


def film(run: RunState, format: str = "webp", *, size: int = SIZE, seconds: float = 5.0) -> Conversation[bytes]:
    """The course of the run so far as an animated picture: webp, gif or png."""
    query = {"format": format, "size": size, "seconds": seconds}
    return (yield from run.calls.request("GET", f"{run.path}/film", params=query)).content


def loss_png(run: RunState, *, width: int = 640, height: int = 360, log: bool = False) -> Conversation[bytes]:
    """The loss chart."""
    query = {"width": width, "height": height, "log": log}
    return (yield from run.calls.request("GET", f"{run.path}/loss.png", params=query)).content


def points(run: RunState) -> Conversation[Array]:
    """The points in the order in which they train, those that validate, those that test: (N,) of `POINT`."""
    text = (yield from run.calls.request("GET", f"{run.path}/points.csv")).text
    rows = csv.DictReader(text.splitlines())
    return np.array([tuple(row[name] for name in POINT.names or ()) for row in rows], POINT)


def predict(run: RunState, points: Iterable[tuple[float, float]] | Array) -> Conversation[Predictions]:
    """What the network says at some places of the plane, (N, 2), or of images with pixels from 0 to 1, (N, D)."""
    name = "images" if run.config.image_set else "points"
    body = {name: np.asarray(points if isinstance(points, np.ndarray) else list(points), float).tolist()}
    answer = yield from run.calls.json("POST", f"{run.path}/predict", json=body, repeatable=True)
    prediction = Prediction.model_validate(answer)
    return Predictions(
        np.array(prediction.outputs, float), None if prediction.classes is None else np.array(prediction.classes)
    )
