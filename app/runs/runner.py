"""The runner: gives accepted runs their turns on an executor, step by step, and keeps every step in the store."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from app.process.subprocesses import interrupts_blocked
from app.runs.executors import StartPool, TaskPool
from app.runs.results import result
from app.search.trials import Trials
from app.store.database import StoreError
from app.store.rows import Row
from app.store.step import Advance, Ended, advance, read_advance
from app.store.store import Store

log = logging.getLogger(__name__)

STEP_SECONDS = 0.5
"""How long a step should take: so much work is lost where the server dies, and a cancelled run trains on so long."""
FIRST_EPOCHS, GROWTH = 1, 10
TURN_SECONDS = 5.0
"""After how long a run makes room for a single one that waits."""
MAX_ATTEMPTS = 3
"""How often a step is tried whose process died."""
RETRY_SECONDS = 2.0
"""After how long something is tried again that failed for no reason of its own."""
POLL_SECONDS = 0.5
"""How often it is looked whether another process has changed the store."""

Made = TypeVar("Made")


class WorkerDiedError(Exception):
    """The processes that did the work died repeatedly."""


class NoWorkersError(WorkerDiedError):
    """There are no processes that could do the work."""


class Runner:
    """Trains the runs of a store on an executor."""

    def __init__(self, store: Store, start: StartPool) -> None:
        self._store, self._start = store, start
        try:
            self._pool = start()
        except ValueError:
            store.close()
            raise
        self._replacing = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")  # the one that touches the store
        self._trials = Trials(store, self.call)
        self._work = asyncio.Event()
        self._changed: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()  # held by who watches
        self._watching = True

    @property
    def store(self) -> Store:
        """The store, for its methods to be handed to `call`."""
        return self._store

    async def call(self, method: Callable[..., Made], *args: Any, **named: Any) -> Made:
        """A method of the store, in the store's thread; StoreError where it cannot be read or written."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: method(*args, **named))
        except sqlite3.DatabaseError as error:
            raise StoreError(f"The run store {self._store.path} cannot be used: {error}.") from error

    async def _retried(self, method: Callable[..., Made], *args: Any) -> Made:
        """A change of the store, tried until it is kept: nothing that was trained is lost to a full disk."""
        while True:
            try:
                return await self.call(method, *args)
            except StoreError as error:
                log.warning("%s It is tried again.", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def run(self) -> None:
        """Train what waits, where the store is this process's to train, until cancelled; then the runs under way are
        marked as interrupted."""
        try:
            await self._retried(self._store.begin)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poll_store())
                for _ in range(self._pool.size if self._store.owner else 0):
                    group.create_task(self._train_next())
        finally:
            self._thread.submit(self._store.leave)
            self._thread.submit(self._store.close)
            await asyncio.to_thread(self._thread.shutdown)
            await asyncio.to_thread(self._pool.end)
            self._trials.close()

    async def _poll_store(self) -> None:
        """Notice what other processes have changed in the store, and that they have ended."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            with contextlib.suppress(StoreError):  # the next request to the store reports it
                if await self.call(self._store.changed):
                    self.wake()
                    self._notify_all()

    def wake(self) -> None:
        """There is something to train."""
        self._work.set()

    # --- training -------------------------------------------------------------------------------------------------

    async def _train_next(self) -> None:
        """Train one run after the other."""
        while True:
            self._work.clear()
            row = await self._retried(self._store.claim)
            if row is None:
                await self._work.wait()
                continue
            try:
                await self._train(row)
            except Exception as error:
                log.exception("run %s failed", row["id"])
                await self._failed(row["id"], f"It could not be trained: {error or type(error).__name__}.")

    async def _train(self, row: Row) -> None:
        """Train a run to its end, or until its turn is over; ValueError where it has no place and none can be found."""
        row = await self._trials.with_place(row)
        checked_epochs = await self._trials.checked_epochs(row)
        run, spec, version = row["id"], row["spec"], row["version"]
        state, progress, epochs = row["state"], row["progress"], FIRST_EPOCHS
        began = asyncio.get_running_loop().time()
        while True:
            self.notify(run)
            epoch = progress.get("epoch", 0)
            until = min(epoch + epochs, spec["epochs"], *(look for look in checked_epochs if look > epoch))
            task = {"spec": spec, "state": state, "seconds": progress.get("seconds"), "until": until}
            task["computed_with"] = progress.get("computed_with", [])
            try:
                step = read_advance(await self._execute(advance, json.dumps(task)))
            except NoWorkersError as error:
                log.warning("%s. It is tried again.", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except WorkerDiedError as error:
                await self._failed(run, f"It could not be trained: {error}.")
                return
            step = await self._trials.pruned_if_behind(row, _within_seconds(step, spec["stop"]))
            version = await self._retried(self._store.advance, run, version, step)
            self.notify(run)
            if version is None:
                await self._trials.end_run(run, "cancelled")
            if version is None or step.ended:
                return
            if asyncio.get_running_loop().time() - began >= TURN_SECONDS and await self._put_back(run, version):
                return
            epochs = _next_epochs(epochs, step.progress["seconds"] - progress.get("seconds", 0.0))
            state, progress = step.state, step.progress

    async def _put_back(self, run: str, version: int) -> bool:
        done = await self._retried(self._store.put_back, run, version)
        self.notify(run)
        return done

    async def _failed(self, run: str, reason: str) -> None:
        await self._trials.end_run(run, "failed")
        await self._retried(self._store.finish, run, Ended("failed", reason))
        self.notify(run)

    async def finish(self, run: str, ended: Ended) -> bool:
        """End a run; False where it has ended already."""
        done = await self.call(self._store.finish, run, ended)
        self.notify(run)
        return done

    # --- computing ------------------------------------------------------------------------------------------------

    async def compute(self, name: str, question: str) -> bytes:
        """Something about a run, as `app.runs.results` does it; ValueError where the question was a bad one."""
        return await self._execute(result, name, question)

    async def _execute(self, function: Callable[..., Made], *args: str) -> Made:
        """A pure function's value, tried again where the process that worked on it died.

        Again means in a process of its own: one that dies with its task takes those of all others with it. Raises
        WorkerDiedError where they all die.
        """
        pool = self._pool
        try:
            return await _result_of(pool, function, *args)
        except BrokenExecutor:
            log.warning("a process that trains scripted runs died and is replaced")
        await self._replace(pool)
        for _ in range(MAX_ATTEMPTS - 1):
            with contextlib.suppress(BrokenExecutor):
                return await self._in_own_pool(function, *args)
        raise WorkerDiedError(f"the process that worked on it died {MAX_ATTEMPTS} times")

    async def _replace(self, pool: TaskPool) -> None:
        async with self._replacing:
            if self._pool is pool:  # the first of those that it held up
                self._pool = await self._new_pool()
                await asyncio.to_thread(pool.end)

    async def _new_pool(self, most: int | None = None) -> TaskPool:
        try:
            return await asyncio.to_thread(self._start, most)
        except ValueError as error:
            raise NoWorkersError(str(error).removesuffix(".")) from None

    async def _in_own_pool(self, function: Callable[..., Made], *args: str) -> Made:
        pool = await self._new_pool(1)
        try:
            return await _result_of(pool, function, *args)
        finally:
            await asyncio.to_thread(pool.end)

    # --- watching -------------------------------------------------------------------------------------------------

    def notify(self, run: str) -> None:
        """Wake those who watch a run."""
        if event := self._changed.pop(run, None):
            event.set()

    def stop_watching(self) -> None:
        """End all watching, because the server does."""
        self._watching = False
        self._notify_all()

    def _notify_all(self) -> None:
        for run in list(self._changed):
            self.notify(run)

    async def changes(self, run: str, seconds: float) -> AsyncGenerator[bool, None]:
        """Now and after each change of a run: True; False where nothing has changed for so long."""
        changed = self._changed.setdefault(run, asyncio.Event())
        yield True
        while self._watching:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await changed.wait()
            happened, changed = changed.is_set(), self._changed.setdefault(run, asyncio.Event())
            yield happened


async def _result_of(pool: TaskPool, function: Callable[..., Made], *args: str) -> Made:
    """A function's value; BrokenExecutor where the pool is gone, or gave it up."""
    try:
        with interrupts_blocked():  # it may start a process
            future = pool.executor.submit(function, *args)
        return await asyncio.wrap_future(future)
    except pool.errors as error:
        raise BrokenExecutor(str(error)) from error
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise
        raise BrokenExecutor("cancelled") from None


def _next_epochs(epochs: int, seconds: float) -> int:
    """How many epochs the next step should have, when the last one took so long."""
    return max(1, min(epochs * GROWTH, int(epochs * STEP_SECONDS / max(seconds, 1e-6))))


def _within_seconds(step: Advance, stop: dict[str, float]) -> Advance:
    limit = stop.get("seconds")
    if step.ended is None and limit is not None and step.progress["seconds"] >= limit:
        return step._replace(ended=Ended("succeeded", f"{limit:g} seconds of training are over."))
    return step
