"""The runner: gives accepted runs their turns on an executor, step by step, and keeps every step in the store."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from typing import Any, TypeVar

from app.executors import Crew
from app.results import result
from app.store import Row, Store
from app.task import Advance, Ended, advance, read_advance

log = logging.getLogger(__name__)

STEP_SECONDS = 0.5
"""How long a step should take: as much is lost where the server dies, and a cancelled run goes on for so long."""
FIRST_EPOCHS, GROWTH = 5, 10
ATTEMPTS = 3
"""How often a step is tried whose process died."""

Made = TypeVar("Made")


class Runner:
    """Trains the runs of a store on an executor."""

    def __init__(self, store: Store, start: Callable[[], Crew]) -> None:
        self._store, self._start = store, start
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")  # the one that touches the store
        self._crew: Crew | None = None
        self._work = asyncio.Event()
        self._changed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def call(self, method: Callable[..., Made], *args: Any, **named: Any) -> Made:
        """A method of the store, in the store's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: method(*args, **named))

    @property
    def store(self) -> Store:
        """The store, for its methods to be handed to `call`."""
        return self._store

    async def run(self) -> None:
        """Train what waits until cancelled; then the runs under way are marked as interrupted."""
        await self.call(self._store.interrupt)  # those of a server that was killed
        self._crew = await asyncio.to_thread(self._start)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._crew.size):
                    group.create_task(self._lane())
        finally:
            self._thread.submit(self._store.interrupt)
            self._thread.submit(self._store.close)
            await asyncio.to_thread(self._thread.shutdown)
            await asyncio.to_thread(self._crew.end)

    def wake(self) -> None:
        """There is something to train."""
        self._work.set()

    async def _lane(self) -> None:
        """Train one run after the other."""
        while True:
            self._work.clear()
            row = await self.call(self._store.claim)
            if row is None:
                await self._work.wait()
            else:
                await self._train(row)

    async def _train(self, row: Row) -> None:
        run, spec = row["id"], row["spec"]
        state, progress, epochs = row["state"], row["progress"], FIRST_EPOCHS
        self.tell(run)
        while True:
            task = {
                "spec": spec,
                "state": state,
                "seconds": progress.get("seconds"),
                "until": min(progress.get("epoch", 0) + epochs, spec["epochs"]),
            }
            try:
                step = read_advance(await self._execute(advance, json.dumps(task)))
            except Exception as error:
                log.exception("run %s failed", run)
                await self.finish(run, Ended("failed", f"It could not be trained: {error or type(error).__name__}."))
                return
            step = _within_seconds(step, spec["stop"])
            if not await self.call(self._store.advance, run, step) or step.ended:
                self.tell(run)
                return
            self.tell(run)
            epochs = _next_epochs(epochs, step.progress["seconds"] - progress.get("seconds", 0.0))
            state, progress = step.state, step.progress

    async def work_out(self, name: str, question: str) -> bytes:
        """Something about a run, as `app.results` does it; ValueError where the question was a bad one."""
        return await self._execute(result, name, question)

    async def _execute(self, function: Callable[..., Made], *args: str) -> Made:
        """A pure function's value, tried again where the process that worked on it died."""
        for _ in range(ATTEMPTS):
            crew = self._crew
            assert crew
            try:
                return await asyncio.wrap_future(crew.executor.submit(function, *args))
            except BrokenExecutor:
                log.warning("a process that trains scripted runs died and is replaced")
                if self._crew is crew:  # the first of those that it held up
                    self._crew = self._start()
                    await asyncio.to_thread(crew.end)
        raise RuntimeError(f"the process that worked on it died {ATTEMPTS} times")

    async def finish(self, run: str, ended: Ended) -> bool:
        """End a run; False where it has ended already."""
        done = await self.call(self._store.finish, run, ended)
        self.tell(run)
        return done

    # --- watching -------------------------------------------------------------------------------------------------

    def tell(self, run: str) -> None:
        """Wake those who watch a run."""
        if event := self._changed.pop(run, None):
            event.set()

    async def changes(self, run: str, seconds: float) -> AsyncIterator[bool]:
        """Now and after each change of a run: True; False where nothing has changed for so long."""
        changed = self._changed[run]
        yield True
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await changed.wait()
            happened, changed = changed.is_set(), self._changed[run]
            yield happened


def _next_epochs(epochs: int, seconds: float) -> int:
    """How many epochs the next step should have, when the last one took so long."""
    return max(1, min(epochs * GROWTH, int(epochs * STEP_SECONDS / max(seconds, 1e-6))))


def _within_seconds(step: Advance, stop: dict[str, float]) -> Advance:
    limit = stop.get("seconds")
    if step.ended is None and limit is not None and step.progress["seconds"] >= limit:
        return step._replace(ended=Ended("succeeded", f"{limit:g} seconds of training are over."))
    return step
