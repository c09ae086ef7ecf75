"""Servers forked from a process that has the application loaded: a start takes a quarter of the processor time."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["app.cli", "app.server.serve", "tests.forked"])


class ForkedServer:
    """`playground serve` in a process of its own, with what tests use of `subprocess.Popen`."""

    def __init__(self, environment: dict[str, str], log: Path, cwd: Path) -> None:
        reader, writer = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=_serve, args=(environment, writer, log, cwd))
        self._process.start()
        writer.close()
        self.stdout: io.BufferedReader = os.fdopen(os.dup(reader.fileno()), "rb")
        reader.close()
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


def _serve(environment: dict[str, str], stdout: Connection, log: Path, cwd: Path) -> None:
    """In the new process: take over what belongs to a command of its own, and be that command."""
    from playground.command import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    os.setsid()
    with log.open("wb") as errors:
        os.dup2(errors.fileno(), 2)
    os.dup2(stdout.fileno(), 1)
    stdout.close()
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    sys.argv = ["playground", "serve", "--no-open"]
    main()
