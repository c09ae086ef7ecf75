"""Pictures in a terminal, with colours and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.command import Command

TRAIN = ("train", "dataset=gauss&networkShape=2&seed=0.5", "--epochs", "5")
BLOCK = "▀"
SHADES = set("@o. +#")


@pytest.mark.parametrize(
    ("environment", "colors"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb", "COLORTERM": ""}, False),
        ({"TERM": "xterm", "COLORTERM": ""}, False),
    ],
)
def test_the_map_is_drawn_with_characters_where_there_are_no_colours(
    tmp_path: Path, environment: dict[str, str], colors: bool
) -> None:
    ran = Command(tmp_path).in_terminal(*TRAIN, environment=environment)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (BLOCK in ran.stdout, "\x1b[38;2" in ran.stdout) == (colors, colors)
    drawn = [line for line in ran.stdout.splitlines() if len(line) == 40 and set(line) <= SHADES]
    assert len(drawn) == (0 if colors else 20)
    if drawn:
        assert len(set("".join(drawn))) >= 4  # both signs, and more than one strength
