"""Measures live sessions on a real server: frames, epochs, slider-to-frame time, bytes, the event loop's lag.

`python -m benchmarks.live [--pages 1,10,30] [--seconds 5] [--speed max] [--sweep 200]` starts a server and simulates
pages that acknowledge frames as a screen of 60 pictures a second does, each moving a slider ten times a second, beside
a sweep of so many runs where one is asked for. The yardstick is a websocket ping on the same connections in the same
run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect

from app.frames import HEADER
from app.messages import PROTOCOL
from app.serve import bind
from app.server import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[1]
LINK = "dataset=spiral&networkShape=8,8,8&seed=0.68609&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
PICTURE_SECONDS = 1 / 60
SLIDER_SECONDS = 0.1
PING_SECONDS = 0.25
LAG_SECONDS = 0.002
WARM_UP_SECONDS = 1.0


@dataclass
class Page:
    """What one simulated page saw."""

    frames: int = 0
    bytes: int = 0
    first_epoch: float = 0
    last_epoch: float = 0
    slider: list[float] = field(default_factory=list)  # seconds from a change to the first frame that shows it
    pings: list[float] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)  # when each change was sent, by its number
    shown_from: dict[int, float] = field(default_factory=dict)  # the same by the version that it made


async def simulate(url: str, link: str, speed: str, seconds: float) -> Page:
    """One page: hello, play, and then frames, sliders and pings for some seconds."""
    page = Page()
    async with connect(url, max_size=None, ping_interval=None, compression=None) as socket:
        for message in (
            {"type": "hello", "protocol": PROTOCOL, "link": link},
            {"type": "speed", "speed": speed},
            {"type": "play"},
        ):
            await socket.send(json.dumps(message))
        reader = asyncio.create_task(_read(socket, page))
        await asyncio.sleep(WARM_UP_SECONDS)
        page.frames = page.bytes = 0
        page.first_epoch = page.last_epoch
        helpers = [asyncio.create_task(_slide(socket, page)), asyncio.create_task(_ping(socket, page))]
        await asyncio.sleep(seconds)
        for task in (reader, *helpers):
            task.cancel()
        await asyncio.gather(reader, *helpers, return_exceptions=True)
    return page


async def _read(socket: ClientConnection, page: Page) -> None:
    started = time.perf_counter()
    async for message in socket:
        now = time.perf_counter()
        if isinstance(message, str):
            answer = json.loads(message)
            if answer["type"] == "applied" and answer["seq"] in page.sent:
                page.shown_from[answer["version"]] = page.sent.pop(answer["seq"])
            continue
        header = HEADER.unpack_from(message)
        page.frames += 1
        page.bytes += len(message)
        page.last_epoch = header[7]
        for version in [version for version in page.shown_from if version <= header[5]]:
            page.slider.append(now - page.shown_from.pop(version))
        await asyncio.sleep(PICTURE_SECONDS - (now - started) % PICTURE_SECONDS)  # until the screen's next picture
        await socket.send(json.dumps({"type": "ack", "frame": header[3]}))


async def _slide(socket: ClientConnection, page: Page) -> None:
    number = 0
    while True:
        await asyncio.sleep(SLIDER_SECONDS)
        number += 1
        page.sent[number] = time.perf_counter()
        change = {"learningRate": 0.02 + 0.0001 * (number % 10)}
        await socket.send(json.dumps({"type": "configure", "seq": number, "set": change}))


async def _ping(socket: ClientConnection, page: Page) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        page.pings.append(await (await socket.ping()))


def percentile(values: list[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def serve_with_lag() -> None:
    """A server as `playground serve` starts it, which prints its event loop's lags when it ends."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LAG_SECONDS)
            lags.append(time.perf_counter() - before - LAG_SECONDS)

    async def main(app: FastAPI) -> None:
        listening = bind("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws_per_message_deflate=False))
        watching = asyncio.create_task(watch())
        serving = asyncio.create_task(server.serve([listening]))
        print(f"port {listening.getsockname()[1]}", flush=True)  # early callers wait in the socket's backlog
        await serving
        watching.cancel()

    try:
        with TemporaryDirectory() as folder:
            asyncio.run(main(create_app(Settings(data=Path(folder)))))
    except KeyboardInterrupt:
        print(json.dumps({"p50": percentile(lags, 50), "p99": percentile(lags, 99), "max": max(lags)}), flush=True)


def sweep(url: str, runs: int) -> None:
    """Have so many short runs trained beside the pages."""
    asked = {"config": {"dataset": "spiral", "networkShape": [8, 8]}, "epochs": 200, "seeds": 10}
    httpx.post(
        f"{url}/api/v1/sweeps",
        json={**asked, "grid": {"learningRate": [0.01 + 0.001 * number for number in range(runs // 10)]}},
    ).raise_for_status()


def trained(url: str) -> int:
    """How many of them are done."""
    first = httpx.get(f"{url}/api/v1/sweeps").json()["sweeps"][0]["id"]
    return int(httpx.get(f"{url}/api/v1/sweeps/{first}").json()["counts"].get("succeeded", 0))


async def measure(url: str, args: argparse.Namespace, count: int) -> list[Page]:
    """What `count` pages see at once."""
    return await asyncio.gather(*(simulate(url, args.link, args.speed, args.seconds) for _ in range(count)))


def row(count: int, pages: list[Page], lag: dict[str, float], seconds: float) -> list[str]:
    """One line of the table."""
    frames = [page.frames / seconds for page in pages]
    epochs = [(page.last_epoch - page.first_epoch) / seconds for page in pages]
    slider = [value for page in pages for value in page.slider]
    pings = [value for page in pages for value in page.pings]
    per_frame = sum(page.bytes for page in pages) / max(1, sum(page.frames for page in pages))
    return [
        str(count),
        f"{min(frames):.0f} / {statistics.median(frames):.0f}",
        f"{min(epochs):.0f} / {statistics.median(epochs):.0f}",
        f"{percentile(slider, 50) * 1e3:.1f} / {percentile(slider, 99) * 1e3:.1f}",
        f"{statistics.median(pings) * 1e3:.2f}",
        f"{percentile(slider, 50) / statistics.median(pings):.1f}",
        f"{lag['p50'] * 1e3:.2f} / {lag['p99'] * 1e3:.2f}",
        f"{per_frame / 1e3:.1f}",
        f"{sum(page.bytes for page in pages) / len(pages) / seconds / 1e3:.0f}",
    ]


def run(args: argparse.Namespace, count: int) -> list[str]:
    """Measure `count` pages on a server of their own."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live", "--serve"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    try:
        found = re.search(r"port (\d+)", server.stdout.readline())
        assert found, "the server did not start"
        address = f"127.0.0.1:{found[1]}"
        if args.sweep:
            sweep(f"http://{address}", args.sweep)
        pages = asyncio.run(measure(f"ws://{address}/api/v1/live", args, count))
        if args.sweep:
            print(f"{trained(f'http://{address}')} runs of the sweep were done beside {count} pages")
    finally:
        server.send_signal(signal.SIGINT)
        printed = server.stdout.read()
        server.wait()
    return row(count, pages, json.loads(printed), args.seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", default="1,10,30", help="how many pages at once, as 1,10,30")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--speed", default="max")
    parser.add_argument("--link", default=LINK)
    parser.add_argument("--sweep", type=int, default=0, help="runs of a sweep to train meanwhile")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve_with_lag()
        return
    table = Table(
        "pages",
        "frames/s min / median",
        "epochs/s min / median",
        "slider to frame ms p50 / p99",
        "ping ms",
        "slider / ping",
        "loop lag ms p50 / p99",
        "KB a frame",
        "KB/s a page",
        title=f"Live sessions at speed {args.speed}, {args.seconds:g} s each",
    )
    for count in map(int, args.pages.split(",")):
        table.add_row(*run(args, count))
    Console().print(table)


if __name__ == "__main__":
    main()
