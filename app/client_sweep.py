"""A sweep at a playground, from a script or a notebook."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from app.calls import Calls
from app.client_run import Run, frame
from app.objective import ranked
from app.store import FINAL
from app.views import RunView, SweepView
from engine.numbers import short

if TYPE_CHECKING:
    from pandas import DataFrame

SHORTEST, LONGEST = 0.05, 1.0
"""Seconds between two looks at a sweep: more and more of them while nothing changes."""
GROWTH = 1.5
SHOWN = 10


class Sweep:
    """A sweep as it was when it was last asked about; `refresh` asks again."""

    def __init__(self, calls: Calls, view: SweepView) -> None:
        self._calls, self._path = calls, f"/sweeps/{view.id}"
        self._tag = ""
        self.view = view
        """All that the playground tells of it."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.view.id

    @property
    def status(self) -> str:
        """running or ended."""
        return self.view.status

    @property
    def ended(self) -> bool:
        """Whether none of its runs goes on."""
        return self.view.status == "ended"

    @property
    def counts(self) -> dict[str, int]:
        """How many runs are in each state."""
        return {str(status): count for status, count in self.view.counts.items()}

    @property
    def keys(self) -> list[str]:
        """The keys of the configuration that differ."""
        return self.view.keys

    @property
    def page(self) -> str:
        """Where a browser shows it."""
        return self._calls.url + self.view.page

    @property
    def epochs_done(self) -> int:
        """How many epochs of `epochs_in_all` lie behind it; none are left of a run that has ended."""
        every = self.view.epochs
        return sum(every if run.status in FINAL else run.progress.epoch for run in self.view.runs)

    @property
    def epochs_in_all(self) -> int:
        """How many epochs its runs have together."""
        return self.view.epochs * len(self.view.runs)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        return f"<Sweep {self.id} of {len(self.view.runs)} runs: {counts}>"

    # --- going on -------------------------------------------------------------------------------------------------

    def refresh(self) -> Sweep:
        """Ask how it is now."""
        response = self._calls.ask("GET", self._path, headers={"If-None-Match": self._tag} if self._tag else {})
        if response.status_code != 304:
            self._tag = response.headers.get("ETag", "")
            self.view = SweepView.model_validate_json(response.content)
        return self

    def wait(self, on_progress: Callable[[Sweep], object] | None = None) -> Sweep:
        """Wait until all its runs have ended; `on_progress` is called with it whenever something has changed."""
        pause = SHORTEST
        while not self.ended:
            time.sleep(pause)
            before = self.view
            pause = min(pause * GROWTH, LONGEST) if self.refresh().view is before else SHORTEST
            if on_progress and self.view is not before:
                on_progress(self)
        return self

    def cancel(self) -> Sweep:
        """End all its runs that have not ended yet."""
        return self._told(self._calls.json("POST", f"{self._path}/cancel", repeatable=True))

    def resume(self) -> Sweep:
        """Let its interrupted runs go on."""
        return self._told(self._calls.json("POST", f"{self._path}/resume", repeatable=True))

    def delete(self) -> None:
        """Forget it and all its runs."""
        self._calls.ask("DELETE", self._path)

    def _told(self, answer: Any) -> Sweep:
        self.view, self._tag = SweepView.model_validate(answer), ""
        return self

    # --- results --------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> list[Run]:
        """Its runs in the order of their places."""
        newest_first = [*self._calls.listed("runs", sweep=self.id)]
        return [Run(self._calls, RunView.model_validate(one)) for one in reversed(newest_first)]

    def results(self) -> list[dict[str, Any]]:
        """For each run the values of the keys, then how it came out."""
        found: list[dict[str, Any]] = self._calls.json("GET", f"{self._path}/results")
        return found

    def csv(self) -> str:
        """The same as text, with a shape as a link writes it."""
        return self._calls.ask("GET", f"{self._path}/results", params={"format": "csv"}).text

    def frame(self) -> DataFrame:
        """The same as a table of pandas; ImportError with a sentence where that is not installed."""
        return frame(self.results())

    @property
    def objective(self) -> str:
        """The measure that decides which run is the best: of the validation, where its points are there, or else of
        the test, which then is no honest measure of that run any more."""
        return self.view.objective

    def ranked(self, by: str | None = None) -> list[dict[str, Any]]:
        """The results of the runs that succeeded, the one with the least loss or the highest score first, by a measure
        as "test_loss", or by the sweep's `objective`."""
        rows = self.results()
        return ranked(rows, by or self.refresh().objective)

    def best(self, by: str | None = None) -> Run:
        """The first of `ranked`; ValueError where no run has succeeded."""
        ranked = self.ranked(by)
        if not ranked:
            raise ValueError(f"sweep: expected a run that succeeded, got none of {len(self.view.runs)}")
        return Run(self._calls, RunView.model_validate(self._calls.json("GET", f"/runs/{ranked[0]['id']}")))

    def _repr_html_(self) -> str:
        """Its best runs as a table."""
        names = list(dict.fromkeys([*self.keys, "seed", self.objective, "test_loss", "train_loss", "epoch", "id"]))
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(_cell(row[name]))}</td>' for name in names)}</tr>"
            for row in self.ranked()[:SHOWN]
        )
        words = " ".join([f"{repr(self)[1:-1]}.", self.view.objective_note or ""]).strip()
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{escape(words)}</p>"


def _cell(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return short(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
