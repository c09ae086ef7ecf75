"""What the command line writes: formats by their files' endings, what cannot be written, and what has no effect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from app.exports import FORMATS, read_model
from tests.app.command import Command, assert_refused, json_of

LINK = "dataset=xor&networkShape=3&seed=0.5"
FEW = ("--epochs", "2")


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


# --- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_a_model_is_written_in_the_format_of_its_files_ending(playground: Command, name: str) -> None:
    if name == "onnx":
        pytest.importorskip("onnx")
    file = f"MODEL{FORMATS[name].suffix.upper()}"
    told = json_of(playground("export", LINK, *FEW, "--output", file, "--json"))
    assert told["format"] == name
    named = playground("export", LINK, *FEW, "--output", "named", "--format", name)
    assert named.returncode == 0, named.stderr
    assert len((playground.folder / file).read_bytes()) == len((playground.folder / "named").read_bytes())


def test_a_script_without_a_kind_is_a_numpy_script_and_the_others_are_named(playground: Command) -> None:
    ran = playground("export", LINK, *FEW, "-o", "model.py")
    assert ran.returncode == 0
    assert ran.stderr == (
        "note: model.py is written as numpy; --format pytorch or scikit-learn writes another kind of script.\n"
    )
    assert "torch" not in (playground.folder / "model.py").read_text()
    assert playground("export", LINK, *FEW, "-o", "model.py", "--format", "pytorch").stderr == ""
    assert "torch" in (playground.folder / "model.py").read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("-o", "x.onnx", "--format", "npz"),
            "format: expected onnx, which the ending of x.onnx stands for, got 'npz'.",
        ),
        (("-o", "x_pytorch.py", "--format", "numpy"), "format: expected pytorch, which the ending of x_pytorch.py"),
        (("-o", "x.pth"), "output: expected a file ending in .json, .npz, .safetensors, .onnx, .py, .ipynb, or"),
        (("-o", "x"), "or --format beside it, got 'x'"),
    ],
)
def test_a_file_whose_ending_contradicts_or_says_nothing_is_not_written(
    playground: Command, options: tuple[str, ...], sentence: str
) -> None:
    assert_refused(playground("export", LINK, *options), sentence)
    assert list(playground.folder.iterdir()) == []


def test_an_export_takes_settings_points_and_weights_as_training_does(playground: Command) -> None:
    (playground.folder / "points.csv").write_text(
        "".join(f"{i % 7 - 3},{i % 5 - 2},{i % 2 * 2 - 1}\n" for i in range(40))
    )
    beside = ("--set", "optimizer=adam", "--points", "points.csv")
    assert playground("export", LINK, *beside, *FEW, "-o", "model.npz").returncode == 0
    again = playground("export", LINK, *beside, "--from", "model.npz", "-o", "model.json")
    assert again.returncode == 0, again.stderr
    written, first = (read_model((playground.folder / f"model.{ending}").read_bytes()) for ending in ("json", "npz"))
    assert written.config
    assert (written.config.optimizer, written.config.dataset) == ("adam", "own")
    for (weights, biases), (before, those) in zip(written.layers, first.layers, strict=True):
        assert (weights == before).all()
        assert (biases == those).all()


def test_a_server_that_has_nothing_to_train_for_an_export_is_said_not_to_be_asked(playground: Command) -> None:
    assert playground("export", LINK, *FEW, "-o", "model.npz").returncode == 0
    there = ("--server", "http://127.0.0.1:9")
    ran = playground("export", LINK, "--from", "model.npz", "-o", "again.json", *there)
    assert (ran.returncode, ran.stderr) == (0, "note: Nothing is left to train, so the server is not asked.\n")


def test_restarts_take_settings_as_training_does(playground: Command) -> None:
    ran = playground("restarts", LINK, "--set", "optimizer=adam", "--n", "2", *FEW, "--json")
    assert all("optimizer=adam" in run["link"] for run in json_of(ran)["runs"])


# --- without effect ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train", LINK, "--weights"), "weights: expected --json beside it"),
        (("train", LINK, "--data"), "data: expected --json beside it"),
        (
            ("sweep", LINK, "--by", "train_loss", "--json"),
            "by: expected nothing beside --json, which prints the results",
        ),
        (("sweeps", "show", "0" * 16, "--by", "train_loss", "--json"), "by: expected nothing beside --json"),
        (("train", LINK, "--columns", "x1=a"), "columns: expected a file of points"),
        (("export", LINK, "--json"), "json: expected a file to write the model to"),
        (("export", LINK, "--data", "here"), "data: expected nothing beside a link, whose run is not kept, got here."),
        (("export", "0" * 16, "--set", "seed=1"), "set: expected nothing beside the id of a run"),
        (("export", "0" * 16, "--from", "x.npz"), "from: expected nothing beside the id of a run"),
        (("export", "0" * 16, "--columns", "x1=a"), "columns: expected nothing beside the id of a run"),
        (
            ("restarts", LINK, "--solved-score", "0.9", "--solved-loss", "0.1"),
            "solved-score: expected nothing beside --solved-loss",
        ),
        (
            ("doctor", "--server", "http://127.0.0.1:9", "--lessons", "here"),
            "lessons: expected nothing beside --server",
        ),
        (
            ("serve", "--processes", "2", "--scheduler", "tcp://127.0.0.1:9"),
            "processes: expected nothing beside --scheduler, whose workers train, got 2.",
        ),
    ],
)
def test_an_option_without_effect_is_refused(playground: Command, arguments: tuple[str, ...], sentence: str) -> None:
    assert_refused(playground(*arguments), sentence)


# --- what cannot be written -------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [("train", LINK), ("train", LINK, "--json"), ("export", LINK), ("--help",)])
def test_a_full_disk_behind_standard_output_is_said_in_a_sentence(
    playground: Command, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        ran = running(playground, *arguments, stdout=full)
    assert (ran.returncode, ran.stderr) == (5, "The output cannot be written: No space left on device.\n")


@pytest.mark.parametrize("arguments", [("train", LINK), ("train", LINK, "--json"), ("export", LINK), ("--help",)])
def test_a_reader_that_has_gone_ends_a_command_without_a_word(playground: Command, arguments: tuple[str, ...]) -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE) as gone:
        gone.wait()
        assert gone.stdin
        ran = running(playground, *arguments, stdout=gone.stdin)
    assert (ran.returncode, ran.stderr) == (141, "")


def running(playground: Command, *arguments: str, stdout: IO[Any]) -> subprocess.CompletedProcess[str]:
    """The command with its standard output elsewhere."""
    return subprocess.run(
        [sys.executable, "-m", "playground", *arguments],
        cwd=playground.folder,
        env=playground.environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_the_version_names_what_computes(playground: Command) -> None:
    import numpy

    said = playground("--version").stdout
    assert said.startswith("playground ")
    for part in (f"Python {sys.version_info.major}.{sys.version_info.minor}.", f"NumPy {numpy.__version__} with "):
        assert part in said


@pytest.mark.parametrize("arguments", [(), ("train",), ("runs",), ("runs", "show"), ("sweeps", "resume"), ("serve",)])
def test_h_is_help(playground: Command, arguments: tuple[str, ...]) -> None:
    short = playground(*arguments, "-h")
    assert (short.returncode, short.stderr) == (0, "")
    assert short.stdout == playground(*arguments, "--help").stdout


def test_the_earlier_name_of_output_goes_on_working_without_being_shown(playground: Command) -> None:
    made = playground("sweep", LINK, *FEW, "--out", "results.json", "--json")
    assert json.loads((playground.folder / "results.json").read_text()) == json_of(made)["results"]
    assert "--out " not in playground("sweep", "--help").stdout
