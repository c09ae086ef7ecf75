"""What a server is put through. Each scenario gives the row of a table."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from app.live.frame import frame_of
from app.live.run import LiveRun
from app.wire.frames import pack
from app.wire.limits import PROTOCOL
from benchmarks.live.page import Counts, Crowd, SimulatedPage
from benchmarks.live.server import Served, Usage, serving
from engine import Trainer, parse_link

SMALL = "dataset=circle&seed=1&networkShape=4,2"
LECTURE = "dataset=spiral&seed=0.68609&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true&networkShape="
FEATURES = "xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true"
WARM_UP_SECONDS = 2.0


class Row(NamedTuple):
    """What one scenario came to; None where it does not ask."""

    name: str
    frames: tuple[float, float] | None = None  # a second and page: minimum, median
    epochs: tuple[float, float] | None = None
    slider: tuple[float, float] | None = None  # milliseconds: 50th and 99th percentile
    lag: float | None = None  # milliseconds that the event loop was late at most, in 99 of 100 cases
    cpu: tuple[float, float] | None = None  # cores: the server's process, those that train
    megabytes: float | None = None
    rate: float | None = None  # kilobytes a second and page
    said: str = ""


def percentile(values: list[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")


def fairness(values: list[float]) -> float:
    """Jain's index: 1 where all have the same (Jain, Chiu and Hawe, 1984)."""
    return sum(values) ** 2 / (len(values) * sum(value * value for value in values))


def lag(before: dict[str, float], after: dict[str, float]) -> float:
    """Milliseconds that the event loop was late at most in 99 of 100 cases, as its histogram tells."""
    names = [name for name in after if name.startswith("playground_loop_lag_seconds_bucket")]
    counts = {float(name.rpartition("bucket")[2]): after[name] - before.get(name, 0) for name in names}
    whole = max(counts.values())
    return 1e3 * next(edge for edge, count in sorted(counts.items()) if count >= 0.99 * whole)


def row(name: str, counts: list[Counts], seconds: float, usage: tuple[Usage, Usage], late: float, said: str) -> Row:
    """The numbers of pages that all do the same."""
    frames = [count.frames / seconds for count in counts]
    epochs = [count.epochs / seconds for count in counts]
    slider = [1e3 * value for count in counts for value in count.slider]
    errors = sum(len(count.errors) for count in counts)
    before, after = usage
    return Row(
        name,
        (min(frames), statistics.median(frames)),
        (min(epochs), statistics.median(epochs)),
        (percentile(slider, 50), percentile(slider, 99)) if slider else None,
        late,
        ((after.server - before.server) / seconds, (after.workers - before.workers) / seconds),
        after.megabytes,
        sum(count.bytes for count in counts) / len(counts) / seconds / 1e3,
        "; ".join(filter(None, [said, f"{errors} errors" if errors else "no error"])),
    )


async def _watched(
    name: str,
    server: Served,
    pages: list[SimulatedPage],
    seconds: float,
    meanwhile: Callable[[], Awaitable[None]] | None = None,
    said: Callable[[list[Counts]], str] = lambda counts: "",
) -> Row:
    async with Crowd(pages) as crowd:
        await asyncio.sleep(WARM_UP_SECONDS)
        usage, metrics = server.usage(), server.metrics()
        counts = await crowd.watched(seconds, meanwhile)
        after, late = server.usage(), lag(metrics, server.metrics())
    playing = [count for count, page in zip(counts, pages, strict=True) if page.plays]
    return row(name, playing, seconds, (usage, after), late, said(playing))


async def a_class(seconds: float, speed: str) -> Row:
    """30 pages train 2-4-2-1."""
    with serving() as server:
        pages = [SimulatedPage(server.url, SMALL, speed=speed) for _ in range(30)]
        return await _watched("class: 30 pages of 2-4-2-1", server, pages, seconds)


