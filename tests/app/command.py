"""The command line in a folder of its own: called within the tests' process, or as a person or a script runs it."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Unpack
from unittest import mock

import pytest

from app.cli import main
from tests.forked import Forked, Streams
from tests.server import PLAYGROUND, ROOT, Process, clean_environment

Ran = subprocess.CompletedProcess[str]
SECONDS = 60
CTRL_C = b"\x03"
XTERM = {"TERM": "xterm"}


class Command:
    """Runs `playground` in a folder, which also holds what it keeps."""

    def __init__(self, folder: Path, **environment: object) -> None:
        self.folder = folder
        self.environment = clean_environment(**{"data": folder / "data", **environment}) | {"PYTHONPATH": str(ROOT)}

    def __call__(self, *arguments: str) -> Ran:
        """Calls it within this process, which is a lot faster."""
        out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, self.environment, clear=True),
            mock.patch.object(sys, "argv", ["playground", *arguments]),
            redirect_stdout(out),
            redirect_stderr(errors),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        said = (stream.buffer.getvalue().decode() for stream in (out, errors))
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), *said)

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        executed: bool = False,
        **streams: Unpack[Streams],
    ) -> Process:
        """Starts it in a process of its own with these streams and further variables: forked, with a session of its
        own, or executed, where the start matters."""
        told = self.environment | dict(environment or {})
        if executed:
            return subprocess.Popen([*PLAYGROUND, *arguments], cwd=self.folder, env=told, **streams)
        return Forked(*arguments, environment=told, cwd=self.folder, **streams)

    def process(self, *arguments: str, given: str | bytes = "", executed: bool = False) -> Ran:
        """Runs it in a process of its own."""
        with TemporaryFile() as stdin, TemporaryFile() as out, TemporaryFile() as errors:
            stdin.write(given.encode() if isinstance(given, str) else given)
            stdin.seek(0)
            streams: Streams = {"stdin": stdin.fileno(), "stdout": out.fileno(), "stderr": errors.fileno()}
            code = self.start(*arguments, executed=executed, **streams).wait(SECONDS)
            return subprocess.CompletedProcess(arguments, code, _written(out), _written(errors))

    def in_terminal(self, *arguments: str, columns: int = 80, environment: Mapping[str, str] | None = None) -> Ran:
        """Runs it in a terminal of a width; what that shows is its standard output."""
        screen, its_end = _terminal(columns)
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | dict(environment or {})
        with screen, TemporaryFile() as errors:
            process = self.start(*arguments, stdout=its_end, stderr=errors.fileno(), environment=colours)
            os.close(its_end)
            said = "".join(iter(lambda: _shown(screen), ""))
            code = process.wait(SECONDS)
            return subprocess.CompletedProcess(arguments, code, said.replace("\r\n", "\n"), _written(errors))

    def interrupted(self, *arguments: str, at: str, times: int = 1) -> Ran:
        """Runs it in a terminal until that shows a text, and presses Ctrl+C there so many times."""
        screen, its_end = _terminal()
        with screen, TemporaryFile() as out:
            process = self.start(*arguments, stdin=its_end, stdout=out.fileno(), stderr=its_end, environment=XTERM)
            os.close(its_end)
            try:
                said = ""
                while not re.search(at, said):
                    said += _shown(screen)
                screen.write(CTRL_C * times)
                said = "".join(iter(lambda: _shown(screen), ""))
                code = process.wait(SECONDS)
            finally:
                process.kill()
                process.wait()
            said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.replace("^C", "").replace("\r", "\n"))
            return subprocess.CompletedProcess(arguments, code, _written(out), said)


def _terminal(columns: int = 80) -> tuple[IO[bytes], int]:
    """A terminal of a width: what a person sees and types, and the end of its programs."""
    terminal, its_end = pty.openpty()
    fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    return os.fdopen(terminal, "r+b", buffering=0), its_end


def _written(file: IO[bytes]) -> str:
    """What a process that has ended has written to a file."""
    file.seek(0)
    return file.read().decode()


def _shown(screen: IO[bytes]) -> str:
    """What a terminal shows next; nothing once its program has ended."""
    readable, _, _ = select.select([screen], [], [], SECONDS)
    assert readable, "the terminal shows nothing"
    try:
        return screen.read(65536).decode(errors="replace")
    except OSError:  # how Linux says that nobody has it open any more
        return ""


def json_of(ran: Ran) -> Any:
    """The JSON that was printed, and nothing else."""
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def assert_refused(ran: Ran, field: str, code: int = 2) -> None:
    """Ended with one sentence that names the field."""
    assert ran.returncode == code, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert field in ran.stderr
