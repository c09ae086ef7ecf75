"""A sweep at a playground, from a script or a notebook."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from app.client import sweep_calls as calls
from app.client.resource import edit
from app.client.run import AsyncRun, Run
from app.client.sweep_calls import SweepState
from app.client.transport import blocking, in_event_loop
from engine.numbers import short

SHOWN = 10


class Sweep(SweepState[Run]):
    """A sweep as it was when it was last asked about; `refresh` asks again."""

    run_type = Run
    refresh = blocking(calls.refresh)
    wait = blocking(calls.wait)
    cancel = blocking(calls.cancel)
    resume = blocking(calls.resume)
    extend = blocking(calls.extend)
    edit = blocking(edit)
    delete = blocking(calls.delete)
    list_runs = blocking(calls.list_runs)
    results = blocking(calls.results)
    csv = blocking(calls.csv)
    parquet = blocking(calls.parquet)
    frame = blocking(calls.frame)
    ranked = blocking(calls.ranked)
    best = blocking(calls.best)

    @property
    def runs(self) -> list[Run]:
        """Its runs in the order of their places."""
        return self.list_runs()

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


class AsyncSweep(SweepState[AsyncRun]):
    """The same for an event loop: `await sweep.wait()`, `await sweep.list_runs()`."""

    run_type = AsyncRun
    refresh = in_event_loop(calls.refresh)
    wait = in_event_loop(calls.wait)
    cancel = in_event_loop(calls.cancel)
    resume = in_event_loop(calls.resume)
    extend = in_event_loop(calls.extend)
    edit = in_event_loop(edit)
    delete = in_event_loop(calls.delete)
    list_runs = in_event_loop(calls.list_runs)
    results = in_event_loop(calls.results)
    csv = in_event_loop(calls.csv)
    parquet = in_event_loop(calls.parquet)
    frame = in_event_loop(calls.frame)
    ranked = in_event_loop(calls.ranked)
    best = in_event_loop(calls.best)


def _cell(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return short(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
