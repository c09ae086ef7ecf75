"""The playground within this process, for the time of a command: the same HTTP API, on a free port of this machine."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType

import uvicorn

from app.runner import Runner
from app.serve import addresses, bind
from app.server import create_app
from app.settings import Settings
from app.store import Store
from app.task import Ended

SHUTDOWN_SECONDS = 1
LEFT = Ended("interrupted", "The command that trained it was ended before its turn came.")


class Onlooker(Runner):
    """Answers questions about the runs of a store, and trains none."""

    async def _lane(self) -> None:
        await asyncio.Event().wait()


@dataclass
class Local:
    """The playground within this process."""

    url: str
    training: list[str] = field(default_factory=list)
    """The ids of the runs and sweeps that the command trains: where Ctrl+C ends it, what of them still waits for its
    turn is interrupted too, or whatever opens the store next would go on with it unasked."""


@contextmanager
def serving(settings: Settings, *, training: bool) -> Iterator[Local]:
    """Serves within this process, training what waits or not; StoreError where the runs cannot be kept,
    ValueError where none can be trained."""
    with _interrupted_once():
        app = create_app(settings, live=False, runner=Runner if training else Onlooker)
        listening = bind("127.0.0.1", 0)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
        server = uvicorn.Server(config)
        resource_tracker.ensure_running()  # it would let Ctrl+C through again if it were started in the thread
        thread = threading.Thread(target=_serve, args=(server, [listening]), name="server", daemon=True)
        thread.start()
        local = Local(addresses(listening)[0].rstrip("/"))
        try:
            yield local
        except KeyboardInterrupt:
            _end(server, thread)
            interrupt(app.state.runner.store.path, local.training)
            raise
        finally:
            _end(server, thread)


def _serve(server: uvicorn.Server, sockets: list[object]) -> None:
    """Ctrl+C is for the main thread, and not at all for the processes that this one starts."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    server.run(sockets=sockets)  # type: ignore[arg-type]


def _end(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()


def interrupt(path: Path, ids: list[str]) -> None:
    """Mark what still waits of some runs and sweeps as interrupted, in a store that nobody has open."""
    store = Store(path)
    try:
        for one in ids:
            store.finish(one, LEFT)
            store.finish_sweep(one, LEFT)
    finally:
        store.close()


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """The first Ctrl+C ends the block, which takes a moment to end well; further ones change nothing."""

    def once(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):  # as for a job in the background
        yield
        return
    signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
