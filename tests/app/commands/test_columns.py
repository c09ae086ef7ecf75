"""Tables in terminals of several widths."""

from __future__ import annotations

import re

import pytest

from app.commands.terminal.columns import Column, fitted
from tests.app.command import Command, json_of

LINK = "dataset=xor&networkShape=3&seed=0.5"
WIDTHS = (60, 80, 140)
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A command whose store has a sweep over long values."""
    made = Command(tmp_path_factory.mktemp("tables"))
    grid = ("--grid", "networkShape=8,8,8,8,8,8;4,4,4,4,4,4,4", "--grid", "learningRate=0.0333333,0.1")
    ran = made("sweep", LINK, *grid, "--set", "percValidationData=20", "--epochs", "2")
    assert ran.returncode == 0, ran.stderr
    return made


def lines(playground: Command, columns: int, *arguments: str) -> list[str]:
    ran = playground.in_terminal(*arguments, columns=columns)
    assert (ran.returncode, ran.stderr) == (0, "")
    return CODES.sub("", ran.stdout).splitlines()


@pytest.mark.long
@pytest.mark.parametrize("columns", WIDTHS)
def test_ids_are_whole_in_a_terminal_of_any_width_and_nothing_is_wrapped(playground: Command, columns: int) -> None:
    runs = json_of(playground("runs", "list", "--json"))
    (sweep,) = json_of(playground("sweeps", "list", "--json"))
    told = {
        ("runs", "list"): [run["id"] for run in runs],
        ("sweeps", "list"): [sweep["id"]],
        ("sweeps", "show", sweep["id"]): [run["id"] for run in runs] + [sweep["id"]],
    }
    for arguments, ids in told.items():
        shown = lines(playground, columns, *arguments)
        words = {word.strip(":") for line in shown for word in line.split()}
        assert set(ids) <= words, arguments
        table = [line for line in shown if any(one in line for one in ids)]
        assert len(table) == len(ids)
        assert all(len(line) <= columns for line in table), arguments


def test_runs_without_notes_have_no_column_for_them(playground: Command) -> None:
    assert playground("runs", "list").stdout.split("\n")[0].split()[-1] == "link"


@pytest.mark.parametrize("columns", WIDTHS)
def test_restarts_name_the_seed_of_each_run_at_any_width(playground: Command, columns: int) -> None:
    arguments = ("restarts", LINK, "--n", "3", "--epochs", "3")
    seeds = [run["seed"] for run in json_of(playground(*arguments, "--json"))["runs"]]
    shown = lines(playground, columns, *arguments)
    assert [line.split()[1] for line in shown[1:4]] == [seed or "-" for seed in seeds]
    assert all(len(line) <= columns for line in shown[:4])


def test_a_wide_terminal_and_a_file_have_more_than_a_narrow_one(playground: Command) -> None:
    heads = {columns: lines(playground, columns, "runs", "list")[0].split() for columns in WIDTHS}
    assert heads[60] == ["id", "status", "epoch", "test", "loss"]
    assert heads[80] == [*heads[60], "created"]
    assert heads[140] == [*heads[80], "link"]
    _, *rows = playground("runs", "list").stdout.splitlines()
    links = [run["link"] for run in json_of(playground("runs", "list", "--json"))]
    assert [row.split()[-1] for row in rows] == links


def test_columns_are_cut_or_left_out_by_their_rank() -> None:
    columns = [
        Column("id", ["0123456789"]),
        Column("key", ["a-long-value"], 1, min_width=6, always_shown=True),
        Column("loss", ["0.123456"], 2),
        Column("link", ["x" * 40], 3, min_width=10),
    ]
    assert fitted(columns, 200) == columns
    assert [one.width for one in fitted(columns, 60)] == [10, 12, 8, 24]
    assert fitted(columns, 60)[3].cells == ["x" * 23 + "…"]
    assert [one.heading for one in fitted(columns, 45)] == ["id", "key", "loss"]
    assert [(one.heading, one.width) for one in fitted(columns, 20)] == [("id", 10), ("key", 8)]
    assert [(one.heading, one.width) for one in fitted(columns, 5)] == [("id", 10), ("key", 6)]
