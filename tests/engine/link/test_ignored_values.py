"""What of a link is ignored or moved to the nearest value, and how its notes say so."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config import Config
from engine.link.keys import SETTINGS
from engine.link.notes import MAX_NOTES
from tests.engine.link.links import quiet, read


@pytest.mark.parametrize(
    ("link", "taken", "note"),
    [
        ("batchSize=0", {"batchSize": 1}, "batchSize: expected 1 to 5000, got 0. 1 was taken."),
        ("batchSize=9999", {"batchSize": 5000}, "batchSize: expected 1 to 5000, got 9999. 5000 was taken."),
        ("noise=101.5&v=1", {"noise": 100}, "noise: expected 0 to 100, got 101.5. 100 was taken."),
        ("noise=-5", {"noise": 0}, "noise: expected 0 to 100, got -5. 0 was taken."),
        ("learningRate=-1", {"learningRate": 0}, "learningRate: expected at least 0, got -1. 0 was taken."),
        ("percTrainData=100", {"percTrainData": 99}, "percTrainData: expected 1 to 99, got 100. 99 was taken."),
        ("numSamples=1", {"numSamples": 100}, "numSamples: expected 100 to 5000, got 1. 100 was taken."),
        ("decayEpochs=0", {"decayEpochs": 1}, "decayEpochs: expected 1 to 1000000, got 0. 1 was taken."),
        ("dropout=1", {"dropout": 0.9}, "dropout: expected 0 to 0.9, got 1. 0.9 was taken."),
        ("momentum=1", {"momentum": 0.999}, "momentum: expected 0 to 0.999, got 1. 0.999 was taken."),
        ("classes=7", {"classes": 6}, "classes: expected 2 to 6, got 7. 6 was taken."),
        ("patience=-1", {"patience": 0}, "patience: expected 0 to 1000000, got -1. 0 was taken."),
        ("clipNorm=-1", {"clipNorm": 0}, "clipNorm: expected at least 0, got -1. 0 was taken."),
        (
            "networkShape=100",
            {"networkShape": (64,)},
            "networkShape: expected at most 10 layers of 1 to 64 units, got [100]. 64 was taken.",
        ),
        (
            "networkShape=0,65",
            {"networkShape": (1, 64)},
            "networkShape: expected at most 10 layers of 1 to 64 units, got [0, 65]. 1,64 was taken.",
        ),
    ],
)
def test_a_number_beyond_its_limits_is_moved_to_the_nearest_with_a_note(
    link: str, taken: dict[str, Any], note: str
) -> None:
    assert read(link) == (Config.model_validate(taken), [note])


def test_layers_beyond_the_tenth_are_left_out_with_a_note() -> None:
    config, (note,) = read("networkShape=" + ",".join(["3"] * 100_000))
    assert config == Config(networkShape=(3,) * 10)
    assert note.startswith("networkShape: expected at most 10 layers of 1 to 64 units, got ")
    assert note.endswith(" 3,3,3,3,3,3,3,3,3,3 was taken.")
    assert len(note) < 200


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ("batchSize=ten", "batchSize: expected a finite number, got 'ten'. The default was taken."),
        ("batchSize=2.5", "batchSize: expected a whole number, got '2.5'. The default was taken."),
        ("networkShape=4,two", "networkShape: expected a finite number, got '4,two'. The default was taken."),
        ("networkShape=4,,2", "networkShape: expected a finite number, got '4,,2'. The default was taken."),
        ("networkShape=4,2.5", "networkShape: expected a whole number, got '4,2.5'. The default was taken."),
        (
            f"seed={257 * 'a'}",
            f"seed: expected at most 256 characters, got '{58 * 'a'}…. The default was taken.",
        ),
        (
            "problem=clustering",
            "problem: expected 'classification', 'multiclass', 'regression' or 'images', got 'clustering'. "
            "The default was taken.",
        ),
        ("patience=2.5", "patience: expected a whole number, got '2.5'. The default was taken."),
        (
            "schedule=linear",
            "schedule: expected 'constant', 'step', 'exponential', 'inverse' or 'cosine', got 'linear'. "
            "The default was taken.",
        ),
        (
            "optimizer=lion",
            "optimizer: expected 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam' or 'adamw', got 'lion'. "
            "The default was taken.",
        ),
        (
            "loss=huber",
            "loss: expected one of squared, crossEntropy, hinge, perceptron for the problem classification, "
            "got 'huber'. "
            "The default was taken.",
        ),
        (
            "outputActivation=softmax",
            "outputActivation: expected one of tanh, linear, step for the problem classification, got 'softmax'. "
            "The default was taken.",
        ),
        (
            "loss=None",
            "loss: expected 'squared', 'crossEntropy', 'hinge', 'perceptron' or 'huber', got 'None'. "
            "The default was taken.",
        ),
        (
            "percValidationData=60",
            "percValidationData: expected at most 49 beside 50 % that train, got 60. The default was taken.",
        ),
        (
            "regDataset=circle",
            "regDataset: expected 'reg-plane', 'reg-gauss' or 'reg-own', got 'circle'. The default was taken.",
        ),
        ("points=gAAgAAgA", "points: expected 9 characters for each point, got 'gAAgAAgA'. The default was taken."),
        (
            "points=gAAgAA+gA",
            "points: expected letters, digits, - and _ alone, got 'gAAgAA+gA'. The default was taken.",
        ),
        (
            f"points={3001 * 'gAAgAAgAA'}",
            f"points: expected at most 3000 points, got '{6 * 'gAAgAAgAA'}gAAg…. The default was taken.",
        ),
        ("colour=red", "'colour' is not a setting of this playground and was ignored."),
        ("hide=noise", "'hide' is not a setting of this playground and was ignored."),
        ("<b>", "link: expected a link alone, or one that begins with #, got 'b'. What could be read of it was taken."),
    ],
)
def test_what_cannot_be_read_is_noted_and_the_rest_taken(link: str, note: str) -> None:
    assert read(f"{link}&discretize=true") == (Config(discretize=True), [note])


def test_an_unknown_name_of_a_table_takes_the_default_with_a_note() -> None:
    config, (note,) = read("activation=cubic&noise=5")
    assert config == Config(noise=5)
    assert note.startswith("activation: expected 'relu', 'tanh', ")
    assert note.endswith(", got 'cubic'. The default was taken.")


def test_what_fits_a_problem_that_is_none_is_judged_by_the_one_that_is_taken() -> None:
    config, notes = read("problem=clustering&loss=huber&outputActivation=softmax&noise=5")
    assert config == Config(noise=5)
    assert [note.partition(":")[0] for note in notes] == ["problem", "loss", "outputActivation"]
    assert quiet("problem=regression&loss=huber") == Config(problem="regression", loss="huber")


@pytest.mark.parametrize("names", ["relu,,tanh", "relu,cubic", ",", ",".join(["relu"] * 11), "relu," * 100_000])
def test_a_list_of_activations_that_are_none_or_too_many_takes_the_default_with_a_note(names: str) -> None:
    config, notes = read(f"activations={names}&noise=5")
    assert config == Config(noise=5)
    assert notes
    assert all(note.startswith("activations") and len(note) < 250 for note in notes)


def test_everything_that_is_wrong_is_noted() -> None:
    config, notes = read("activation=a&regularization=b&batchSize=d&noise=999&seed=" + 300 * "a" + "&e=f&g_hide=true")
    assert config == Config(noise=50)
    assert len(notes) == 7


def test_of_very_much_that_is_wrong_it_is_said_how_much_more_there_is() -> None:
    unknown = "&".join(f"key{number}=1" for number in range(100))
    (note,) = read(f"noise=5&{unknown}")[1]
    assert note == (
        "'key0', 'key1', 'key2', 'key3', 'key4' and 95 more are not settings of this playground and were ignored."
    )
    *_, note = notes = read("&".join(f"{name}=?" for name in SETTINGS))[1]
    assert len(notes) == MAX_NOTES
    assert note.endswith(" more parts of the link were not taken as they stand.")


@pytest.mark.parametrize("length", [257, 100_000])
def test_a_seed_that_is_too_long_is_noted_in_a_short_sentence(length: int) -> None:
    config, (note,) = read("seed=" + "x" * length)
    assert config == Config()
    assert note.startswith("seed: expected at most 256 characters, got 'xxx")
    assert len(note) < 200
