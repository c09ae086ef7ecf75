"""What a person gets wrong on the command line, told by the names of its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.command import Command, assert_refused

LINK = "dataset=xor&networkShape=3&seed=0.5"
INNER = ("Errno", "Input should", "random.keys", "random.samples", "stop.", "_loss", "Invalid value", "None", "..,")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train", LINK, "--epochs", "1.5"), "epochs: expected a whole number, got '1.5'."),
        (("train", LINK, "--until-test-loss", "0"), "until-test-loss: expected more than 0, got 0."),
        (("train", LINK, "--seconds", "-1"), "seconds: expected more than 0, got -1."),
        (
            ("train", LINK, "--until-validation-loss", "1"),
            "until-validation-loss: expected a configuration with points that validate",
        ),
        (("train", LINK, "--set", "nois=1"), "set: expected keys of a configuration"),
        (("train", LINK, "--set", "nois=1"), "got 'nois' (did you mean 'noise'?)."),
        (
            ("train", LINK, "--server", "foo"),
            "server: expected an address as http://127.0.0.1:8000, got 'foo'.",
        ),
        (("restarts", LINK, "--n", "x"), "n: expected a whole number, got 'x'."),
        (("restarts", LINK, "--solved-score", "nan"), "solved-score: expected a finite number, got nan."),
        (("sweep", LINK, "--random", "noise=5..1"), "random.noise: expected a range LOW..HIGH"),
        (("sweep", LINK, "--random", "learningRate=0..1:log"), "random.learningRate: expected a range LOW..HIGH"),
        (("sweep", LINK, "--random", "noise=0.1:log"), "random.noise: expected a range as 0.001..1:log, or numbers"),
        (("sweep", LINK, "--random", "noise=0,1..1"), "random.noise: expected a range as 0.001..1:log, or numbers"),
        (("sweep", LINK, "--random", "networkShape=2..4"), "random.networkShape: expected a finite number, got '2..4'"),
        (("sweep", LINK, "--grid", "learningRate=0,03"), "grid.learningRate: expected a point as the decimal mark"),
        (("sweep", LINK, "--random", "noise=0,05"), "random.noise: expected a point as the decimal mark"),
        (("sweep", LINK, "--random", "noise=1,2", "--samples", "0"), "samples: expected at least 1, got 0."),
        (("runs", "list", "--limit", "0"), "limit: expected at least 1, got '0'."),
        (
            ("export", LINK, "--epochs", "1", "-o", "nowhere/x.json"),
            "The file nowhere/x.json cannot be written: No such file or directory.",
        ),
        (("serve", "--port", "x"), "port: expected a whole number, got 'x'."),
    ],
)
def test_bad_input_is_told_by_its_option_without_inner_names(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = Command(tmp_path)(*arguments)
    assert_refused(ran, sentence)
    assert not [word for word in INNER if word in ran.stderr], ran.stderr


def test_a_server_that_does_not_answer_is_told_without_the_number_of_the_error(tmp_path: Path) -> None:
    ran = Command(tmp_path)("runs", "list", "--server", "http://127.0.0.1:9")
    assert (ran.returncode, ran.stderr) == (
        4,
        "The playground at http://127.0.0.1:9 cannot be reached: Connection refused.\n",
    )
