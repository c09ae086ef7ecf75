"""The runner by itself: who gets a turn, what is kept, and what happens where something breaks."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.runs import runner as module
from app.runs.executors import TaskPool
from app.runs.runner import Runner
from app.store.owners import SERVER
from app.store.rows import Row
from app.store.step import FINAL, Ended
from app.store.store import Store
from engine import Config
from tests.app.scripted import engine_digest
from tests.server import PATIENCE

CONFIG = Config(dataset="xor", networkShape=(3,))
SPEC: Row = {
    "config": CONFIG.model_dump(mode="json"),
    "epochs": 20,
    "stop": {},
    "record": {"losses": 1, "snapshots": None},
}
Work = Callable[..., Any]


class Threads(Executor):
    """Does each task in a thread, with what a test adds to it."""

    def __init__(self, around: Callable[[Work, tuple[str, ...]], Any] | None = None) -> None:
        self._threads = ThreadPoolExecutor(4)
        self._around = around or (lambda work, given: work(*given))
        self.tasks: list[Any] = []

    def submit(self, work: Work, /, *given: Any, **named: Any) -> Future[Any]:
        """Begin a task."""
        self.tasks.append(given)
        return self._threads.submit(self._around, work, given)


class Meddled(Runner):
    """A runner whose store and executor are a test's."""

    def __init__(self, path: Path, executor: Executor | None = None, size: int = 1) -> None:
        self.started: list[int | None] = []
        self.executor = executor or Threads()

        def start(most: int | None = None) -> TaskPool:
            self.started.append(most)
            return TaskPool(self.executor, most or size, lambda: None)

        super().__init__(Store(path / "runs.sqlite3", SERVER), start)

    async def add(self, **more: Any) -> str:
        """A run that is accepted."""
        run = await self.call(self.store.add_run, SPEC | more, None, "", 100)
        self.wake()
        return run

    async def row(self, run: str) -> Row:
        """A run as it is now."""
        row = await self.call(self.store.run, run)
        assert row
        return row

    async def ended(self, run: str) -> Row:
        """A run when it has ended."""
        async with aclosing(self.changes(run, PATIENCE)) as changes:
            async for _ in changes:
                row = await self.row(run)
                if row["status"] in FINAL:
                    return row
        raise AssertionError("it was hung up on")


@asynccontextmanager
async def running(runner: Meddled) -> AsyncIterator[Meddled]:
    """A runner at work, for the time of a block."""
    async with asyncio.timeout(PATIENCE):
        task = asyncio.create_task(runner.run())
        yield runner
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_a_run_is_trained_to_the_engines_bits_in_growing_steps(tmp_path: Path) -> None:
    async def story() -> None:
        threads = Threads()
        async with running(Meddled(tmp_path, threads)) as runner:
            row = await runner.ended(await runner.add(epochs=200))
        assert row["progress"]["theta_sha256"] == engine_digest(CONFIG, 200)
        untils = [json.loads(task)["until"] for (task,) in threads.tasks]
        assert untils[0] == 1
        assert untils[-1] == 200
        assert len(untils) < 10

    asyncio.run(story())


