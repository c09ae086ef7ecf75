"""`playground restarts`: the same run from many first weights, and which of them solved it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from app.commands.restarts import show
from app.commands.terminal.restarts import Restarting, SolvedRule
from app.search.objective import TESTED
from engine import Trainer, parse_link
from tests.app.command import Command, assert_refused, json_of

LINK = "dataset=xor&networkShape=3&activation=relu&learningRate=0.1&seed=1&weightSeed=2"
BURSTING = "problem=regression&activation=linear&learningRate=0.3&seed=4&networkShape=4&numSamples=100&percTrainData=25"


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def test_each_run_comes_to_what_its_link_comes_to_alone(playground: Command) -> None:
    told = json_of(playground("restarts", LINK, "--n", "5", "--epochs", "40", "--json"))
    assert told["epochs"] == 40
    assert [run["run"] for run in sorted(told["runs"], key=lambda run: run["run"])] == [1, 2, 3, 4, 5]
    losses = [run["test_loss"] for run in told["runs"]]
    assert losses == sorted(losses)
    for run in told["runs"]:
        trainer = Trainer(parse_link(run["link"]).config)
        trainer.train(40)
        assert (run["train_loss"], run["test_loss"], run["epoch"]) == (*trainer.losses(), 40)
        assert run["solved"] == (trainer.measure().test_score >= 0.95)
    assert told["share"] == sum(run["solved"] for run in told["runs"]) / 5
    assert 0 < told["solved"] < 5


def test_the_table_has_the_runs_and_their_links_and_the_share_that_solved_it(playground: Command) -> None:
    ran = playground("restarts", LINK, "--n", "3", "--epochs", "5")
    assert (ran.returncode, ran.stderr) == (0, "")
    head, *rows, best, share, chosen = ran.stdout.splitlines()
    assert head.split() == ["run", "seed", "of", "weights", "train", "loss", "test", "loss", "test", "score", "link"]
    assert len(rows) == 3
    assert all(f"weightSeed={row.split()[1]}" in row.split()[-1] for row in rows)
    assert best == f"The best: {rows[0].split()[-1]}"
    assert share.startswith("0 of 3 runs solved it (0%), in ")
    assert chosen == TESTED


def test_the_validation_decides_where_there_is_one(playground: Command) -> None:
    told = json_of(playground("restarts", f"{LINK}&percValidationData=20", "--n", "6", "--epochs", "30", "--json"))
    losses = [run["validation_loss"] for run in told["runs"]]
    assert losses == sorted(losses)
    tested = [run["test_loss"] for run in told["runs"]]
    assert tested != sorted(tested)  # which the test would have told otherwise
    assert [run["solved"] for run in told["runs"]] == [run["validation_score"] >= 0.95 for run in told["runs"]]
    assert (told["objective"], told["objective_note"]) == ("validation_loss", None)
    ran = playground("restarts", f"{LINK}&percValidationData=20", "--n", "3", "--epochs", "5")
    assert ran.stdout.startswith("run  seed of weights  validation loss  validation score")
    assert TESTED not in ran.stdout


def test_a_narrow_terminal_has_the_best_runs_link_alone() -> None:
    narrow = Console(width=80, record=True, force_terminal=True, file=io.StringIO())
    show(Restarting(parse_link(LINK).config, 2, 1, SolvedRule(0.95)), narrow)
    text = narrow.export_text()
    assert text.count("#") == 1
    assert len(text.splitlines()) == 6


def test_what_diverges_is_told_last_and_has_solved_nothing(playground: Command) -> None:
    told = json_of(playground("restarts", BURSTING, "--n", "8", "--epochs", "30", "--solved-loss", "1e9", "--json"))
    diverged = [run["diverged"] for run in told["runs"]]
    assert diverged == sorted(diverged)
    assert 0 < sum(diverged) < 8
    assert told["solved"] == 8 - sum(diverged)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((LINK, "--n", "1"), "n: expected 2 to 64, got 1"),
        ((LINK, "--n", "65"), "n: expected 2 to 64, got 65"),
        ((LINK, "--epochs", "-1"), "epochs"),
        ((f"{LINK}&state=AAAA",), "link: expected no trained state"),
        (("nothing",), "link"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(playground: Command, arguments: tuple[str, ...], field: str) -> None:
    assert_refused(playground("restarts", *arguments), field)
