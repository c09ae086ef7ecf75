"""A run at a playground, from a script or a notebook."""

from __future__ import annotations

import base64
import csv
import math
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from app.calls import Calls, PlaygroundError
from app.exports import read_model, trainer_from
from app.requests import MAX_ROWS
from app.store import FINAL
from app.views import History, HistoryEntry, Prediction, Progress, RunView
from engine import Config, Trainer
from engine.notebook import PAGE, colors_of
from engine.numbers import percent, short
from engine.picture import SIZE
from engine.record import ROW
from engine.scores import SCORES
from engine.tables import Array

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


class Run:
    """A run as it was when it was last asked about; `refresh` asks again."""

    def __init__(self, calls: Calls, view: RunView) -> None:
        self._calls, self._path = calls, f"/runs/{view.id}"
        self.view = view
        """All that the playground tells of it."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.view.id

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
        return self._calls.url + self.view.page

    def __repr__(self) -> str:
        loss = self.progress.test_loss
        facts = [self.status, f"epoch {self.progress.epoch:,} of {self.view.epochs:,}"]
        return f"<Run {self.id}: {', '.join(facts + ([] if loss is None else [f'test loss {short(loss)}']))}>"

    # --- going on -------------------------------------------------------------------------------------------------

    def refresh(self) -> Run:
        """Ask how it is now."""
        return self._told(self._calls.json("GET", self._path))

    def wait(self, on_progress: Callable[[Run], object] | None = None) -> Run:
        """Wait for its end; `on_progress` is called with it after each recorded epoch."""
        if not self.ended:
            for _ in self.events():
                if on_progress:
                    on_progress(self)
        return self

    def events(self, after: int = -1) -> Iterator[HistoryEntry]:
        """The recorded epochs beyond one as they come, until it has ended; a lost connection is taken up again."""
        for event in self._calls.events(f"{self._path}/events", str(after) if after >= 0 else None):
            if event.name == "end":
                self.view = RunView.model_validate_json(event.data)
                return
            entry = HistoryEntry.model_validate_json(event.data)
            progress = Progress(**{**self.progress.model_dump(exclude={"theta_sha256"}), **entry.model_dump()})
            self.view = self.view.model_copy(update={"status": "running", "progress": progress})
            yield entry

    def cancel(self) -> Run:
        """End it at once; what it has trained so far is kept."""
        return self._told(self._calls.json("POST", f"{self._path}/cancel"))

    def resume(self) -> Run:
        """Let it go on where the end of its server interrupted it."""
        return self._told(self._calls.json("POST", f"{self._path}/resume"))

    def delete(self) -> None:
        """Forget it."""
        self._calls.ask("DELETE", self._path)

    def _told(self, answer: Any) -> Run:
        self.view = RunView.model_validate(answer)
        return self

    # --- what it leaves behind ------------------------------------------------------------------------------------

    def history(self) -> Array:
        """The recorded losses and scores, (rows,) of `engine.record.ROW`."""
        rows: list[tuple[float, ...]] = []
        while True:
            query = {"after": rows[-1][0] if rows else -1, "limit": MAX_ROWS}
            page = History.model_validate(self._calls.json("GET", f"{self._path}/history", params=query)).history
            rows += [tuple(math.nan if value is None else value for _, value in entry) for entry in page]
            if len(page) < MAX_ROWS:
                return np.array(rows, ROW)

    def frame(self) -> DataFrame:
        """The history as a table of pandas; ImportError with a sentence where that is not installed."""
        return frame(self.history())

    def model(self, format: str = "json", *, epoch: int | None = None) -> bytes:
        """The network as a file of a format (see `app.exports.FORMATS`), now or at a snapshot's epoch."""
        query: dict[str, Any] = {"format": format} | ({} if epoch is None else {"epoch": epoch})
        return self._calls.ask("GET", f"{self._path}/model", params=query).content

    def trainer(self) -> Trainer:
        """The run as the engine's, here and at the state that it was in: weights, gradients, further training."""
        return trainer_from(read_model(self.model()), None)

    def boundary_png(self, unit: str | None = None, *, size: int = SIZE) -> bytes:
        """What the network, a unit (as "1.2", the outputs of many classes being the last layer) or a feature says at
        every place of the plane."""
        query: dict[str, Any] = {"size": size} | ({} if unit is None else {"unit": unit})
        return self._calls.ask("GET", f"{self._path}/boundary.png", params=query).content

    def loss_png(self, *, width: int = 640, height: int = 360, log: bool = False) -> bytes:
        """The loss chart."""
        query = {"width": width, "height": height, "log": log}
        return self._calls.ask("GET", f"{self._path}/loss.png", params=query).content

    def points(self) -> Array:
        """The points in the order in which they train, those that validate, those that test: (N,) of `POINT`."""
        text = self._calls.ask("GET", f"{self._path}/points.csv").text
        rows = csv.DictReader(text.splitlines())
        return np.array([tuple(row[name] for name in POINT.names or ()) for row in rows], POINT)

    def predict(self, points: Iterable[tuple[float, float]] | Array) -> Predictions:
        """What the network says at some places of the plane, (N, 2)."""
        asked = {"points": np.asarray(points if isinstance(points, np.ndarray) else list(points), float).tolist()}
        answer = self._calls.json("POST", f"{self._path}/predict", json=asked, repeatable=True)
        told = Prediction.model_validate(answer)
        return Predictions(np.array(told.outputs, float), None if told.classes is None else np.array(told.classes))

    # --- in a notebook --------------------------------------------------------------------------------------------

    def _repr_png_(self) -> bytes | None:
        try:
            return self.boundary_png()
        except PlaygroundError:  # it is shown as text then
            return None

    def _repr_html_(self) -> str | None:
        """The boundary, the losses beside it, and one line of numbers."""
        try:
            left, right = self.boundary_png(), self.loss_png(height=SIZE, log=True)
        except PlaygroundError:
            return None
        colors = colors_of(self.config)
        words = f"{self.config.data.label}: the output over the plane, {colors}."
        png = base64.b64encode(left).decode()
        figure = PAGE.format(png=png, size=SIZE, alt=escape(words), caption=escape(self._caption()))
        losses = base64.b64encode(right).decode()
        return f'{figure}<img src="data:image/png;base64,{losses}" alt="Its losses." style="vertical-align: top">\n'

    def _caption(self) -> str:
        now, problem = self.progress, self.config.problem
        write = short if problem == "regression" else percent
        facts = [f"Run {self.id}: {self.status}", f"Epoch {now.epoch:,}"]
        if now.test_loss is not None and now.train_loss is not None:
            facts.append(f"Loss: test {short(now.test_loss)}, train {short(now.train_loss)}")
            if now.validation_loss is not None:
                facts[-1] += f", validation {short(now.validation_loss)}"
        if now.test_score is not None and now.train_score is not None:
            facts.append(f"{SCORES[problem].label}: test {write(now.test_score)}, train {write(now.train_score)}")
        return " · ".join(facts)


def frame(rows: Any) -> DataFrame:
    """A table of pandas."""
    try:
        from pandas import DataFrame
    except ImportError:
        raise ImportError(
            "A frame needs pandas, which is not installed: pip install pandas. "
            "The same rows are in history() and results() without it."
        ) from None
    return DataFrame(rows)
