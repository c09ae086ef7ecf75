"""A simulated page: it draws as a screen of sixty pictures a second does, moves a slider, and keeps count."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.wire.frames import HEADER
from app.wire.limits import PROTOCOL

PICTURE_SECONDS = 1 / 60
SLIDER_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 4.0
"""Seconds between two attempts to come back, as the page has them."""
NUMBER, VERSION, EPOCH = 3, 5, 7
"""Where they stand in a frame's header."""


@dataclass
class Counts:
    """What a page saw since they were last begun anew."""

    frames: int = 0
    bytes: int = 0
    epochs: float = 0
    slider: list[float] = field(default_factory=list)  # seconds from a change to the first frame that shows it
    errors: list[str] = field(default_factory=list)


class SimulatedPage:
    """One page of a server, with a run that it may play."""

    def __init__(
        self, url: str, link: str, *, speed: str = "1", plays: bool = True, slides: bool = True, rate: float = 60
    ) -> None:
        self.counts = Counts()
        self.greeted = asyncio.Event()
        self.back = 0.0  # when it was last greeted
        self._url, self._link, self._speed, self.plays, self._slides = url, link, speed, plays, slides
        self._picture = 1 / rate
        self._session: str | None = None
        self.repeated = 0.0  # epochs that it had seen, and that another server trained again
        self._carried: dict[str, object] = {}
        self._frame = 0
        self._epoch = 0.0
        self._change = 0
        self._sent: dict[int, float] = {}  # when each change was sent, by its number
        self._shown_from: dict[int, float] = {}  # the same, by the version that it made

    async def live(self) -> None:
        """Be open until cancelled, and come back whenever the connection is lost."""
        wait = FIRST_WAIT
        while True:
            named = [f"session.{self._session}"] if self._session else None
            with suppress(ConnectionClosed, InvalidStatus, OSError, EOFError, TimeoutError):
                async with connect(
                    self._url,
                    max_size=None,
                    ping_interval=None,
                    compression=None,
                    subprotocols=named,  # type: ignore[arg-type]
                ) as socket:
                    await self._talk(socket)
            if self.greeted.is_set():
                wait = FIRST_WAIT
            self.greeted.clear()
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def returned(self, moment: float) -> None:
        """Until it was greeted after that."""
        while self.back <= moment:
            self.greeted.clear()
            await self.greeted.wait()

    async def _talk(self, socket: ClientConnection) -> None:
        resume = {"type": "resume", "session": self._session, "carried": self._carried or None}
        greeting = resume if self._session else {"type": "hello"}
        await socket.send(json.dumps({**greeting, "protocol": PROTOCOL, "link": self._link}))
        await socket.send(json.dumps({"type": "speed", "speed": self._speed}))
        if self.plays:
            await socket.send(json.dumps({"type": "play"}))
        sliding = asyncio.create_task(self._slide(socket)) if self._slides else None
        try:
            await self._read(socket)
        finally:
            if sliding:
                sliding.cancel()

    async def _read(self, socket: ClientConnection) -> None:
        """Take what comes when it comes; a frame is drawn, and acknowledged, with the screen's next picture."""
        started, drawing = time.perf_counter(), None
        async for message in socket:
            now = time.perf_counter()
            if isinstance(message, str):
                self._hear(json.loads(message), now)
                continue
            self._take(message, now)
            if drawing is None or drawing.done():
                drawing = asyncio.create_task(self._draw(socket, self._picture - (now - started) % self._picture))

    async def _draw(self, socket: ClientConnection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with suppress(ConnectionClosed):
            await socket.send(f'{{"type":"ack","frame":{self._frame}}}')

    def _hear(self, answer: dict[str, object], now: float) -> None:
        kind, seq = answer["type"], answer.get("seq")
        if kind == "hello":
            self._session, self.back = str(answer["session"]), now
            self.repeated = max(self.repeated, self._epoch - float(str(answer["epoch"])))
            self.greeted.set()
        elif kind == "applied" and isinstance(seq, int) and seq in self._sent:
            self._shown_from[int(str(answer["version"]))] = self._sent.pop(seq)
        elif kind == "carry":
            self._carried |= {name: value for name, value in answer.items() if name != "type"}
        elif kind not in ("applied", "recovered"):
            self.counts.errors.append(json.dumps(answer)[:200])

    def _take(self, frame: bytes, now: float) -> None:
        header, counts = HEADER.unpack_from(frame), self.counts
        counts.frames += 1
        counts.bytes += len(frame)
        counts.epochs += max(0.0, header[EPOCH] - self._epoch)
        self._epoch = header[EPOCH]
        for version in [version for version in self._shown_from if version <= header[VERSION]]:
            counts.slider.append(now - self._shown_from.pop(version))
        self._frame = int(header[NUMBER])

    async def _slide(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(SLIDER_SECONDS * random.uniform(0.5, 1.5))
                self._change += 1
                self._sent[self._change] = time.perf_counter()
                change = {"learningRate": 0.02 + 0.0001 * (self._change % 10)}
                await socket.send(json.dumps({"type": "configure", "seq": self._change, "set": change}))


class Crowd:
    """Pages that live at the same time."""

    def __init__(self, pages: list[SimulatedPage]) -> None:
        self.pages = pages
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Crowd:
        self._tasks = [asyncio.create_task(page.live()) for page in self.pages]
        await asyncio.gather(*(page.greeted.wait() for page in self.pages))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def watched(self, seconds: float, meanwhile: Callable[[], Awaitable[None]] | None = None) -> list[Counts]:
        """What all of them see in so many seconds."""
        for page in self.pages:
            page.counts = Counts()
        doing = asyncio.ensure_future(meanwhile()) if meanwhile else None
        await asyncio.sleep(seconds)
        if doing:
            await doing
        return [page.counts for page in self.pages]
