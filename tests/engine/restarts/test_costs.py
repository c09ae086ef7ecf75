"""What has to be made anew for a change of a configuration: data, the network, or nothing."""

from __future__ import annotations

import pytest

from engine.config import Config
from engine.data.datasets import Point
from tests.engine.runs import PLANE_TASKS, own

PLACES = [Point(1, 2, 1), Point(-3, 0.5, -1)]

CHANGES: dict[str, tuple[object, str | None]] = {
    "activation": ("relu", None),
    "regularization": ("L2", None),
    "batchSize": (11, None),
    "dataset": ("spiral", "data"),
    "regDataset": ("reg-gauss", None),  # not in use; see below
    "learningRate": (0.1, None),
    "regularizationRate": (0.1, None),
    "noise": (5.0, "data"),
    "networkShape": ((4, 3), "network"),
    "seed": ("0.6", "data"),
    "showTestData": (True, None),
    "discretize": (True, None),
    "percTrainData": (60.0, "data"),
    "x": (False, "network"),
    "y": (False, "network"),
    "xSquared": (True, "network"),
    "ySquared": (True, "network"),
    "xTimesY": (True, "network"),
    "sinX": (True, "network"),
    "sinY": (True, "network"),
    "cosX": (True, "network"),
    "cosY": (True, "network"),
    "collectStats": (True, None),
    "tutorial": ("first", None),
    "problem": ("regression", "data"),
    "initZero": (True, "network"),
    "hideText": (True, None),
    "hide": (("noise",), None),
    "numSamples": (400, "data"),
    "showWorst": (True, None),
    "compact": (True, None),
    "points": ("gAAgAAgAA", None),  # not in use; see below
    "classDataset": ("arms", None),  # not in use either
    "classes": (4, None),  # not in use either
    "loss": ("hinge", None),
    "outputActivation": ("linear", None),
    "activations": (("relu",), None),
    "optimizer": ("adam", None),
    "momentum": (0.5, None),
    "schedule": ("step", None),
    "decayRate": (0.1, None),
    "decayEpochs": (10, None),
    "initializer": ("xavier", "network"),
    "weightSeed": ("w", "network"),
    "normalize": (True, "network"),
    "percValidationData": (20.0, "data"),
    "patience": (5, None),
    "minDelta": (0.01, None),
    "restoreBest": (True, None),
    "coverTest": (True, None),
    "reshuffle": (True, None),
    "dropout": (0.5, None),
    "clipNorm": (1.0, None),
    "regularizationMode": ("loss", None),
    "images": ("shapes", None),  # not in use either
}
"""Another value of each field, and what has to be made anew for it."""


def test_every_field_is_classified_by_what_its_change_costs() -> None:
    assert set(CHANGES) == set(Config.model_fields)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_makes_anew_no_more_than_it_has_to(name: str) -> None:
    value, expected = CHANGES[name]
    config, changed = Config(), Config.model_validate({name: value})
    assert changed != config
    assert config.restarts(changed) == expected
    assert changed.restarts(config) == expected


def test_nothing_is_made_anew_without_a_change() -> None:
    assert Config().restarts(Config()) is None


def test_only_a_change_of_the_data_set_in_use_makes_data_anew() -> None:
    regression = Config(problem="regression")
    assert regression.restarts(Config(problem="regression", dataset="spiral")) is None
    assert regression.restarts(Config(problem="regression", regDataset="reg-gauss")) == "data"
    classes = Config(problem="multiclass")
    assert classes.restarts(Config(problem="multiclass", classDataset="arms")) == "data"
    assert classes.restarts(Config(problem="multiclass", classes=4)) == "data"


def test_the_number_of_classes_makes_nothing_anew_where_the_data_set_has_its_own() -> None:
    quadrants = Config(problem="multiclass", classDataset="quadrants")
    assert quadrants.restarts(quadrants.model_copy(update={"classes": 6})) is None


def test_zeros_are_the_same_however_they_are_asked_for() -> None:
    assert Config(initZero=True).restarts(Config(initializer="zero")) is None


def test_saying_the_usual_number_of_points_makes_nothing_anew() -> None:
    assert Config().restarts(Config(numSamples=500)) is None


def test_another_feature_of_the_same_shape_makes_the_network_anew() -> None:
    assert Config(x=True, y=False).restarts(Config(x=False, y=True)) == "network"


def test_data_and_network_both_changed_count_as_data() -> None:
    assert Config().restarts(Config(seed="0.6", networkShape=(1,))) == "data"


@pytest.mark.parametrize("problem", PLANE_TASKS)
def test_what_changes_points_of_ones_own_makes_data_anew_and_nothing_else(problem: str) -> None:
    config = own(PLACES, problem=problem)
    for points in (PLACES[:-1], []):
        assert config.restarts(own(points, problem=problem)) == "data"
    for change in ({"noise": 5}, {"seed": "a"}, {"percTrainData": 60}):
        assert config.restarts(own(PLACES, problem=problem, **change)) == "data"
    assert config.restarts(own(PLACES, problem=problem, numSamples=300)) is None


def test_the_same_points_are_other_data_under_another_problem() -> None:
    assert own(PLACES, problem="classification").restarts(own(PLACES, problem="regression")) == "data"
