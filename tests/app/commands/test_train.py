"""`playground train` and `export`: where a run begins and ends, and that it is the same one everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from app.commands.arguments.completions import complete_setting
from app.explain.notes import notes_on
from app.explain.reasons import stopped
from app.exports import export
from engine import Config, Trainer, format_link, format_state, parse_link
from engine.state import digest
from tests.app.command import Command, assert_refused, json_of
from tests.server import PATIENCE, Server

LINK = "dataset=spiral&networkShape=4&seed=0.7"
BURSTING = "problem=regression&activation=linear&learningRate=10"


@pytest.fixture
def playground(tmp_path: Path) -> Command:
    """Runs the command in an empty folder."""
    return Command(tmp_path)


def trained(epochs: int, link: str = LINK) -> Trainer:
    """What the engine by itself comes to."""
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer


def with_state(trainer: Trainer) -> str:
    """A link with trained weights."""
    return f"{format_link(trainer.config)}&state={format_state(trainer)}"


# --- everywhere the same ----------------------------------------------------------------------------------------------


def test_here_at_a_server_and_over_http_a_run_comes_to_the_same_bits(playground: Command, server: Server) -> None:
    train = ("train", LINK, "--epochs", "12", "--json", "--weights", "--data")
    here = json_of(playground(*train))
    assert json_of(playground(*train, "--server", server.address)) == here
    runs = f"{server.address}/api/v1/runs"
    asked = httpx.post(runs, json={"link": LINK, "epochs": 12}, trust_env=False, timeout=PATIENCE).json()
    events = httpx.get(f"{runs}/{asked['id']}/events", trust_env=False, timeout=PATIENCE).text
    assert here["theta_sha256"] == digest(trained(12))
    assert f'"theta_sha256":"{here["theta_sha256"]}"' in events
    assert [moment["epoch"] for moment in here["trace"]] == [0, 1, 2, 5, 10, 12]


def test_the_server_may_be_named_in_the_environment_and_shows_the_same_table(
    playground: Command, server: Server
) -> None:
    train = ("train", LINK, "--epochs", "3", "--at", "0,3")
    here = playground(*train)
    playground.environment["PLAYGROUND_SERVER"] = server.address
    there = playground(*train)
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout.splitlines()[:-1] == here.stdout.splitlines()[:-1]  # the last line tells the seconds


def test_a_run_that_diverges_at_a_server_ends_as_it_does_here(playground: Command, server: Server) -> None:
    here = playground("train", BURSTING, "--json")
    there = playground("train", BURSTING, "--json", "--server", server.address)
    assert here.returncode == there.returncode == 3
    for name in ("diverged", "reason", "theta_sha256"):
        assert json.loads(there.stdout)[name] == json.loads(here.stdout)[name]


# --- where it begins --------------------------------------------------------------------------------------------------


def test_the_trained_weights_of_a_link_are_gone_on_with(playground: Command, server: Server) -> None:
    train = ("train", with_state(trained(5)), "--epochs", "9", "--json")
    here = json_of(playground(*train))
    assert here["theta_sha256"] == digest(trained(9))
    assert [moment["epoch"] for moment in here["trace"]] == [5, 9]
    assert json_of(playground(*train, "--server", server.address))["theta_sha256"] == here["theta_sha256"]


def test_a_state_of_another_network_is_refused(playground: Command) -> None:
    link = with_state(trained(1)).replace("networkShape=4", "networkShape=5")
    assert_refused(playground("train", link), "state: expected")


def test_a_last_epoch_before_that_of_the_state_is_refused(playground: Command) -> None:
    assert_refused(playground("train", with_state(trained(5)), "--epochs", "4"), "epochs: expected 5 to")


@pytest.mark.parametrize("format", ["json", "npz"])
def test_the_weights_of_an_export_are_gone_on_with(playground: Command, tmp_path: Path, format: str) -> None:
    (tmp_path / "model").write_bytes(export(trained(5), format))
    record = json_of(playground("train", LINK, "--from", "model", "--epochs", "9", "--json"))
    assert record["theta_sha256"] == digest(trained(9))


def test_under_another_configuration_the_weights_of_an_export_begin_a_new_run(
    playground: Command, tmp_path: Path, server: Server
) -> None:
    (tmp_path / "model.json").write_bytes(export(trained(5), "json"))
    train = ("train", f"{LINK}&learningRate=0.1", "--from", "model.json", "--epochs", "4", "--json")
    expected = Trainer(parse_link(f"{LINK}&learningRate=0.1").config)
    expected.network.theta[:] = trained(5).network.theta
    expected.train(4)
    for where in ((), ("--server", server.address)):
        assert json_of(playground(*train, *where))["theta_sha256"] == digest(expected)


def test_weights_of_another_shape_no_weights_and_two_of_them_are_refused(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(export(trained(1), "json"))
    assert_refused(playground("train", "dataset=xor", "--from", "model.json"), "expected 2-4-2-1 units")
    assert_refused(playground("train", LINK, "--from", "missing.json"), "from: expected a file of weights")
    assert_refused(playground("train", with_state(trained(1)), "--from", "model.json"), "from: expected a link without")


# --- keys beside the link ---------------------------------------------------------------------------------------------

SETTINGS = {
    "optimizer": ("adam", "adam"),
    "activations": ("relu,sine", ("relu", "sine")),
    "loss": ("hinge", "hinge"),
    "normalize": ("true", True),
    "percValidationData": ("20", 20.0),
    "networkShape": ("3,2", (3, 2)),
    "weightSeed": ("b", "b"),
    "numSamples": ("none", None),
    "momentum": ("0.5", 0.5),
}


def test_any_key_is_given_beside_the_link(playground: Command, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(Config(loss="squared", numSamples=200).model_dump_json())
    given = [part for key, (text, _) in SETTINGS.items() for part in ("--set", f"{key}={text}")]
    record = json_of(playground("train", "config.json", *given, "--epochs", "2", "--json"))
    config = Config.model_validate({key: value for key, (_, value) in SETTINGS.items()})
    assert record["config"] == config.model_dump(mode="json")
    assert record["theta_sha256"] == digest(trained(2, format_link(config)))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("colour=red", "set: expected keys of a configuration"),
        ("optimizer", "set.optimizer: expected values after an equals sign"),
        ("optimizer=none", "set.optimizer: expected 'sgd', "),
        ("activations=relu,cube", "set.activations.1: expected 'relu', "),
        ("normalize=yes", "set.normalize: expected true or false, got 'yes'."),
        ("loss=huber", "set.loss: expected one of squared, crossEntropy, hinge, perceptron for the problem class"),
        ("patience=1.5", "set.patience: expected a whole number, got '1.5'."),
    ],
)
def test_a_key_or_a_value_that_is_none_is_refused(playground: Command, setting: str, sentence: str) -> None:
    assert_refused(playground("train", LINK, "--set", setting), sentence)


def test_a_shell_is_offered_the_keys_and_their_names() -> None:
    assert [text for text, _ in complete_setting("optim")] == ["optimizer="]
    assert [text for text, _ in complete_setting("optimizer=ad")] == [
        "optimizer=adagrad",
        "optimizer=adam",
        "optimizer=adamw",
    ]
    assert [text for text, _ in complete_setting("activations=relu,si")] == [
        f"activations=relu,{name}" for name in ("sigmoid", "silu", "sine")
    ]
    assert [text for text, _ in complete_setting("loss=hi")] == ["loss=hinge"]
    assert [*complete_setting("noise=1"), *complete_setting("colour=r")] == []


def test_what_may_surprise_is_noted(playground: Command) -> None:
    ran = playground("train", LINK, "--set", "patience=3", "--epochs", "1", "--json")
    assert ran.returncode == 0
    assert ran.stderr == f"note: {notes_on(Config(patience=3))[0]}\n"


# --- where it ends ----------------------------------------------------------------------------------------------------


def test_a_run_ends_once_the_loss_is_low_enough_and_says_so(playground: Command, server: Server) -> None:
    train = ("train", "dataset=xor&seed=0.5", "--epochs", "500", "--until-test-loss", "0.1")
    trainer = Trainer(Config(dataset="xor"))
    while trainer.losses().test >= 0.1:
        trainer.train()
    here = json_of(playground(*train, "--json"))
    assert (here["trace"][-1]["epoch"], here["theta_sha256"]) == (trainer.epoch, digest(trainer))
    assert json_of(playground(*train, "--json", "--server", server.address)) == here
    assert "The test loss is under 0.1." in playground(*train).stdout


def test_a_run_ends_with_its_time(playground: Command) -> None:
    ran = playground("train", LINK, "--epochs", "10000000", "--seconds", "0.05", "--until-train-loss", "1e-9")
    assert ran.returncode == 0
    assert "0.05 seconds of training are over." in ran.stdout


def test_a_run_ends_once_the_validation_loss_is_low_enough(playground: Command, server: Server) -> None:
    link = "dataset=xor&seed=0.5&percValidationData=20"
    train = ("train", link, "--epochs", "500", "--until-validation-loss", "0.1")
    trainer = Trainer(parse_link(link).config)
    while trainer.measure().validation_loss >= 0.1:
        trainer.train()
    here = json_of(playground(*train, "--json", "--data"))
    assert here["trace"][-1] == {"epoch": trainer.epoch, **{
        name: getattr(trainer.measure(), name) for name in ("train_loss", "test_loss", "validation_loss")
    }}  # fmt: skip
    assert here["reason"] == "The validation loss is under 0.1."
    assert here["validation"] == [[*point] for point in trainer.validation_data.points]
    assert json_of(playground(*train, "--json", "--data", "--server", server.address)) == here
    shown = playground(*train).stdout
    assert shown.splitlines()[0].split("  ")[-1].strip() == "validation loss"
    assert "The validation loss is under 0.1." in shown


def test_early_stopping_ends_a_run_and_is_told_here_and_at_a_server(playground: Command, server: Server) -> None:
    link = "networkShape=2&noise=50&percTrainData=10&percValidationData=20&learningRate=0.3&patience=5&seed=0.5"
    trainer = Trainer(parse_link(link).config)
    while not trainer.stopped:
        trainer.train()
    train = ("train", link, "--epochs", "500")
    here = json_of(playground(*train, "--json"))
    assert (here["trace"][-1]["epoch"], here["theta_sha256"]) == (trainer.epoch, digest(trainer))
    assert here["reason"] == stopped(trainer.config, trainer.stopped)
    assert here["diverged"] is None
    assert json_of(playground(*train, "--json", "--server", server.address)) == here
    assert here["reason"] in " ".join(playground(*train).stdout.split())
    on = json_of(playground("train", with_state(trainer), "--json"))  # gone on with, it is patient anew
    assert on["trace"][-1]["epoch"] >= trainer.epoch + 5


def test_a_validation_loss_without_validation_is_refused_by_its_name(playground: Command) -> None:
    rule = ("--until-validation-loss", "0.1")
    assert_refused(playground("train", LINK, *rule), "until-validation-loss: expected a configuration with points that")
    sweep = ("sweep", LINK, "--grid", "percValidationData=10,0", *rule)
    assert_refused(playground(*sweep), "until-validation-loss: expected a configuration with points that")


def test_a_stop_rule_that_is_none_is_refused(playground: Command) -> None:
    assert_refused(playground("train", LINK, "--until-train-loss", "-1"), "until-train-loss: expected")


# --- a server that does not do it -------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_has_an_exit_code_of_its_own(playground: Command) -> None:
    ran = playground.process("train", LINK, "--json", "--server", "http://127.0.0.1:9")
    assert_refused(ran, "http://127.0.0.1:9 cannot be reached", code=4)


def test_what_is_no_address_is_refused(playground: Command) -> None:
    assert_refused(playground("train", LINK, "--server", "playground"), "server: expected an address")


def test_what_a_server_refuses_is_said_in_its_words(playground: Command, server: Server) -> None:
    there = ("--server", server.address)
    assert_refused(playground("train", LINK, "--epochs", "0", *there), "epochs: expected at least 1")
    assert_refused(playground("train", LINK, "--epochs", "200000", "--at", "3", *there), "at: expected epochs with")


# --- export -----------------------------------------------------------------------------------------------------------


def test_a_link_is_trained_and_written_for_another_program(playground: Command, tmp_path: Path) -> None:
    ran = playground("export", LINK, "--format", "json", "--epochs", "6", "-o", "model.json", "--json")
    content = (tmp_path / "model.json").read_bytes()
    assert content == export(trained(6), "json")
    assert json_of(ran) == {"file": "model.json", "format": "json", "bytes": len(content), "notes": []}


def test_a_link_with_trained_weights_is_written_as_it_is_and_may_be_piped(playground: Command) -> None:
    ran = playground.process("export", with_state(trained(6)))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.encode() == export(trained(6), "json")


def test_what_diverges_is_written_all_the_same_with_its_exit_code(playground: Command, tmp_path: Path) -> None:
    ran = playground("export", BURSTING, "--epochs", "20", "-o", "model.json")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "grew without bound" in ran.stderr
    assert json.loads((tmp_path / "model.json").read_text())["format"] == "neural-playground"


def test_a_format_that_is_none_is_refused_before_anything_is_trained(playground: Command) -> None:
    ran = playground("export", LINK, "--format", "excel", "--epochs", "10000000")
    assert_refused(ran, "format: expected one of json, npz")


# --- Ctrl+C -----------------------------------------------------------------------------------------------------------


def test_ctrl_c_ends_the_training_with_its_exit_code_and_no_word(playground: Command) -> None:
    ran = playground.interrupted("export", LINK, "--epochs", "10000000", at="epochs/s")
    assert (ran.returncode, ran.stdout) == (130, "")
    assert all("epochs/s" in line for line in ran.stderr.splitlines() if line)  # the progress bar, and nothing else


# --- film -------------------------------------------------------------------------------------------------------------


def test_the_course_of_a_run_is_written_as_a_film(playground: Command, tmp_path: Path) -> None:
    playground("train", LINK, "--epochs", "5", "--film", "spiral.GIF")
    assert (tmp_path / "spiral.GIF").read_bytes()[:6] == b"GIF89a"


def test_a_film_of_no_format_or_from_a_server_is_refused(playground: Command) -> None:
    words = "film: expected a file that ends in .gif or .webp or .png, got 'spiral.mp4'."
    assert_refused(playground("train", LINK, "--epochs", "5", "--film", "spiral.mp4"), words)
    beside = playground("train", LINK, "--film", "spiral.gif", "--server", "http://127.0.0.1:9")
    assert_refused(beside, "server: expected nothing beside --film, which is taken where the run trains")