def test_a_long_run_makes_room_for_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.TURN_SECONDS <= 5  # which a person may wait
    monkeypatch.setattr(module, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(module, "STEP_SECONDS", 0.02)

    async def story() -> None:
        async with running(Meddled(tmp_path)) as runner:
            long = await runner.add(epochs=10_000_000, record={"losses": 100_000, "snapshots": None})
            short = [await runner.ended(await runner.add()) for _ in range(3)]
            assert [row["progress"]["theta_sha256"] for row in short] == [engine_digest(CONFIG, 20)] * 3
            before = (await runner.row(long))["progress"]["epoch"]
            async for _ in runner.changes(long, PATIENCE):
                if (await runner.row(long))["progress"]["epoch"] > before:
                    break
            await runner.finish(long, Ended("cancelled", ""))

    asyncio.run(story())


def test_a_cancelled_runs_last_step_is_dropped(tmp_path: Path) -> None:
    async def story() -> None:
        loop, begun, goes_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

        def held(work: Work, given: tuple[str, ...]) -> Any:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result()
            return work(*given)

        async with running(Meddled(tmp_path, Threads(held))) as runner:
            run = await runner.add()
            await begun.wait()
            await runner.finish(run, Ended("cancelled", "Enough."))
            goes_on.set()
            assert (await runner.ended(await runner.add()))["status"] == "succeeded"
            row = await runner.row(run)
            assert (row["status"], row["progress"], row["state"]) == ("cancelled", {}, None)

    asyncio.run(story())


def _dying(times: int, which: str) -> Callable[[Work, tuple[str, ...]], Any]:
    """Breaks the executor so many times at the tasks that have a text in them."""
    left = [times]

    def around(work: Work, given: tuple[str, ...]) -> Any:
        if which in given[0] and left[0]:
            left[0] -= 1
            raise BrokenExecutor
        return work(*given)

    return around


def test_a_step_whose_process_died_is_done_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(Meddled(tmp_path, Threads(_dying(2, "xor")), size=2)) as runner:
            row = await runner.ended(await runner.add())
        assert row["progress"]["theta_sha256"] == engine_digest(CONFIG, 20)
        assert runner.started == [None, None, 1, 1]  # the first, its successor, two in which it was alone

    asyncio.run(story())


def test_a_step_whose_process_dies_again_and_again_fails_with_a_sentence_and_the_next_run_goes_on(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with running(Meddled(tmp_path, Threads(_dying(1_000, "poison")))) as runner:
            bad = await runner.add(config={**SPEC["config"], "seed": "poison"})
            good = await runner.add()
            assert (await runner.ended(good))["status"] == "succeeded"
            row = await runner.row(bad)
        assert row["status"] == "failed"
        assert row["reason"] == "It could not be trained: the process that worked on it died 3 times."

    asyncio.run(story())


def test_a_run_that_cannot_be_trained_fails_with_a_sentence_and_the_next_run_goes_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(Meddled(tmp_path)) as runner:
            bad = await runner.ended(await runner.add(config={"networkShape": "?"}))
            assert bad["status"] == "failed"
            assert bad["reason"].startswith("It could not be trained: ")
            assert (await runner.ended(await runner.add()))["status"] == "succeeded"

    asyncio.run(story())


def test_an_executor_that_gives_a_task_up_counts_as_broken(tmp_path: Path) -> None:
    class GivesUp(Threads):
        def submit(self, work: Work, /, *given: Any, **named: Any) -> Future[Any]:
            future = super().submit(work, *given)
            if len(self.tasks) == 1:
                future = Future()
                future.cancel()
                future.set_running_or_notify_cancel()
            return future

    async def story() -> None:
        async with running(Meddled(tmp_path, GivesUp())) as runner:
            assert (await runner.ended(await runner.add()))["status"] == "succeeded"

    asyncio.run(story())


def test_a_step_is_kept_as_soon_as_the_disk_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)

    async def story() -> None:
        runner = Meddled(tmp_path)
        refused, db = asyncio.Event(), runner.store._db
        config = CONFIG.model_copy(update={"networkShape": (16, 16)})  # whose states need some room
        monkeypatch.setattr(module.log, "warning", lambda *_: refused.set())
        async with running(runner):
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            await runner.call(lambda: db.execute(f"PRAGMA max_page_count = {pages + 4}"))
            run = await runner.add(config=config.model_dump(mode="json"), record={"losses": 1, "snapshots": 1})
            await refused.wait()
            assert (await runner.row(run))["status"] not in FINAL
            await runner.call(lambda: db.execute("PRAGMA max_page_count = 1000000"))
            row = await runner.ended(run)
            assert row["progress"]["theta_sha256"] == engine_digest(config, 20)
            assert [one[0] for one in await runner.call(runner.store.history, run)] == list(range(21))

    asyncio.run(story())


def test_runs_under_way_are_marked_when_the_runner_ends(tmp_path: Path) -> None:
    async def story() -> str:
        async with running(Meddled(tmp_path)) as runner:
            run = await runner.add(epochs=10_000_000, record={"losses": 100_000, "snapshots": None})
            async for _ in runner.changes(run, PATIENCE):
                if (await runner.row(run))["progress"].get("epoch"):
                    return run
        raise AssertionError

    run = asyncio.run(story())
    store = Store(tmp_path / "runs.sqlite3", SERVER)
    row = store.run(run)
    store.close()
    assert row
    assert row["status"] == "interrupted"
    assert row["state"]


def test_nothing_is_kept_of_those_who_watched(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(Meddled(tmp_path)) as runner:
            run = await runner.add()
            await asyncio.gather(*(runner.ended(run) for _ in range(5)))
            await runner.ended(run)
            gc.collect()
            assert not list(runner._changed)

    asyncio.run(story())


def test_who_watches_hears_a_sign_of_life_and_the_end_of_the_server(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(Meddled(tmp_path)) as runner:
            watching = runner.changes("none", 0.01)
            assert [await anext(watching), await anext(watching)] == [True, False]
            rest = runner.changes("none", PATIENCE)
            await anext(rest)
            runner.stop_watching()
            assert [happened async for happened in rest] == []

    asyncio.run(story())
