"""The numbers that a server tells of itself."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from app import metrics as counters
from app.api import metrics
from app.metrics import Metrics, measure_loop_lag
from app.runs.executors import TaskPool
from app.runs.runner import Runner
from app.schemas.run_view import Status
from app.store.step import Ended
from app.store.store import Store
from tests.app.conftest import OpenPage
from tests.server import PATIENCE, Server, StartServer

Numbers = dict[str, float]


def numbers(text: str) -> Numbers:
    """Every sample by its name with its labels, as `playground_runs{state=queued}`."""
    read = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            read[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return read


def of(one: Metrics) -> Numbers:
    return numbers(one.text()[0].decode())


def test_what_is_counted_is_told_with_its_unit_and_its_labels() -> None:
    one = Metrics()
    one.sessions.labels("training").set(3)
    one.waiting.set(2)
    one.frames_made.inc(5)
    one.frames_dropped.inc()
    one.frames_sent.inc(4)
    one.bytes_sent.inc(1_000)
    one.controls.inc()
    one.worker_restarts.inc()
    one.refusals.labels("full").inc()
    one.worker_cpu_seconds.labels("0").set(1.5)
    one.worker_memory_bytes.labels("0").set(1e6)
    told = {name: value for name, value in of(one).items() if value and name.startswith("playground_")}
    assert told == {
        "playground_sessions{state=training}": 3,
        "playground_waiting_pages": 2,
        "playground_frames_made_total": 5,
        "playground_frames_dropped_total": 1,
        "playground_frames_sent_total": 4,
        "playground_sent_bytes_total": 1_000,
        "playground_controls_total": 1,
        "playground_worker_restarts_total": 1,
        "playground_refusals_total{why=full}": 1,
        "playground_worker_cpu_seconds{worker=0}": 1.5,
        "playground_worker_memory_bytes{worker=0}": 1e6,
    }


def test_times_are_told_in_buckets_from_5_ms_to_1_s() -> None:
    one = Metrics()
    for seconds in (0.004, 0.026, 3.0):
        one.slider_to_frame_seconds.observe(seconds)
    told = of(one)
    name = "playground_slider_to_frame_seconds"
    assert [told[f"{name}_bucket{{le={le}}}"] for le in ("0.005", "0.02", "0.03", "1.0", "+Inf")] == [1, 1, 2, 2, 3]
    assert told[f"{name}_sum"] == pytest.approx(3.03)


def test_two_applications_do_not_count_together() -> None:
    one, other = Metrics(), Metrics()
    one.controls.inc()
    assert of(other)["playground_controls_total"] == 0


def test_the_process_itself_is_told_of() -> None:
    told = of(Metrics())
    assert told["process_resident_memory_bytes"] > 1e6
    assert 0 < told["process_open_fds"] < told["process_max_fds"]


def test_a_loop_that_is_held_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "LAG_SECONDS", 0.01)
    one = Metrics()

    async def held_up() -> float:
        seen: asyncio.Queue[float] = asyncio.Queue()
        monkeypatch.setattr(one.loop_lag_seconds, "observe", seen.put_nowait)
        watching = asyncio.create_task(measure_loop_lag(one))
        await asyncio.sleep(0)
        time.sleep(0.06)  # noqa: ASYNC251 - this is what is measured
        lag = await seen.get()
        watching.cancel()
        return lag

    assert asyncio.run(held_up()) >= 0.05


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """A runner that trains nothing."""
    made = Runner(Store(tmp_path / "runs.sqlite3"), lambda most=None: TaskPool(ThreadPoolExecutor(1), 1, lambda: None))
    yield made
    made.store.close()


async def scraped(runner: Runner, accept: str = "*/*") -> httpx.Response:
    """What an application of nothing else answers."""
    app = FastAPI()
    app.state.metrics, app.state.runner = Metrics(), runner
    app.include_router(metrics.router)
    assert "/metrics" not in app.openapi()["paths"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        return await client.get("/metrics", headers={"Accept": accept})


def runs(answer: httpx.Response) -> Numbers:
    assert answer.status_code == 200
    return {name: value for name, value in numbers(answer.text).items() if name.startswith("playground_runs")}


def test_runs_are_counted_by_state_when_they_are_asked_for(runner: Runner) -> None:
    first, *_ = (runner.store.add_run({}, None, "", 10) for _ in range(3))
    runner.store.finish(first, Ended("cancelled", "x"))
    told = runs(asyncio.run(scraped(runner)))
    assert {name for name, value in told.items() if value} == {
        "playground_runs{state=queued}",
        "playground_runs{state=cancelled}",
    }
    assert told["playground_runs{state=queued}"] == 2
    assert len(told) == len(get_args(Status))


def test_a_store_that_hangs_or_fails_keeps_nothing_back_but_its_runs(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "STORE_SECONDS", 0.05)
    hanging = threading.Event()

    async def scraped_meanwhile() -> httpx.Response:
        hang = asyncio.create_task(runner.call(hanging.wait))
        await asyncio.sleep(0)
        try:
            return await scraped(runner)
        finally:
            hanging.set()
            await hang

    answer = asyncio.run(scraped_meanwhile())
    assert runs(answer) == {}
    assert "playground_controls_total 0.0" in answer.text
    runner.store.close()
    assert runs(asyncio.run(scraped(runner))) == {}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("*/*", "text/plain"), ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text")],
)
def test_the_format_is_the_one_that_is_accepted(runner: Runner, accept: str, media_type: str) -> None:
    answer = asyncio.run(scraped(runner, accept))
    assert answer.headers["content-type"].startswith(media_type + ";")


def told_by(server: Server) -> Numbers:
    return numbers(httpx.get(f"{server.address}/metrics", trust_env=False, timeout=PATIENCE).text)


def test_a_server_counts_what_its_pages_do(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    before = told_by(server)
    page.greet()
    page.ask("play")
    page.frame(lambda frame: frame.epoch > 5)
    during = told_by(server)
    assert during["playground_sessions{state=training}"] >= 1
    page.paused()
    after = told_by(server)
    assert after["playground_controls_total"] >= before["playground_controls_total"] + 2
    for name in ("frames_made_total", "frames_sent_total", "sent_bytes_total", "slider_to_frame_seconds_count"):
        assert after[f"playground_{name}"] > before.get(f"playground_{name}", 0), name
    assert after["playground_worker_memory_bytes{worker=0}"] > 1e7


def test_the_loop_has_nothing_left_in_hand_of_a_page_that_is_gone(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(workers=1)
    before = told_by(server)["playground_loop_tasks"]
    page = open_page(server)
    page.greet()
    assert told_by(server)["playground_loop_tasks"] > before
    page.drop()
    while told_by(server)["playground_loop_tasks"] > before:
        pass
