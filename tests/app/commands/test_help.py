"""What the command line tells of itself: help, and completion for the shell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.exports import FORMATS
from engine import Config
from tests.app.command import Command

EXPENSIVE = ("numpy", "fastapi", "httpx", "pydantic", "uvicorn")


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def completed(playground: Command, *words: str) -> list[str]:
    """What a shell is offered behind some words, the last of which is not whole."""
    playground.environment |= {
        "_PLAYGROUND_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["playground", *words]),
        "COMP_CWORD": str(len(words)),
    }
    return playground.process().stdout.splitlines()


def test_help_names_the_commands_the_exit_codes_and_how_to_install_completion(playground: Command) -> None:
    ran = playground.process("--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    for word in (
        "serve",
        "train",
        "sweep",
        "export",
        "doctor",
        "runs",
        "sweeps",
        "Exit codes",
        "130",
        "--install-completion",
    ):
        assert word in ran.stdout


def test_help_comes_at_once_because_nothing_heavy_is_loaded() -> None:
    program = f"import sys, app.cli; print(*(name for name in {EXPENSIVE} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_a_shell_is_offered_options_formats_and_keys(playground: Command) -> None:
    assert "--until-test-loss" in completed(playground, "train", "--until")
    assert completed(playground, "export", "x", "--format", "") == list(FORMATS)
    assert completed(playground, "train", "x", "--set", "optimizer=n") == ["optimizer=nesterov"]
    assert completed(playground, "sweep", "x", "--random", "") == [f"{name}=" for name in Config.model_fields]
