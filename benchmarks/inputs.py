"""`python -m benchmarks.inputs [--worst 12]`: how long the server keeps others waiting while bad input comes.

A page beside it asks all the time whether anybody is there, which the server's event loop answers by itself. The
yardstick is how long it waits while nothing comes.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.table import Table
from websockets.sync.client import ClientConnection, connect

from tests.app.pages import Page
from tests.inputs.abuses import ABUSES, WELL
from tests.inputs.bombs import BOMBS, REQUESTS
from tests.inputs.handshakes import HANDSHAKES
from tests.inputs.raw import Raw
from tests.server import PATIENCE, Server, serving

QUIET_SECONDS = 5.0
PING = '{"type": "ping"}'

Try = tuple[str, Callable[[], object]]
"""What is tried, and how."""


class Watch:
    """A page that asks whether anybody is there, and again as soon as it is told."""

    def __init__(self, socket: ClientConnection) -> None:
        Page(socket).greet("networkShape=")
        self._socket, self._ended = socket, threading.Event()
        self._waits: list[float] = []
        self._answered = threading.Condition()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        while not self._ended.is_set():
            began = time.perf_counter()
            self._socket.send(PING)
            while self._socket.recv() != '{"type": "pong"}':
                pass
            with self._answered:
                self._waits.append(time.perf_counter() - began)
                self._answered.notify_all()

    def waits(self) -> list[float]:
        """Milliseconds of all answers since the last look, that to what is asked now among them."""
        with self._answered:
            self._answered.wait(PATIENCE)
            waits, self._waits = self._waits, []
        return [1e3 * wait for wait in waits]

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join()


def requests(server: Server) -> Iterator[Try]:
    """Configurations and other bodies by HTTP."""
    http = httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE)

    def post(path: str, body: str) -> Callable[[], object]:
        content, headers = body.encode(errors="surrogateescape"), {"Content-Type": "application/json"}
        return lambda: http.post(f"/api/v1/{path}", content=content, headers=headers)

    run = http.post("/api/v1/runs", json={"link": "seed=1", "epochs": 1}).json()["id"]
    for name, (path, body, *_) in REQUESTS.items():
        yield name, post(path.format(run=run), body)
    for name, bomb in BOMBS.items():
        for path in ("runs", "sweeps"):
            yield f"{name}, to {path}", post(path, f'{{"config": {bomb.fields}, "epochs": 1}}')


def messages(server: Server) -> Iterator[Try]:
    """Configurations by a websocket, as fields and as links."""
    with _opened(server) as socket:
        page = Page(socket)
        page.greet("networkShape=2")

        def said(message: str) -> Callable[[], object]:
            def ask() -> None:
                page.send(message)
                page.ask("configure", link="networkShape=2")

            return ask

        for name, bomb in BOMBS.items():
            yield name, said(f'{{"type": "configure", "seq": 0, "set": {bomb.fields}}}')
            if bomb.link:
                link = json.dumps({"type": "configure", "seq": 0, "link": bomb.link})
                yield f"{name}, as a link", said(link)


def abuses(server: Server) -> Iterator[Try]:
    """What the protocol does not allow."""

    def abuse(name: str) -> None:
        pieces, ending = ABUSES[name]
        with Raw(server) as raw:
            raw.greet()
            raw.say(pieces)
            _ = raw.is_well() if ending == WELL else raw.ending()

    def shake(name: str) -> None:
        with Raw(server) as raw:
            raw.say([HANDSHAKES[name][0]])
            raw.response()

    yield from ((name, partial(abuse, name)) for name in ABUSES)
    yield from ((name, partial(shake, name)) for name in HANDSHAKES)


KINDS = {"requests": requests, "messages": messages, "abuses and handshakes": abuses}


def _opened(server: Server) -> ClientConnection:
    return connect(f"ws://{server.host}/api/v1/live", compression=None, max_size=None, proxy=None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=12, help="how many are named")
    worst = parser.parse_args().worst
    settings = {"requests_per_second": 100_000, "messages_per_second": 100_000, "resume_seconds": 0.1}
    with TemporaryDirectory() as folder, serving(Path(folder), executed=True, **settings) as server:
        named = measure(server)
    for wait, name in sorted(named, reverse=True)[:worst]:
        Console().print(f"{wait:6.0f} ms  {name}", highlight=False)


def measure(server: Server) -> list[tuple[float, str]]:
    """Try everything and print how long answers took meanwhile; gives the longest in milliseconds for each."""
    named: list[tuple[float, str]] = []
    table = Table("while", "tried", "answers", "median ms", "99 % ms", "longest ms", title="Others wait for an answer")

    def row(what: str, tried: str, waits: list[float]) -> None:
        low, high = median(waits), sorted(waits)[int(0.99 * len(waits))]
        table.add_row(what, tried, f"{len(waits):,}", f"{low:.2f}", f"{high:.1f}", f"{max(waits):.0f}")

    with _opened(server) as socket:
        watch = Watch(socket)
        time.sleep(QUIET_SECONDS)
        row("nothing comes", "", watch.waits())
        for kind, tries in KINDS.items():
            waits: list[float] = []
            before = len(named)
            for name, attempt in tries(server):
                attempt()
                found = watch.waits()
                waits += found
                named.append((max(found), f"{kind}: {name}"))
            row(kind, str(len(named) - before), waits)
        watch.end()
    Console().print(table)
    return named


if __name__ == "__main__":
    main()
