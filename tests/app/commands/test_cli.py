"""The command line as a person or a script runs it."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import numpy as np
import pytest

from engine import Config, Trainer, format_link, parse_link
from engine.data.datasets import Point
from engine.data.points import encode
from engine.state import digest
from tests.app.command import Command, assert_refused, json_of
from tests.app.conftest import Replay

SHORT = "networkShape=2&seed=0.7"
BURSTING = "problem=regression&activation=linear&learningRate=10"


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder, as `playground("train", "seed=1")`."""
    return Command(tmp_path)


# --- train ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["dataset=spiral", "regDataset=reg-gauss"])
def test_a_recorded_run_is_trained_again_number_by_number(
    playground: Command, replays: list[Replay], data: str
) -> None:
    replay = next(replay for replay in replays if data in replay["link"])
    at = ",".join(str(moment["epoch"]) for moment in replay["trace"])
    last = str(replay["trace"][-1]["epoch"])
    ran = playground("train", replay["link"], "--epochs", last, "--at", at, "--json", "--weights", "--data")
    record = json_of(ran)

    config = parse_link(replay["link"]).config
    assert record["config"] == config.model_dump(mode="json")
    assert record["link"] == format_link(config)
    assert (record["features"], record["shape"]) == (replay["features"], replay["shape"])
    assert record["diverged"] is None
    for part in ("train", "test"):
        np.testing.assert_allclose(record[part], replay[part], rtol=0, atol=1e-12)
    assert record["initial"] == replay["initial"]
    for layer, recorded in zip(record["final"], replay["final"], strict=True):
        np.testing.assert_allclose(layer["weights"], recorded["weights"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(layer["biases"], recorded["biases"], rtol=0, atol=1e-6)
    for moment, recorded in zip(record["trace"], replay["trace"], strict=True):
        assert moment["epoch"] == recorded["epoch"]
        tolerance = 1e-9 if moment["epoch"] <= 10 else 1e-6
        for loss in ("train_loss", "test_loss"):
            assert moment[loss] == pytest.approx(recorded[loss], rel=0, abs=tolerance)


def test_the_losses_are_those_of_a_trainer_to_the_bit(playground: Command) -> None:
    record = json_of(playground("train", SHORT, "--epochs", "7", "--at", "7,0,7", "--json"))
    told = {"config", "link", "features", "shape", "trace", "reason", "diverged", "notes"}
    assert set(record) == told | {"theta_sha256", "computed_with"}
    assert record["reason"] is None
    trainer, expected = Trainer(parse_link(SHORT).config), []
    for epoch in (0, 7):
        trainer.train(epoch)
        train, test = trainer.losses()
        expected.append({"epoch": epoch, "train_loss": train, "test_loss": test, "validation_loss": None})
    assert record["trace"] == expected
    assert record["theta_sha256"] == digest(trainer)


def test_milestones_are_told_where_no_epochs_are_named(playground: Command) -> None:
    record = json_of(playground("train", SHORT, "--epochs", "12", "--json"))
    assert [moment["epoch"] for moment in record["trace"]] == [0, 1, 2, 5, 10, 12]


def test_a_configuration_a_file_and_the_standard_input_are_read_alike(playground: Command, tmp_path: Path) -> None:
    config = Config(networkShape=(2,), seed="0.7", noise=5)
    link, text = format_link(config), config.model_dump_json(indent=1)
    (tmp_path / "link.txt").write_text("http://127.0.0.1:8000/#" + link + "\n")
    (tmp_path / "config.json").write_text(text)
    train = ("--epochs", "1", "--json")
    records = [
        json_of(playground("train", text, *train)),
        json_of(playground("train", "link.txt", *train)),
        json_of(playground("train", "config.json", *train)),
        json_of(playground.process("train", "-", *train, given=link + "\n")),
    ]
    assert records == [records[0]] * len(records)
    assert records[0]["config"] == config.model_dump(mode="json")


def test_notes_about_a_link_do_not_get_among_the_json(playground: Command) -> None:
    ran = playground("train", SHORT + "&noise=900&colour=red", "--lenient", "--epochs", "1", "--json")
    assert ran.returncode == 0
    told = json.loads(ran.stdout)
    assert told["config"]["noise"] == 50
    first, second = ran.stderr.splitlines()
    assert [f"note: {one}" for one in told["notes"]] == [first, second]
    assert first.startswith("note: noise")
    assert "colour" in second


def test_a_run_that_diverges_ends_with_a_code_of_its_own_and_valid_json(playground: Command) -> None:
    ran = playground.process("train", BURSTING, "--epochs", "100", "--json", "--weights")
    assert ran.returncode == 3

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    record = json.loads(ran.stdout, parse_constant=refuse)
    assert record["diverged"].keys() == {"epoch", "updates"}
    assert [moment["epoch"] for moment in record["trace"]] == [0]


def test_without_json_a_table_of_the_losses_and_a_picture_are_printed(playground: Command) -> None:
    ran = playground("train", SHORT, "--epochs", "10", "--at", "0,10")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\x1b" not in ran.stdout
    assert "\r" not in ran.stdout
    trainer = Trainer(parse_link(SHORT).config)
    for epoch in (0, 10):
        trainer.train(epoch)
        losses = trainer.losses()
        assert re.search(rf"^ *{epoch} +{losses.train:.6g} +{losses.test:.6g} *$", ran.stdout, re.MULTILINE)
    picture = [line for line in ran.stdout.splitlines() if line and set(line) <= set("@o. +#")]
    assert len([line for line in picture if len(line) == 40]) == 20


def test_without_json_a_run_that_diverges_says_what_is_too_high(playground: Command) -> None:
    ran = playground("train", BURSTING)
    assert ran.returncode == 3
    assert "learning rate 10" in ran.stdout.replace("\n", " ")


BAD = [
    (["train", '{"noise": 101}'], "noise"),
    (["train", '{"learningRate": 1e999}'], "learningRate"),
    (["train", '{"noise": '], "JSON"),
    (["train", "{}", "--at", "1,x"], "at"),
    (["train", "{}", "--at", "101"], "at"),
    (["train", "{}", "--epochs", "many"], "epochs"),
    (["train"], "LINK_OR_CONFIG"),
    (["dance"], "dance"),
    (["serve", "--port", "70000"], "port"),
]


@pytest.mark.parametrize(("arguments", "field"), BAD, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_bad_input_is_refused_in_one_sentence(playground: Command, arguments: list[str], field: str) -> None:
    assert_refused(playground(*arguments), field)


def test_everything_that_is_wrong_is_said(playground: Command) -> None:
    ran = playground.process("train", "-", "--json", given='{"noise": 101, "colour": "red"}')
    assert (ran.returncode, ran.stdout) == (2, "")
    first, second = ran.stderr.splitlines()
    assert first.startswith("noise: expected")
    assert second.startswith("colour: expected")


def test_a_file_that_is_no_text_is_refused(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"\xff\xfe{")
    assert_refused(playground("train", "config.json"), "config.json")


def test_a_text_too_long_for_the_name_of_a_file_is_read_as_a_link(playground: Command) -> None:
    ran = playground("train", "x" * 5_000, "--epochs", "1", "--json")
    assert ran.returncode in (0, 2)
    assert ran.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_refused(playground: Command) -> None:
    assert_refused(playground("train", "missing.json", "--epochs", "1"), "missing.json")


# --- points of one's own ----------------------------------------------------------------------------------------------


def test_a_run_is_trained_on_the_points_of_a_file(playground: Command, tmp_path: Path) -> None:
    places = [Point(i % 7 - 3, i % 5 - 2, 1 if i % 7 > i % 5 else -1) for i in range(60)]
    (tmp_path / "points.csv").write_text("x,y,label\n" + "".join(f"{x},{y},{label}\n" for x, y, label in places))
    (tmp_path / "points.json").write_text(json.dumps([[*place] for place in places]))
    train = ("train", SHORT + "&dataset=spiral", "--epochs", "5", "--at", "0,5", "--json", "--data")
    record = json_of(playground(*train, "--points", "points.csv"))
    assert json_of(playground(*train, "--points", "points.json")) == record
    config = Config(dataset="own", points=encode(places), networkShape=(2,), seed="0.7")
    assert record["config"] == config.model_dump(mode="json")
    assert record["link"] == format_link(config)
    assert sorted(record["train"] + record["test"]) == sorted([*place] for place in places)
    trainer = Trainer(config)
    trainer.train(5)
    assert record["trace"][-1] == {
        "epoch": 5,
        "train_loss": trainer.losses().train,
        "test_loss": trainer.losses().test,
        "validation_loss": None,
    }


def test_points_of_a_regression_that_exceed_the_plane_are_rescaled_and_it_is_said_how(
    playground: Command, tmp_path: Path
) -> None:
    (tmp_path / "points.csv").write_text("".join(f"{i},{1000 - i},{3 * i}\n" for i in range(0, 1001, 50)))
    ran = playground(
        "train",
        SHORT + "&problem=regression",
        "--points",
        "points.csv",
        "--epochs",
        "1",
        "--json",
        "--data",
    )
    assert ran.returncode == 0
    assert ran.stderr.splitlines() == [
        "note: x1 was rescaled: ours = 0.01 * theirs - 5.",
        "note: x2 was rescaled: ours = 0.01 * theirs - 5.",
        "note: label was rescaled: ours = 0.000666667 * theirs - 1.",
    ]
    record = json.loads(ran.stdout)
    assert record["config"]["regDataset"] == "reg-own"
    assert sorted(record["train"] + record["test"])[::20] == [[-5, 5, -1], [5, -5, 1]]


def test_points_of_many_classes_make_as_many_as_they_have(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("".join(f"{i % 5 - 2},{i % 3 * 3},{i % 5}\n" for i in range(60)))
    train = (
        "train",
        SHORT,
        "--set",
        "problem=multiclass",
        "--points",
        "points.csv",
        "--epochs",
        "2",
        "--json",
        "--data",
    )
    record = json_of(playground(*train))
    config = Config.model_validate(record["config"])
    assert (config.problem, config.classDataset, config.classes) == ("multiclass", "class-own", 5)
    assert {label for _, _, label in record["train"] + record["test"]} == {0, 1, 2, 3, 4}
    assert record["shape"][-1] == 5
    more = json_of(playground(*train, "--set", "classes=6"))
    assert more["shape"][-1] == 6


def test_names_of_classes_are_noted(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("1,2,cat\n2,1,dog\n" * 20)
    ran = playground("train", SHORT, "--points", "points.csv", "--epochs", "1", "--json")
    assert (ran.returncode, ran.stderr) == (
        0,
        "note: Classes: cat is -1, dog is 1.\n"
        "note: x1 was rescaled: ours = 10 * theirs - 15.\nnote: x2 was rescaled: ours = 10 * theirs - 15.\n",
    )


BAD_POINTS = [
    (b"", "file: expected rows of numbers, got an empty file."),
    (
        b"x,y,label\n1,2,a\n2,3,a\n",
        "label: expected at least two classes (choose another column, or a regression), got only 'a'.",
    ),
    (b"\0\1\2", "file: expected a table (text, JSON, .xlsx, .npy, .npz), got other binary data."),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_POINTS)
def test_a_file_of_bad_points_is_refused(playground: Command, tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "points.csv").write_bytes(content)
    ran = playground("train", SHORT, "--points", "points.csv")
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", sentence + "\n")


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_points_without_a_file_are_refused(playground: Command, name: str) -> None:
    ran = playground("train", SHORT, "--points", name)
    assert_refused(ran, "points")
    assert name in ran.stderr


def test_columns_are_chosen_by_name(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("a,b,c,kind\n" + "1,-4,5,-1\n2,4,-5,1\n" * 20)
    chosen = ("--points", "points.csv", "--columns", "x1=b,x2=c,label=kind", "--epochs", "1", "--json", "--data")
    ran = playground("train", SHORT, *chosen)
    assert ran.stderr == "note: Columns: x1=b, x2=c, label=kind.\n"
    record = json.loads(ran.stdout)
    assert {tuple(point) for point in record["train"] + record["test"]} == {(-4, 5, -1), (4, -5, 1)}
    assert_refused(playground("train", SHORT, "--points", "points.csv", "--columns", "x1=d"), "columns.x1")


def test_there_are_no_columns_without_a_file_of_points(playground: Command) -> None:
    assert_refused(playground("train", SHORT, "--columns", "x1=a"), "--points")


def test_noise_is_set_to_0_for_measured_points(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("-4,5,u\n4,-5,v\n" * 20)
    ran = playground("train", f"{SHORT}&noise=20", "--points", "points.csv", "--epochs", "1", "--json")
    assert json.loads(ran.stdout)["config"]["noise"] == 0
    assert "note: noise was set to 0: the points of a file are as they were measured." in ran.stderr.splitlines()


# --- serve ------------------------------------------------------------------------------------------------------------


def test_serving_at_a_taken_port_is_refused_in_one_sentence(playground: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = playground("serve", "--port", str(port), "--no-open")
    assert_refused(ran, "port")
    assert str(port) in ran.stderr


def test_a_bad_setting_in_the_environment_is_refused_by_its_name(playground: Command) -> None:
    playground.environment["PLAYGROUND_HANG_SECONDS"] = "long"
    assert_refused(playground("serve", "--port", "0"), "hang_seconds")


# --- help -------------------------------------------------------------------------------------------------------------


def test_help_for_training_names_every_option(playground: Command) -> None:
    ran = playground.process("train", "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    options = ("--epochs", "--at", "--json", "--weights", "--data", "--points", "--columns", "--set")
    for option in (*options, "--until-test-loss", "--until-train-loss", "--until-validation-loss"):
        assert option in ran.stdout
