"""A line between a page and its server that can be made as bad as lines are."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
import threading
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Literal, TypeVar

from tests.server import PATIENCE, Server

Way = Literal["up", "down"]
"""From the page to the server, and back."""
BOTH: tuple[Way, Way] = ("up", "down")
CHUNK = 4096
CHUNKS_ON_THEIR_WAY = 64
NO_GOODBYE = struct.pack("ii", 1, 0)  # SO_LINGER: what is not sent yet is dropped, and the peer hears a reset

Given = TypeVar("Given")
Piece = tuple[float, bytes]  # when it is to arrive; no bytes at the end


@dataclass(frozen=True)
class Weather:
    """What a line does to all that goes through it."""

    bytes_per_second: float = math.inf
    delay: float = 0.0
    """Seconds, each way."""
    lost: int = 0
    """Every so many pieces one is lost, and comes after another `again` seconds; all behind it wait."""
    again: float = 0.0
    silence: float = 3600
    """Seconds without a byte after which it is cut."""
    buffer: int | None = None
    """Bytes from the server that the line itself keeps waiting; the system's choice where it is left out."""


class Line:
    """Passes on what goes to a server and comes back. It may be spoken to from any thread.

    Of several servers each connection gets the next one that listens.
    """

    def __init__(self, server: Server, weather: Weather, *more: Server) -> None:
        self.passed: dict[Way, int] = dict.fromkeys(BOTH, 0)
        """Bytes that have come through."""
        self.left = math.inf
        """Bytes that still may come down before a connection is cut."""
        self.weather = weather
        self._ports = deque(each.port for each in (server, *more))
        self._links: list[Link] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.flows = self._do(self._open_flows())
        self._listening = self._do(asyncio.start_server(self._accept, "127.0.0.1", 0))

    @property
    def host(self) -> str:
        """Where it is: to a page, the server."""
        host, port = self._listening.sockets[0].getsockname()
        return f"{host}:{port}"

    @property
    def address(self) -> str:
        """The same as a page's address."""
        return f"http://{self.host}"

    def stop(self, *ways: Way) -> None:
        """Let nothing more through, one way or both, without a word."""
        self._do(self._set_flows(ways or BOTH, False))

    def go(self) -> None:
        """Let all through again, and what has waited first."""
        self._do(self._set_flows(BOTH, True))

    def cut(self) -> None:
        """End all its connections."""
        self._do(self._end_all(reset=False))

    def reset(self) -> None:
        """End all its connections with a reset."""
        self._do(self._end_all(reset=True))

    def close(self) -> None:
        """End it."""
        self._do(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- in its own thread --------------------------------------------------------------------------------------------

    def _do(self, what: Coroutine[None, None, Given]) -> Given:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE)

    async def _open_flows(self) -> dict[Way, asyncio.Event]:
        flows = {way: asyncio.Event() for way in BOTH}
        for flow in flows.values():
            flow.set()
        return flows

    async def _set_flows(self, ways: tuple[Way, ...], goes: bool) -> None:
        for way in ways:
            if goes:
                self.flows[way].set()
            else:
                self.flows[way].clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            connection = self._connect()
        except ConnectionRefusedError:
            writer.transport.abort()
            return
        there = await asyncio.open_connection(sock=connection, limit=self.weather.buffer or 2**16)
        link = Link(self, (reader, writer), there)
        self._links.append(link)
        await link.run()
        self._links.remove(link)

    def _connect(self) -> socket.socket:
        """A connection to the next server that listens; ConnectionRefusedError where none does."""
        for _ in range(len(self._ports)):
            self._ports.rotate(-1)
            connection = socket.socket()
            if self.weather.buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.weather.buffer)
            if connection.connect_ex(("127.0.0.1", self._ports[-1])) == 0:
                return connection
            connection.close()
        raise ConnectionRefusedError

    async def _end_all(self, *, reset: bool) -> None:
        for link in list(self._links):
            link.end(reset=reset)

    async def _shut(self) -> None:
        self._listening.close()
        links = list(self._links)
        await self._end_all(reset=True)
        await asyncio.gather(*(link.ended.wait() for link in links))


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One connection of a line."""

    def __init__(self, line: Line, page: Ends, server: Ends) -> None:
        self._line, self._writers = line, (page[1], server[1])
        self._ways = {"up": (page[0], server[1]), "down": (server[0], page[1])}
        self._tasks: list[asyncio.Task[None]] = []
        self._giving_up = self._be_patient()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """Pass on what comes, until an end is gone."""
        for way in BOTH:
            pieces: asyncio.Queue[Piece] = asyncio.Queue(CHUNKS_ON_THEIR_WAY if self._line.weather.delay else 1)
            reader, writer = self._ways[way]
            self._tasks += [
                asyncio.create_task(self._take(reader, pieces)),
                asyncio.create_task(self._give(pieces, writer, way)),
            ]
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._giving_up.cancel()
        self.ended.set()

    def end(self, *, reset: bool) -> None:
        """End both ends."""
        for writer in self._writers:
            if reset:
                with suppress(OSError):  # it has just been closed by whoever it leads to
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_GOODBYE)
                writer.transport.abort()
            else:
                writer.close()
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _take(self, reader: asyncio.StreamReader, pieces: asyncio.Queue[Piece]) -> None:
        weather, due = self._line.weather, 0.0
        for number in count(1):
            try:
                data = await reader.read(CHUNK)
            except OSError:
                data = b""
            now = asyncio.get_running_loop().time()
            late = weather.again if weather.lost and number % weather.lost == 0 else 0.0
            due = max(due, now + weather.delay + late)
            await pieces.put((due, data))
            if not data:
                return

    async def _give(self, pieces: asyncio.Queue[Piece], writer: asyncio.StreamWriter, way: Way) -> None:
        line, loop = self._line, asyncio.get_running_loop()
        writer.transport.set_write_buffer_limits(0)  # so that `drain` waits for the other end
        with suppress(OSError):
            while True:
                due, data = await pieces.get()
                await asyncio.sleep(max(due - loop.time(), 0, len(data) / line.weather.bytes_per_second))
                await line.flows[way].wait()
                allowed = data[: int(min(line.left, len(data)))] if way == "down" else data
                line.passed[way] += len(allowed)
                line.left -= len(data) if way == "down" else 0
                self._giving_up.cancel()
                self._giving_up = self._be_patient()
                writer.write(allowed)
                await writer.drain()
                if not data or line.left < 0:
                    break
        self.end(reset=False)

    def _be_patient(self) -> asyncio.TimerHandle:
        """Wait for another byte, for as long as the line does."""
        return asyncio.get_running_loop().call_later(self._line.weather.silence, partial(self.end, reset=False))
