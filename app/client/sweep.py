"""A sweep at a playground, from a script or a notebook."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from app.client import sweep_calls as calls
from app.client.run import AsyncRun, Run
from app.client.sweep_calls import SweepState
from app.client.transport import later, now
from engine.numbers import short

SHOWN = 10


class Sweep(SweepState[Run]):
    """A sweep as it was when it was last asked about; `refresh` asks again."""

    run_type = Run
    refresh = now(calls.refresh)
    wait = now(calls.wait)
    cancel = now(calls.cancel)
    resume = now(calls.resume)
    extend = now(calls.extend)
    edit = now(calls.edit)
    delete = now(calls.delete)
    list_runs = now(calls.list_runs)
    results = now(calls.results)
    csv = now(calls.csv)
    parquet = now(calls.parquet)
    frame = now(calls.frame)
    ranked = now(calls.ranked)
    best = now(calls.best)

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
    refresh = later(calls.refresh)
    wait = later(calls.wait)
    cancel = later(calls.cancel)
    resume = later(calls.resume)
    extend = later(calls.extend)
    edit = later(calls.edit)
    delete = later(calls.delete)
    list_runs = later(calls.list_runs)
    results = later(calls.results)
    csv = later(calls.csv)
    parquet = later(calls.parquet)
    frame = later(calls.frame)
    ranked = later(calls.ranked)
    best = later(calls.best)


def _cell(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return short(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
