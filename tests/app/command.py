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
from typing import Any
from unittest import mock

import pytest

from app.cli import main
from tests.server import PLAYGROUND, ROOT, clean_environment

Ran = subprocess.CompletedProcess[str]
SECONDS = 60
CTRL_C = b"\x03"
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the standard input the terminal whose Ctrl+C reaches a program, and becomes this program."""


class Command:
    """Runs `playground` in a folder, which also holds what it keeps."""

    def __init__(self, folder: Path, **environment: object) -> None:
        self.folder = folder
        self.environment = clean_environment(data=folder / "data", **environment) | {"PYTHONPATH": str(ROOT)}

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

    def process(self, *arguments: str, given: str | bytes = "") -> Ran:
        """Runs it in a process of its own."""
        ran = subprocess.run(
            [*PLAYGROUND, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def in_terminal(self, *arguments: str, columns: int = 80, environment: Mapping[str, str] | None = None) -> Ran:
        """Runs it in a terminal of a width; what that shows is its standard output."""
        terminal, its_end = pty.openpty()
        fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with os.fdopen(terminal, "rb", buffering=0) as screen:
            process = subprocess.Popen(
                [sys.executable, "-m", "playground", *arguments],
                cwd=self.folder,
                env=self.environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=its_end,
                stderr=subprocess.PIPE,
            )
            os.close(its_end)
            said = ""
            while text := _shown(screen):
                said += text
            _, errors = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(
            process.args, process.returncode, said.replace("\r\n", "\n"), errors.decode()
        )

    def interrupted(self, *arguments: str, at: str, times: int = 1) -> Ran:
        """Runs it in a terminal until that shows a text, and presses Ctrl+C there so many times."""
        terminal, its_end = pty.openpty()
        with os.fdopen(terminal, "r+b", buffering=0) as screen:
            process = subprocess.Popen(
                [sys.executable, "-c", TAKE_TERMINAL, *PLAYGROUND, *arguments],
                cwd=self.folder,
                env=self.environment | {"TERM": "xterm"},
                stdin=its_end,
                stdout=subprocess.PIPE,
                stderr=its_end,
                start_new_session=True,
            )
            os.close(its_end)
            try:
                said = ""
                while not re.search(at, said):
                    said += _shown(screen)
                screen.write(CTRL_C * times)
                said = ""
                while text := _shown(screen):
                    said += text
                out, _ = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
                process.wait()
        said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.replace("^C", "").replace("\r", "\n"))
        return subprocess.CompletedProcess(process.args, process.returncode, out.decode(), said)


def _shown(screen: io.FileIO) -> str:
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
