"""`playground data`: what a file of points is taken for."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.commands.data import data
from tests.app.command import Command, assert_refused, json_of

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "tables.json").read_text())


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def test_data_shows_what_a_file_is_taken_for(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("height;weight;sex\n183,5;81;m\n164;58;f\n")
    ran = playground("data", "points.csv")
    assert ran.returncode == 0
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert lines[0] == ["delimited", "text,", "classification,", "2", "points"]
    assert lines[1:5] == [["height", "weight", "sex"], ["x1", "x2", "label"], ["183,5", "81", "m"], ["164", "58", "f"]]
    drawn = [line for line in ran.stdout.splitlines()[5:] if line.strip()]
    assert [line.strip() for line in drawn] == ["2", "1"]
    assert len(drawn[0]) > len(drawn[1])
    assert "note: Classes: f is -1, m is 1." in ran.stderr.splitlines()


def test_data_gives_what_the_api_gives_as_json(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("-4,5,0.5\n4,-5,1.25\n3,2,0.75\n")
    record = json_of(playground("data", "points.csv", "--json", "--columns", "x1=2,x2=1,label=3"))
    assert (record["problem"], record["count"]) == ("regression", 3)
    assert [column["role"] for column in record["columns"]] == ["x2", "x1", "label"]
    assert_refused(playground("data", "points.csv", "--problem", "regresion"), "problem: expected one of")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_command_reads_a_table_as_a_person_would(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table"
    file.write_bytes(base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode())
    data(file, as_json=True)
    record = json.loads(capsys.readouterr().out)
    assert (record["problem"], record["count"]) == (case["problem"], len(case["rows"]))
