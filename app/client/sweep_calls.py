"""Conversations about one sweep, and what is known of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.client.calls import Conversation, Sleep
from app.client.dataframes import sweep_dataframe
from app.client.resource import Resource, updated
from app.client.run_calls import RunState
from app.schemas.run_view import RunView
from app.schemas.sweep_view import SweepView
from app.search.objective import ranked as in_order
from app.store.step import FINAL
from engine.errors import InputError, Problem
from engine.scalars import python_values

if TYPE_CHECKING:
    from pandas import DataFrame

SHORTEST, LONGEST = 0.05, 1.0
"""Seconds between two looks at a sweep: more and more of them while nothing changes."""
GROWTH = 1.5
R = TypeVar("R", bound=RunState)


class SweepState(Resource[SweepView], Generic[R]):
    """A sweep as it was when it was last asked about."""

    view_type = SweepView
    run_type: type[R]
    """What its runs are."""

    def __init__(self, transport: Any, view: SweepView) -> None:
        super().__init__(transport, f"/sweeps/{view.id}", view)

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
        return self.calls.url + self.view.page

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
        over = f" over {', '.join(self.keys)}" if self.keys else ""
        return f"<{type(self).__name__} {self.id} of {len(self.view.runs)} runs{over}: {counts}>"

    @property
    def objective(self) -> str:
        """The measure that decides which run is the best: of the validation, where its points are there, or else of
        the test, which then is no honest measure of that run any more."""
        return self.view.objective

    def run(self, view: RunView) -> R:
        """One of its runs."""
        return self.run_type(self._transport, view)


S = TypeVar("S", bound=SweepState[Any])


# --- progress ---------------------------------------------------------------------------------------------------------


def refresh(sweep: S) -> Conversation[S]:
    """Ask how it is now."""
    headers = {"If-None-Match": sweep.tag} if sweep.tag else {}
    response = yield from sweep.calls.request("GET", sweep.path, headers=headers)
    if response.status_code != 304:
        sweep.tag = response.headers.get("ETag", "")
        sweep.view = SweepView.model_validate_json(response.content)
    return sweep


def wait(sweep: S, on_progress: Callable[[S], object] | None = None) -> Conversation[S]:
    """Wait until all its runs have ended; `on_progress` is called with it whenever something has changed."""
    pause = SHORTEST
    while not sweep.ended:
        yield Sleep(pause)
        before = sweep.view
        yield from refresh(sweep)
        pause = min(pause * GROWTH, LONGEST) if sweep.view is before else SHORTEST
        if on_progress and sweep.view is not before:
            on_progress(sweep)
    return sweep


def cancel(sweep: S) -> Conversation[S]:
    """Cancel all its runs that have not ended."""
    return updated(sweep, (yield from sweep.calls.json("POST", f"{sweep.path}/cancel", repeatable=True)))


def resume(sweep: S) -> Conversation[S]:
    """Let its interrupted runs go on."""
    return updated(sweep, (yield from sweep.calls.json("POST", f"{sweep.path}/resume", repeatable=True)))


def extend(
    sweep: S,
    samples: int | None = None,
    *,
    grid: Mapping[str, Sequence[Any]] | None = None,
    seeds: int | Sequence[str] | None = None,
) -> Conversation[S]:
    """Hand in further runs: so many samples of a search, further values of keys of a grid, or further seeds."""
    values = {key: list(found) for key, found in (grid or {}).items()}
    body = {"samples": samples, "grid": values, "seeds": list(seeds) if isinstance(seeds, Sequence) else seeds}
    given, headers = (
        python_values({name: one for name, one in body.items() if one}),
        {"Idempotency-Key": uuid.uuid4().hex},
    )
    address = f"{sweep.path}/samples"
    return updated(sweep, (yield from sweep.calls.json("POST", address, json=given, headers=headers, repeatable=True)))


def delete(sweep: SweepState[Any]) -> Conversation[None]:
    """Delete it and all its runs."""
    yield from sweep.calls.request("DELETE", sweep.path)


# --- results ----------------------------------------------------------------------------------------------------------


def list_runs(sweep: SweepState[R]) -> Conversation[list[R]]:
    """Its runs in the order of their places."""
    newest_first = yield from sweep.calls.listed("runs", sweep=sweep.id)
    return [sweep.run(RunView.model_validate(one)) for one in reversed(newest_first)]


def results(sweep: SweepState[Any]) -> Conversation[list[dict[str, Any]]]:
    """For each run the values of the keys, then how it came out."""
    found: list[dict[str, Any]] = yield from sweep.calls.json("GET", f"{sweep.path}/results")
    return found


def csv(sweep: SweepState[Any]) -> Conversation[str]:
    """The same as text, with a shape as a link writes it."""
    return (yield from sweep.calls.request("GET", f"{sweep.path}/results", params={"format": "csv"})).text


def parquet(sweep: SweepState[Any]) -> Conversation[bytes]:
    """The same as a Parquet file, with lists as lists."""
    return (yield from sweep.calls.request("GET", f"{sweep.path}/results", params={"format": "parquet"})).content


def frame(sweep: SweepState[Any]) -> Conversation[DataFrame]:
    """The same as a table of pandas, to be grouped and sorted by any column: a list is text as a link writes it
    ("8,8"), and numbers of which some are missing are float64, with NaN for those. ImportError with a sentence where
    pandas is not installed."""
    return sweep_dataframe((yield from results(sweep)))


def ranked(sweep: SweepState[Any], by: str | None = None) -> Conversation[list[dict[str, Any]]]:
    """The results of the runs that succeeded, the one with the least loss or the highest score first, by a measure as
    "test_loss", or by the sweep's `objective`."""
    rows = yield from results(sweep)
    return in_order(rows, by or (yield from refresh(sweep)).objective)


def best(sweep: SweepState[R], by: str | None = None) -> Conversation[R]:
    """The first of `ranked`; ValueError where no run has succeeded."""
    found = yield from ranked(sweep, by)
    if not found:
        raise InputError(Problem("sweep", "a run that succeeded", f"none of {len(sweep.view.runs)}"))
    return sweep.run(RunView.model_validate((yield from sweep.calls.json("GET", f"/runs/{found[0]['id']}"))))