async def deep(seconds: float, speed: str) -> Row:
    """30 pages train 7-8x6-1."""
    with serving() as server:
        pages = [SimulatedPage(server.url, LECTURE + "8,8,8,8,8,8", speed=speed) for _ in range(30)]
        return await _watched("deep: 30 pages of 7-8x6-1", server, pages, seconds)


async def crowd(seconds: float, speed: str) -> Row:
    """100 pages, 60 of them training."""
    with serving() as server:
        pages = [SimulatedPage(server.url, SMALL, speed=speed, plays=i % 5 < 3) for i in range(100)]

        def said(counts: list[Counts]) -> str:
            epochs = [count.epochs for count in counts]
            least = min(epochs) / statistics.median(epochs)
            return f"fairness {fairness(epochs):.3f}, minimum {least:.2f} of the median"

        return await _watched("crowd: 100 pages, 60 train", server, pages, seconds, said=said)


async def door(seconds: float, speed: str) -> Row:
    """300 attempts at 200 places."""
    with serving(max_sessions=200) as server:
        pages = [SimulatedPage(server.url, SMALL, plays=i < 20, slides=i < 20, speed=speed) for i in range(200)]
        refused: list[tuple[float, int, str | None]] = []

        async def attempt() -> None:
            began = time.perf_counter()
            try:
                async with connect(server.url, open_timeout=20):
                    refused.append((0.0, 101, None))
            except InvalidStatus as refusal:
                answer = refusal.response
                refused.append((time.perf_counter() - began, answer.status_code, answer.headers.get("Retry-After")))

        async def attempts() -> None:
            await asyncio.gather(*(attempt() for _ in range(100)))

        def said(counts: list[Counts]) -> str:
            turned_away = [seconds for seconds, status, after in refused if status == 503 and after]
            return f"200 served, {len(turned_away)} of 100 refused with 503, the last after {max(turned_away):.2f} s"

        return await _watched("door: 300 attempts at 200 places", server, pages, seconds, attempts, said)


async def mixed(seconds: float, speed: str) -> Row:
    """30 good pages, 10 that read slowly, 5 that went silent, a sweep of 200 runs."""
    with serving() as server:
        good = [SimulatedPage(server.url, SMALL, speed=speed) for _ in range(30)]
        slow = [SimulatedPage(server.url, SMALL, speed=speed, rate=0.5, slides=False) for _ in range(10)]
        sweep = server.sweep(200)
        async with Crowd(slow):
            silent = [await _silent(server, speed) for _ in range(5)]

            def said(counts: list[Counts]) -> str:
                done = httpx.get(sweep).json()["counts"].get("succeeded", 0)
                return f"{done} of 200 runs done meanwhile"

            made = await _watched("mixed: the 30 good of 45 pages", server, good, seconds, said=said)
            for socket in silent:
                socket.transport.abort()
        return made


async def _silent(server: Served, speed: str) -> ClientConnection:
    """A page that plays and then neither reads nor answers."""
    socket = await connect(server.url, max_size=None, ping_interval=None, max_queue=1, compression=None)
    hello = {"type": "hello", "protocol": PROTOCOL, "link": SMALL}
    for message in (hello, {"type": "speed", "speed": speed}, {"type": "play"}):
        await socket.send(json.dumps(message))
    socket.transport.pause_reading()
    return socket


async def storm(seconds: float, speed: str) -> Row:
    """A restart under 60 pages."""
    with serving() as first:
        port = int(first.address.rpartition(":")[2])
        pages = [SimulatedPage(first.url, SMALL, speed=speed) for _ in range(60)]
        crowd = Crowd(pages)
        await crowd.__aenter__()
        await asyncio.sleep(WARM_UP_SECONDS)
    began = time.perf_counter()
    with serving(port):
        up = time.perf_counter()
        with suppress(TimeoutError):
            async with asyncio.timeout(30):
                for page in pages:
                    await page.returned(began)
        back = [page.back - began for page in pages if page.back > began]
        await crowd.__aexit__()
    repeated = max(page.repeated for page in pages)
    said = f"{len(back)} of 60 back, the last {max(back):.1f} s after the start ({up - began:.1f} s of them starting)"
    said += f"; at most {repeated:.0f} epochs trained again"
    return Row("storm: restart under 60 pages", said=said)


