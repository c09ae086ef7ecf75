"""What the app's tests share: recorded runs, servers as processes of their own, and pages that talk to them."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close
from websockets.sync.client import ClientConnection, connect

from app.frames import Frame, unpack
from app.messages import PROTOCOL

# No deadline, because a busy machine is no bug; the same examples each time, so that a red run can be repeated.
settings.register_profile("app", deadline=None, derandomize=True)
settings.load_profile("app")

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
PATIENCE = 20
"""Seconds until whatever a test waits for counts as missing."""

Answer = dict[str, Any]
Replay = dict[str, Any]


# --- recorded runs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of the files that more than one language reads."""
    return GOLDEN


@pytest.fixture(scope="session")
def replays() -> list[Replay]:
    """The runs that were recorded from the original playground."""
    records: list[Replay] = json.loads((GOLDEN / "replays.json").read_text())
    return records


@pytest.fixture(scope="session")
def spiral(replays: list[Replay]) -> Replay:
    """The recorded run on the spiral."""
    return next(replay for replay in replays if "dataset=spiral" in replay["link"])


# --- processes --------------------------------------------------------------------------------------------------------


def clean_environment(**playground: object) -> dict[str, str]:
    """This process's environment with the playground's settings given, and none of those that change a terminal."""
    terminal = ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("PLAYGROUND_") and name not in terminal
    }
    return kept | {f"PLAYGROUND_{name.upper()}": str(value) for name, value in playground.items()}


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it ended while we looked
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for_end(pid: int) -> None:
    """Until a process, one's own or not, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], PATIENCE)
    finally:
        os.close(handle)
    assert ended, f"process {pid} still runs"


class Server:
    """A served playground, as a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log
        assert process.stdout
        readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
        self.greeting = process.stdout.readline().decode() if readable else ""
        assert self.greeting, f"the server did not start: {self.said}"
        self.address = next(word for word in self.greeting.split() if word.startswith("http://")).rstrip("/")

    @property
    def host(self) -> str:
        """Its host and port."""
        return urlsplit(self.address).netloc

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return children(self.process.pid)

    @property
    def said(self) -> str:
        """What it has written to its standard error."""
        return self._log.read_text()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and see that it and its workers are gone."""
        workers = self.workers
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
        for worker in workers:
            wait_for_end(worker)


@contextmanager
def serving(folder: Path, **playground: object) -> Iterator[Server]:
    """A server with some settings, that ends with the block and never runs into an error of its own."""
    log = folder / "stderr.txt"
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--no-open"]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(**playground), stdout=subprocess.PIPE, stderr=errors
        )
    try:
        server = Server(process, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    try:
        yield server
    finally:
        if process.poll() is None:
            server.end()
    assert "Traceback" not in server.said, server.said


Serve = Callable[..., AbstractContextManager[Server]]
StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serves with some settings for the time of a block, as `with serve(max_sessions=1) as server`."""
    return lambda **playground: serving(tmp_path_factory.mktemp("server"), **playground)


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    """The server of all tests that need no settings of their own."""
    with serve() as started:
        yield started


@pytest.fixture
def start_server(serve: Serve) -> Iterator[StartServer]:
    """Starts servers with settings for the time of a test, as `start_server(max_sessions=1)`."""
    with ExitStack() as stack:
        yield lambda **playground: stack.enter_context(serve(**playground))


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment for a program that a test runs."""
    return clean_environment()


@pytest.fixture
def worker_ended() -> Callable[[int], None]:
    """Waits until a worker, by its process id, has ended."""
    return wait_for_end


# --- pages ------------------------------------------------------------------------------------------------------------


class Page:
    """A page's end of a live session: it hears everything in order, and draws each frame as soon as it has it."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self.draws = True
        self.answers: list[Answer] = []  # all that it was sent
        self.frames: list[Frame] = []
        self._seq = 0

    def send(self, message: Answer | str | bytes) -> None:
        """Send anything."""
        self.websocket.send(json.dumps(message) if isinstance(message, dict) else message)

    def greet(self, link: str = "") -> Answer:
        """Start a session, and hear the hello."""
        self.send({"type": "hello", "protocol": PROTOCOL, "link": link})
        return self.answer("hello")

    def resume(self, session: str, **fields: object) -> Answer:
        """Go on with a session, and hear the hello."""
        self.send({"type": "resume", "protocol": PROTOCOL, "session": session, **fields})
        return self.answer("hello")

    def say(self, control: str, **fields: object) -> int:
        """Send a control; gives its number."""
        self._seq += 1
        self.send({"type": control, "seq": self._seq, **fields})
        return self._seq

    def ask(self, control: str, **fields: object) -> Answer:
        """Send a control and hear the answer to it, which has to be `applied`."""
        seq = self.say(control, **fields)
        answer: Answer = self.hear(lambda heard: isinstance(heard, dict) and heard.get("seq") == seq)
        assert answer["type"] == "applied", answer
        return answer

    def next(self, patience: float = PATIENCE) -> Answer | Frame:
        """The next message, whatever it is."""
        message = self.websocket.recv(timeout=patience)
        if isinstance(message, str):
            self.answers.append(json.loads(message))
            return self.answers[-1]
        frame = unpack(message)
        self.frames.append(frame)
        if self.draws:
            self.ack(frame)
        return frame

    def ack(self, frame: Frame) -> None:
        """Tell that a frame was drawn."""
        self.send({"type": "ack", "frame": frame.number})

    def hear(self, wanted: Callable[[Answer | Frame], object]) -> Any:
        """The first message that is wanted; the others are passed over."""
        end = time.monotonic() + PATIENCE
        while True:
            heard = self.next(max(0.0, end - time.monotonic()))
            if wanted(heard):
                return heard

    def catch_up(self) -> None:
        """Hear all that has come already."""
        with suppress(TimeoutError):
            while True:
                self.next(patience=0)

    def answer(self, kind: str) -> Answer:
        """The next answer of a kind."""
        heard: Answer = self.hear(lambda heard: isinstance(heard, dict) and heard["type"] == kind)
        return heard

    def frame(self, wanted: Callable[[Frame], object] = lambda frame: True) -> Frame:
        """The next frame that is wanted."""
        heard: Frame = self.hear(lambda heard: isinstance(heard, Frame) and wanted(heard))
        return heard

    def stepped(self, epochs: int) -> Frame:
        """Train some epochs more, and see the frame at their end."""
        goal = self.ask("step", count=epochs)["epoch"]
        return self.frame(lambda frame: frame.epoch >= goal + epochs)

    def paused(self) -> Frame:
        """Pause, and see the last frame."""
        self.ask("pause")
        return self.frame(lambda frame: not frame.playing)

    def drop(self) -> None:
        """Lose the connection, without a word of goodbye."""
        self.websocket.socket.shutdown(socket.SHUT_RDWR)

    def closed(self) -> Close:
        """The code and reason with which the server closes the connection; what it says before is passed over."""
        with pytest.raises(ConnectionClosed) as end:
            self.hear(lambda heard: False)
        assert end.value.rcvd, "the connection was lost"
        return end.value.rcvd


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """Connects to a server as a page does, as `open_page(server)`; further arguments go to the websocket."""
    with ExitStack() as stack:

        def opened(server: Server, **options: Any) -> Page:
            address = f"ws://{server.host}/api/v1/live"
            plain: dict[str, Any] = {"compression": None, "max_size": None, "proxy": None, "open_timeout": PATIENCE}
            return Page(stack.enter_context(connect(address, **plain | options)))

        yield opened


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> Page:
    """A page of the shared server that has not said hello yet."""
    return open_page(server)
