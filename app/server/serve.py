"""Starting the server: a socket, uvicorn, and a line that says where the page is."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from rich.console import Console
from starlette.datastructures import State

from app.logs import setup
from app.process.resources import freeze_loaded_objects, raise_file_limit
from app.server.application import create_app
from app.server.protocol import http_protocol
from app.settings import EVERYWHERE, Settings
from app.store.owners import SERVER
from app.wire.limits import MAX_LINK

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 5
LONGEST_HEAD = 12 * MAX_LINK + 65_536  # bytes: headers, and a link in the address, where a character may take 12
BACKLOG = 2048  # connections that wait to be accepted, as after a restart under many pages


class Server(uvicorn.Server):
    """uvicorn, saying when it is ready, and obeying signals before it is."""

    def __init__(self, config: uvicorn.Config, state: State, addresses: list[str], *, open_browser: bool) -> None:
        super().__init__(config)
        self._state, self._addresses, self._open_browser = state, addresses, open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, tell the addresses, and show the page where there is a screen."""
        await super().startup(sockets)
        if self._state.failure:
            self.should_exit = True
        if self.should_exit:
            return
        freeze_loaded_objects()
        asyncio.get_running_loop().set_exception_handler(_log_refused_connections)
        for listening in sockets or []:
            listening.listen(BACKLOG)
        here, *others = self._addresses
        console = Console(soft_wrap=True, highlight=False)
        console.print(f"Playground at [bold]{here}[/bold]  (Ctrl+C ends it)")
        if others:
            console.print(f"For others in this network: {' or '.join(f'[bold]{other}[/bold]' for other in others)}")
        if self._open_browser and _has_screen():
            webbrowser.open(here)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal. SIGTERM leads to the exit code 0, because nothing went wrong."""
        if sig == signal.SIGTERM:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)
        asyncio.get_running_loop().call_soon_threadsafe(self._state.begun.set)  # what it waits for may never come

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End without waiting for event streams. A second Ctrl+C waits for nothing, but ends our processes."""
        self._state.runner.stop_watching()
        for server in self.servers:
            server.close()  # a page that comes back finds the next server, not this one
        await self._state.sessions.hand_over()
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()


def _log_refused_connections(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Of connections that cannot be accepted for want of descriptors or memory, which is no fault of ours, a line."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
        log.warning("no connection can be accepted now: %s", error)
    else:
        loop.default_exception_handler(context)


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; OSError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    everywhere = host in EVERYWHERE and family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    made = socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=everywhere)
    # With its protocol named, or asyncio would leave small messages waiting for each other (Nagle's algorithm).
    return socket.socket(made.family, made.type, socket.IPPROTO_TCP, fileno=made.detach())


def addresses(listening: socket.socket) -> list[str]:
    """Where a browser on this machine finds the page, and then where others do, if they can."""
    host, port = listening.getsockname()[:2]
    names = ["127.0.0.1", *network_names()] if host in EVERYWHERE else [f"[{host}]" if ":" in host else host]
    return [f"http://{name}:{port}/" for name in names]


def network_names() -> list[str]:
    """The address of this machine in its network, and its name; nothing where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737); nothing is sent
        except OSError:
            return []
        return [probe.getsockname()[0], socket.gethostname()]


@contextmanager
def _exiting_on_sigterm() -> Iterator[None]:
    """SIGTERM ends the block well, also before a server listens to it."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def serve(settings: Settings, *, open_browser: bool) -> None:
    """Serve until told to stop; OSError where the address cannot be had, WorkerError where no page can train."""
    with _exiting_on_sigterm():
        _serve(settings, open_browser=open_browser)


def _serve(settings: Settings, *, open_browser: bool) -> None:
    listening = bind(settings.host, settings.port)
    raise_file_limit()
    here = addresses(listening)
    app = create_app(settings, owner=SERVER._replace(address=here[0]))
    config = uvicorn.Config(
        app,
        http=http_protocol(settings.head_seconds, settings.connections),
        backlog=1,  # accepted in one go; without a free descriptor, asyncio complains once for each
        log_config=setup(settings.log, settings.log_level),
        log_level=None,
        access_log=False,
        ws_max_size=settings.message_bytes,
        ws_ping_interval=settings.ping_seconds,
        ws_ping_timeout=settings.ping_seconds,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        ws_per_message_deflate=False,  # frames are quantised bytes already, and the event loop has better things to do
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        server_header=False,
    )
    Server(config, app.state, here, open_browser=open_browser).run(sockets=[listening])
    if app.state.failure:
        raise app.state.failure
