"""Changes of the configuration of a live run, and what each of them restarts."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Config, Trainer
from engine.tables.features import FEATURES
from tests.app.screen import bits
from tests.app.talk import apply, run_at

DATA: list[dict[str, object]] = [
    {"dataset": "spiral"},
    {"noise": 10.0},
    {"percTrainData": 70.0},
    {"seed": "0.12345"},
    {"numSamples": 200},
    {"problem": "regression"},
    {"problem": "multiclass"},
    {"problem": "multiclass", "classDataset": "arms", "classes": 5},
    {"percValidationData": 20.0},
]
NETWORK: list[dict[str, object]] = [
    {"networkShape": [3]},
    {"networkShape": []},
    {"xSquared": True},
    {"y": False},
    {"initZero": True},
    {"initializer": "he"},
    {"weightSeed": "another"},
    {"normalize": True},
]
NEITHER: list[dict[str, object]] = [
    {"learningRate": 0.1},
    {"activation": "relu"},
    {"regularization": "L2"},
    {"regularizationRate": 0.1},
    {"batchSize": 20},
    {"showTestData": True},
    {"discretize": True},
    {"regDataset": "reg-gauss"},
    {"hide": ["noise"]},
    {"tutorial": "one"},
    {"showWorst": True},
    {"compact": True},
    {"points": "AAAAAAAAA"},  # of no weight as long as the data are others
    {"classDataset": "rings"},
    {"classes": 4},
    {"loss": "hinge"},
    {"outputActivation": "linear"},
    {"activations": ["relu", "sine"]},
    {"optimizer": "adam"},
    {"momentum": 0.5},
    {"schedule": "cosine"},
    {"decayRate": 0.9},
    {"decayEpochs": 7},
    {"patience": 3},
    {"minDelta": 0.01},
    {"restoreBest": True},
    {"coverTest": True},
    {"reshuffle": True},
    {"dropout": 0.25},
    {"clipNorm": 1.0},
    {"regularizationMode": "loss"},
    {"images": "shapes"},
    {},
]


def name(fields: dict[str, object]) -> str:
    return "-".join(f"{key}-{value}" for key, value in fields.items()) or "nothing"


@pytest.mark.parametrize("change", DATA, ids=name)
def test_a_change_of_the_data_restarts_with_new_data(change: dict[str, object]) -> None:
    run = run_at(2)
    answer = apply(run, "configure", set=change)
    config = Config.model_validate(change)
    assert (answer["type"], answer["restarted"]) == ("applied", "data")
    assert (answer["epoch"], answer["run"], answer["version"]) == (0, 2, 1)
    assert run.config == config
    assert answer["data"]["train"] == Trainer(config).train_data.points
    assert answer["data"]["test"] == Trainer(config).test_data.points
    assert answer["data"]["domain"] == config.data.domain
    assert bits(run.trainer) == bits(Trainer(config))


@pytest.mark.parametrize("change", NETWORK, ids=name)
def test_a_change_of_the_network_restarts_with_the_same_data(change: dict[str, object]) -> None:
    run = run_at(2)
    points = run.trainer.train_data.points
    answer = apply(run, "configure", set=change)
    config = Config.model_validate(change)
    assert (answer["type"], answer["restarted"]) == ("applied", "network")
    assert (answer["epoch"], answer["run"], answer["version"]) == (0, 2, 1)
    assert run.trainer.train_data.points == points
    assert answer["layout"]["shape"] == config.shape
    assert answer["layout"]["features"] == config.features
    assert answer["layout"]["parameters"] == len(run.trainer.network.theta)
    assert bits(run.trainer) == bits(Trainer(config))


@pytest.mark.parametrize("change", NEITHER, ids=name)
def test_any_other_change_goes_on_with_the_same_network(change: dict[str, object]) -> None:
    run = run_at(2)
    before = bits(run.trainer)
    answer = apply(run, "configure", set=change)
    assert (answer["type"], answer["restarted"]) == ("applied", None)
    assert (answer["epoch"], answer["run"], answer["version"]) == (2, 1, 1)
    assert "data" not in answer
    assert run.config == Config.model_validate(change)
    assert bits(run.trainer) == before


def test_the_changes_above_leave_no_field_out() -> None:
    tried = {key for change in (*DATA, *NETWORK, *NEITHER) for key in change}
    alike = {*FEATURES, "hideText", "collectStats"}
    assert tried | alike == set(Config.model_fields)


def test_a_change_is_made_to_the_configuration_in_force() -> None:
    run = run_at(0, Config(learningRate=0.3, networkShape=(5,)))
    apply(run, "configure", set={"activation": "relu"})
    apply(run, "configure", set={"noise": 20})
    assert run.config == Config(learningRate=0.3, networkShape=(5,), activation="relu", noise=20)


def test_training_goes_on_under_the_new_rate() -> None:
    run = run_at(2)
    apply(run, "configure", set={"learningRate": 0.3})
    run.trainer.train(3)
    expected = Trainer(Config())
    expected.train(2)
    expected.reconfigure(Config(learningRate=0.3))
    expected.train(3)
    assert bits(run.trainer) == bits(expected)


def test_the_losses_are_those_under_the_new_activation() -> None:
    run = run_at(2)
    apply(run, "configure", set={"activation": "relu"})
    np.testing.assert_array_equal(run.losses.now, run.trainer.measure())
    assert run.losses.history.last is not None
    assert run.losses.history.last[:3] == (2, *run.trainer.losses())


def test_a_change_that_may_surprise_says_so_once() -> None:
    run = run_at(0)
    (note,) = apply(run, "configure", set={"patience": 5})["notes"]
    assert note == "The patience of 5 stops nothing early, because no points validate: see percValidationData."
    assert apply(run, "configure", set={"noise": 5})["notes"] == []
    assert apply(run, "configure", set={"percValidationData": 10})["notes"] == []
    (note,) = apply(run, "configure", set={"outputActivation": "step"})["notes"]
    assert note == (
        "The step has no slope that the squared loss could go down, so nothing is learnt: "
        "try crossEntropy or hinge or perceptron."
    )
    assert apply(run, "configure", set={"loss": "perceptron"})["notes"] == []
    assert apply(run, "configure", link="outputActivation=step")["notes"] == [note]


def test_a_run_that_was_stopped_early_goes_on_after_a_change() -> None:
    config = Config(networkShape=(2,), noise=50, percTrainData=10, percValidationData=20, learningRate=0.3, patience=5)
    run = run_at(200, config)
    assert run.trainer.stopped
    stopped = run.trainer.epoch
    apply(run, "configure", set={"learningRate": 0.1})
    run.trainer.train(3)
    assert run.trainer.epoch == stopped + 3


def test_a_playing_run_plays_on_with_its_new_network() -> None:
    run = run_at(2)
    apply(run, "play")
    answer = apply(run, "configure", set={"networkShape": [3]})
    assert answer["playing"]
    assert run.plays_on


def test_a_link_replaces_the_whole_configuration_and_its_notes_are_passed_on() -> None:
    run = run_at(2, Config(learningRate=0.3, noise=20))
    answer = apply(run, "configure", link="#activation=relu&noise=900&colour=red&v=1")
    assert run.config == Config(activation="relu", noise=100)
    assert answer["restarted"] == "data"
    assert len(answer["notes"]) == 2
    assert "noise" in answer["notes"][0]
    assert "colour" in answer["notes"][1]


def test_a_batch_larger_than_the_training_set_is_made_smaller_with_a_note() -> None:
    run = run_at(2)
    answer = apply(run, "configure", set={"batchSize": 400})
    assert run.config.batchSize == run.trainer.train_size == 250
    assert answer["config"]["batchSize"] == 250
    (note,) = answer["notes"]
    assert "250" in note
    assert answer["restarted"] is None
    assert answer["epoch"] == 2


def test_a_training_set_that_becomes_smaller_than_the_batch_makes_the_batch_smaller() -> None:
    run = run_at(2, Config(batchSize=100))
    answer = apply(run, "configure", set={"percTrainData": 10})
    assert run.config == Config(batchSize=50, percTrainData=10)
    assert (answer["restarted"], len(answer["notes"])) == ("data", 1)
    assert len(answer["data"]["train"]) == 50


def test_a_link_may_ask_for_a_batch_that_never_fills_and_is_told_so() -> None:
    run = run_at(0)
    answer = apply(run, "configure", link="batchSize=400&colour=red")
    assert run.config.batchSize == 400
    ignored, never = answer["notes"]
    assert "colour" in ignored
    assert "400" in never
    assert "250" in never
