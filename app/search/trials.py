"""Trials of sweeps that choose while they train: which configuration a run gets, and whether it continues."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from app.schemas.pruning import RULES
from app.schemas.sweep_request import SweepRequest
from app.search.objective import deciding_measure, label
from app.search.optuna_study import Study
from app.store.rows import Row
from app.store.step import Advance, Ended
from app.store.store import Store
from engine.numbers import short

MAX_STUDIES = 8
"""Studies in memory; with more sweeps at once, one is rebuilt when it is needed."""


class Call(Protocol):
    """A method of the store, in the store's thread."""

    def __call__(self, method: Callable[..., Any], *args: Any, **named: Any) -> Awaitable[Any]: ...


class Trials:
    """The studies of sweeps, worked with in a thread of their own."""

    def __init__(self, store: Store, call: Call) -> None:
        self._store, self._call = store, call
        self._studies: OrderedDict[str, Study | None] = OrderedDict()  # None where a sweep does not learn
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="studies")
        self._one = asyncio.Lock()

    async def with_place(self, row: Row) -> Row:
        """A run as it is once it has a place, which is chosen now where it had none; InputError, a ValueError, where
        what was chosen is no configuration."""
        async with self._one:
            study = await self._study(row)
            if study is None or row["place"]:
                return row
            place = await self._work(study.choose, row["id"])
            chosen = study.request.repeated(place)
            runs = await self._call(self._store.unplaced, row["id"], len(chosen))
            placed = [(run, *one) for run, one in zip(runs, chosen, strict=False)]
            await self._call(self._store.place, placed)
            for run, _, own in placed[1:]:  # the same place with other seeds
                await self._work(study.add, run, own)
        found: Row = await self._call(self._store.run, row["id"])
        return found

    async def checked_epochs(self, row: Row) -> list[int]:
        """The epochs at which it is decided whether a run continues."""
        async with self._one:
            study = await self._study(row)
        return study.checked_epochs if study else []

    async def pruned_if_behind(self, row: Row, step: Advance) -> Advance:
        """A step of a run, which is ended there where it falls behind."""
        async with self._one:
            study = await self._study(row)
            if study is None:
                return step
            epoch, value = step.progress["epoch"], step.progress[study.objective]
            if (
                not step.ended
                and epoch in study.checked_epochs
                and await self._work(study.falls_behind, row["id"], epoch, value)
            ):
                step = step._replace(ended=_pruned(study, epoch, value))
            if step.ended:
                await self._work(study.end, row["id"], step.ended.status, value)
        return step

    async def end_run(self, run: str, status: str) -> None:
        """A run has failed, or was cancelled."""
        async with self._one:
            for study in filter(None, self._studies.values()):
                await self._work(study.end, run, status, None)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()

    async def _study(self, row: Row) -> Study | None:
        sweep = row["sweep"]
        if sweep is None:
            return None
        if sweep not in self._studies:
            self._studies[sweep] = await self._new_study(sweep)
        self._studies.move_to_end(sweep)
        while len(self._studies) > MAX_STUDIES:
            self._studies.popitem(last=False)
        return self._studies[sweep]

    async def _new_study(self, sweep: str) -> Study | None:
        """The study of a sweep as its runs are now."""
        found = await self._call(self._store.sweep, sweep)
        request = SweepRequest.model_validate(found["request"])
        if not request.learns:
            return None
        members = await self._call(self._store.members, sweep)
        measured = await self._call(self._store.measured, sweep, deciding_measure(request, []), request.checked_epochs)
        made: Study = await self._work(Study, request, members, measured)
        return made

    async def _work(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)


def _pruned(study: Study, epoch: int, value: float | None) -> Ended:
    assert study.request.prune
    measure = label(study.objective)
    comparison = f"its {measure} was {short(value)}" if value is not None else f"it had no {measure}"
    return Ended("pruned", f"Pruned by {RULES[study.request.prune.kind]} at epoch {epoch:,}, where {comparison}.")
