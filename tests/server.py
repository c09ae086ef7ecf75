"""A served playground of our own, in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tests.forked import COMMAND, Forked, Streams

ROOT = Path(__file__).parents[1]
PLAYGROUND = (
    *(sys.executable, "-P", "-c"),
    f"import sys; sys.path.append({str(ROOT)!r}); {COMMAND}",
)
"""The `playground` command as it is installed: without the working directory in the way of its modules."""
SERVE = ("serve", "--no-open")
Process = subprocess.Popen[bytes] | Forked
PATIENCE = 60
"""Seconds until whatever a test waits for counts as missing."""


def clean_environment(**playground: object) -> dict[str, str]:
    """This process's environment with the playground's settings given, and none of those that change a terminal."""
    terminal = ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("PLAYGROUND_") and name not in terminal
    }
    return kept | {f"PLAYGROUND_{name.upper()}": str(value) for name, value in {"port": 0, **playground}.items()}


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


def _command(pid: int) -> str:
    """The command line of a process; nothing where it has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


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

    def __init__(self, process: Process, output: IO[bytes], log: Path) -> None:
        self.process, self.output, self._log = process, output, log
        readable, _, _ = select.select([output], [], [], PATIENCE)
        self.greeting = output.readline().decode() if readable else ""
        assert self.greeting, f"the server did not start: {self.said}"
        self.address = next(word for word in self.greeting.split() if word.startswith("http://")).rstrip("/")

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.address).port or 80

    @property
    def host(self) -> str:
        """Its host and port."""
        return urlsplit(self.address).netloc

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return [child for child in children(self.process.pid) if "app.worker" in _command(child)]

    @property
    def said(self) -> str:
        """What it has written to its standard error."""
        return self._log.read_text()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and see that it and all processes that it has started are gone."""
        workers = children(self.process.pid)
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
        for worker in workers:
            wait_for_end(worker)


@contextmanager
def serving(
    folder: Path,
    cwd: Path = ROOT,
    variables: dict[str, str] | None = None,
    /,
    *,
    executed: bool = False,
    **playground: object,
) -> Iterator[Server]:
    """A server with some settings, on a free port if they name none, that ends with the block and meets no error.

    It is forked from a process that has the application loaded, or executed, as a person does it, where the start
    matters: in another folder, with further variables, or where a test says so. It has one process of each kind, unless
    the settings say otherwise.
    """
    log = folder / "stderr.txt"
    environment = clean_environment(**{"data": folder, "workers": 1, "processes": 1, **playground}) | (variables or {})
    as_a_person = executed or cwd != ROOT or variables is not None
    with started(SERVE, environment, log, cwd, executed=as_a_person) as (process, output):
        server = Server(process, output, log)
        try:
            yield server
        finally:
            if process.poll() is None:
                server.end()
    assert "Traceback" not in server.said, server.said


@contextmanager
def started(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    cwd: Path = ROOT,
    *,
    executed: bool = False,
    program: str = COMMAND,
) -> Iterator[tuple[Process, IO[bytes]]]:
    """A process and its standard output; its standard error is a file. It ends with the block at the latest."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as output, log.open("wb") as errors:
        process: Process
        if executed:
            command = [*PLAYGROUND, *arguments]
            process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=writer, stderr=errors)
        else:
            streams: Streams = {"stdout": writer, "stderr": errors.fileno()}
            process = Forked(*arguments, environment=environment, cwd=cwd, program=program, **streams)
        os.close(writer)
        try:
            yield process, output
        finally:
            process.kill()
            process.wait()


Serve = Callable[..., AbstractContextManager[Server]]
StartServer = Callable[..., Server]
