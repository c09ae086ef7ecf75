"""Programs forked from a process that has the application loaded: a start takes a quarter of the processor time."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import sys
import termios
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypedDict, Unpack

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.preloaded"])
COMMAND = "from playground.command import main; main()"
"""The `playground` command as a program."""


class Streams(TypedDict, total=False):
    """Standard streams, as file descriptors."""

    stdin: int
    stdout: int
    stderr: int


class Forked:
    """A program in a process and a session of its own, with what tests use of `subprocess.Popen`.

    Its streams are the file descriptors given, or nothing. Where its standard input is a terminal, that becomes its
    own, whose Ctrl+C it hears.
    """

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        cwd: Path,
        program: str = COMMAND,
        **streams: Unpack[Streams],
    ) -> None:
        handed = [_handed(stream) for stream in (streams.get("stdin"), streams.get("stdout"), streams.get("stderr"))]
        self._process = FORKS.Process(target=_run, args=(program, arguments, dict(environment), cwd, handed))
        self._process.start()
        for stream in handed:
            stream.close()
        assert self._process.pid
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, minus the number of the signal that ended it, or None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def send_signal(self, how: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; TimeoutError where it does not within so many seconds."""
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutError(f"process {self.pid} still runs")
        return self.returncode


def _handed(stream: int | None) -> Connection:
    """A file descriptor in a form that may be passed to another process."""
    return Connection(os.open(os.devnull, os.O_RDWR) if stream is None else os.dup(stream))


def _run(
    program: str, arguments: tuple[str, ...], environment: dict[str, str], cwd: Path, streams: list[Connection]
) -> None:
    """In the new process: take over what belongs to a program of its own, and be that program."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    sys.argv = ["playground", *arguments]
    try:
        exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
