"""The playground within this process, for the time of a command: the same HTTP API, on a free port of this machine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType

import uvicorn

from app.server.application import create_app
from app.server.serve import addresses, bind
from app.settings import Settings
from app.store.owners import command

SHUTDOWN_SECONDS = 1


@contextmanager
def serving(settings: Settings, *, training: bool) -> Iterator[str]:
    """Serves within this process, which trains what is handed in meanwhile, or nothing; gives the address. StoreError
    where the runs cannot be kept, ValueError where none can be trained."""
    with _interrupted_once():
        app = create_app(settings, live=False, owner=command() if training else None)
        listening = bind("127.0.0.1", 0)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
        server = uvicorn.Server(config)
        resource_tracker.ensure_running()  # it would let Ctrl+C through again if it were started in the thread
        thread = threading.Thread(target=_serve, args=(server, [listening]), name="server", daemon=True)
        thread.start()
        try:
            yield addresses(listening)[0].rstrip("/")
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