async def soak(seconds: float, speed: str) -> Row:
    """30 pages, one more that comes and one that is dropped each second."""
    settled = min(300.0, seconds / 5)
    with serving(resume_seconds=5) as server:
        start, tasks = server.usage(), server.metrics()["playground_loop_tasks"]
        async with Crowd([SimulatedPage(server.url, SMALL, speed=speed) for _ in range(30)]) as crowd:
            seen: list[tuple[float, float]] = []
            came = asyncio.create_task(_come_and_go(server))
            began = time.perf_counter()
            while (now := time.perf_counter() - began) < seconds:
                if now > settled:
                    seen.append((now / 3600, server.usage().megabytes))
                await asyncio.sleep(min(5.0, seconds / 10))
            came.cancel()
            await asyncio.gather(came, return_exceptions=True)
            errors = sum(len(page.counts.errors) for page in crowd.pages)
        await asyncio.sleep(6)
        end, metrics = server.usage(), server.metrics()
    hours, memory = zip(*seen, strict=True)
    grown = statistics.linear_regression(hours, memory).slope
    left = sum(value for name, value in metrics.items() if name.startswith("playground_sessions"))
    back = f"files {start.files} then {end.files}, tasks {tasks:.0f} then {metrics['playground_loop_tasks']:.0f}"
    course = " ".join(f"{part.min():.1f}" for part in np.array_split(memory, 5))
    said = f"memory {grown:+z.1f} MB an hour (least of each fifth: {course}), {back}, {left:.0f} left, {errors} errors"
    return Row(f"soak: {seconds / 60:g} minutes", megabytes=end.megabytes, said=said)


async def _come_and_go(server: Served) -> None:
    """A page a second, each dropped without a word after the next has come; in the end all are."""
    there: deque[asyncio.Task[None]] = deque()
    try:
        while True:
            there.append(asyncio.create_task(SimulatedPage(server.url, SMALL).live()))
            await asyncio.sleep(1)
            if len(there) > 1:
                there.popleft().cancel()
    finally:
        for task in there:
            task.cancel()


def picture_bytes(seed: int, epochs: int) -> int:
    """What a picture of 7-8-8-8-1 takes, of another network for each seed."""
    run = LiveRun(Trainer(parse_link(f"{LECTURE}8,8,8").config.model_copy(update={"seed": str(seed)})))
    run.trainer.train(epochs)
    run.measure()
    return len(pack(frame_of(run, 1, run.losses.history.since(epochs - 1))))


async def size(seconds: float, speed: str) -> Row:
    """One page of 7-8-8-8-1, and pictures of others."""
    with serving() as server:
        page = SimulatedPage(server.url, LECTURE + "8,8,8", speed=speed)

        def said(counts: list[Counts]) -> str:
            (count,) = counts
            rates = [15 * picture_bytes(seed, epochs) / 1e3 for seed in range(24) for epochs in (100, 300)]
            others = f"{min(rates):.0f} to {max(rates):.0f} with 24 other seeds"
            return f"{15 * count.bytes / count.frames / 1e3:.0f} KB/s at 15 frames a second, {others}"

        return await _watched("bytes: one page of 7-8-8-8-1", server, [page], seconds, said=said)


SCENARIOS: dict[str, tuple[Callable[[float, str], Coroutine[Any, Any, Row]], float]] = {
    "class": (a_class, 600),
    "deep": (deep, 60),
    "crowd": (crowd, 60),
    "door": (door, 20),
    "mixed": (mixed, 60),
    "storm": (storm, 0),
    "soak": (soak, 1800),
    "bytes": (size, 10),
}
"""Each with the seconds that it takes in full."""
