"""Completion, as bash does it with what is installed into a home, and the words that it reads."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from app.commands.terminal.completion import CommandLine, read_line
from tests.app.command import SECONDS, Command

BREAKS = "\"'@><=;|&(:"
KILL_LINE = "\x15"
NEXT = "%"

Shows = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("line", "words", "kept"),
    [
        ("playground tr", ["playground", "tr"], 0),
        ("playground train ", ["playground", "train", ""], 0),
        ("p --set optimizer=ad", ["p", "--set", "optimizer=ad"], len("optimizer=")),
        ("p --set optimizer=", ["p", "--set", "optimizer="], len("optimizer=")),
        ("p --set 'optimizer=ad", ["p", "--set", "optimizer=ad"], 0),
        ("p 'dataset=xor&opti", ["p", "dataset=xor&opti"], 0),
        ('p "a \\" b=c" \'\' d', ["p", 'a " b=c', "", "d"], 0),
        ("p a\\ b\\&c=d", ["p", "a b&c=d"], len("a b&c=")),
    ],
)
def test_a_line_is_read_as_bash_reads_it(line: str, words: list[str], kept: int) -> None:
    assert read_line(line, BREAKS) == CommandLine(words, kept)


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shows]:
    """Types a line and a Tab in an interactive bash, and waits until that shows the completed text."""
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("there is no bash")
    home = tmp_path_factory.mktemp("home")
    program = home / "playground"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m playground "$@"\n')
    program.chmod(0o755)
    environment = Command(home).environment | {
        "HOME": str(home),
        "PATH": f"{home}:{os.environ['PATH']}",
        "TERM": "dumb",
        "PS1": "",
    }
    installed = [bash, "--norc", "-i", "-c", "playground --install-completion; true"]
    subprocess.run(installed, cwd=home, env=environment, check=True, capture_output=True, start_new_session=True)
    terminal, its_end = pty.openpty()
    with os.fdopen(terminal, "r+b", buffering=0) as screen:
        shell = subprocess.Popen(
            [bash, "--rcfile", str(home / ".bashrc"), "-i"],
            cwd=home,
            env=environment,
            stdin=its_end,
            stdout=its_end,
            stderr=its_end,
            start_new_session=True,
        )
        os.close(its_end)

        def shows(line: str, expected: str) -> None:
            screen.write(f"{line}\t".encode())
            said = ""
            for text in (expected, f"{expected}{NEXT}"):  # which tells whether there is a blank behind it
                while text not in said:
                    assert select.select([screen], [], [], SECONDS)[0], said
                    said += screen.read(65536).decode()
                screen.write(NEXT.encode() if text == expected else KILL_LINE.encode())

        try:
            yield shows
        finally:
            shell.kill()
            shell.wait()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("train x --set optimizer=rms", "optimizer=rmsprop "),
        ("train x --set optim", "--set optimizer="),
        ("train x --set activations=relu,sig", "activations=relu,sigmoid "),
        ("train x --set discretize=t", "discretize=true "),
        ("sweep x --grid learningR", "--grid learningRate="),
        ("sweep x --grid learningRate=0.1,0.00001", "learningRate=0.1,0.00001 "),
        ("sweep x --grid networkShape=2 --grid optimizer=adam,nest", "optimizer=adam,nesterov "),
        ("train 'dataset=xor&optimizer=rms", "'dataset=xor&optimizer=rmsprop' "),
        ("train dataset=spi", "dataset=spiral "),
        ("export x --format safe", "--format safetensors "),
        ("runs sh", "runs show "),
    ],
)
def test_an_interactive_bash_completes_a_word(shows: Shows, line: str, expected: str) -> None:
    shows(f"playground {line}", expected)
