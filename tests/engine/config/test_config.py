"""Configurations: what is accepted, what follows from the fields, and a person's own points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from engine.config import LIMITS, Config
from engine.data.datasets import DATASETS, Point
from engine.data.points import encode
from engine.random_stream import Stream
from engine.tables.activations import ACTIVATIONS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS
from tests.engine.config.configs import refusals
from tests.engine.runs import PLANE_TASKS

ORIGINAL = {
    "activation": "tanh",
    "regularization": "none",
    "batchSize": 10,
    "dataset": "circle",
    "regDataset": "reg-plane",
    "learningRate": 0.03,
    "regularizationRate": 0,
    "noise": 0,
    "networkShape": (4, 2),
    "showTestData": False,
    "discretize": False,
    "percTrainData": 50,
    "x": True,
    "y": True,
    "xTimesY": False,
    "xSquared": False,
    "ySquared": False,
    "cosX": False,
    "sinX": False,
    "cosY": False,
    "sinY": False,
    "collectStats": False,
    "problem": "classification",
    "initZero": False,
    "hideText": False,
}
"""What the original takes where its link says nothing. It draws a seed of its own, so that has no default there."""


def config_with(name: str, value: object) -> Config:
    return Config.model_validate({name: value})


def test_what_is_not_said_is_as_in_the_original() -> None:
    config = Config().model_dump()
    assert {name: config[name] for name in ORIGINAL} == ORIGINAL


@pytest.mark.parametrize(("problem", "points"), [("classification", 500), ("regression", 1200)])
def test_as_many_points_are_drawn_as_in_the_original(problem: str, points: int) -> None:
    assert Config.model_validate({"problem": problem}).samples == points
    assert Config.model_validate({"problem": problem, "numSamples": 101}).samples == 101


def test_a_problem_of_many_classes_draws_as_many_points_as_one_of_two() -> None:
    assert Config(problem="multiclass").samples == 500


def test_the_problem_chooses_among_the_data_sets() -> None:
    config = Config(dataset="spiral", regDataset="reg-gauss", classDataset="arms")
    assert config.data is DATASETS["spiral"]
    assert config.model_copy(update={"problem": "multiclass"}).data is DATASETS["arms"]
    assert config.model_copy(update={"problem": "regression"}).data is DATASETS["reg-gauss"]


def test_features_are_in_network_order_and_the_shape_begins_with_their_number() -> None:
    config = Config(sinY=True, x=False, xSquared=True, networkShape=(3, 5))
    assert config.features == ("y", "xSquared", "sinY")
    assert config.shape == (3, 3, 5, 1)
    assert Config(x=False, y=False, networkShape=()).shape == (0, 1)


def test_the_shape_ends_with_an_output_for_each_of_many_classes() -> None:
    assert Config(problem="multiclass", classes=5).shape == (2, 4, 2, 5)
    assert Config(problem="multiclass", classes=5, classDataset="quadrants").shape == (2, 4, 2, 4)
    assert Config(classes=5, classDataset="quadrants").shape == (2, 4, 2, 1)


def test_a_hidden_layer_has_its_own_activation_or_that_of_all() -> None:
    config = Config(networkShape=(1, 2, 3), activation="sine", activations=("relu", "tanh"))
    assert config.hidden_activations == ("relu", "tanh", "sine")
    assert config.model_copy(update={"networkShape": (1,)}).hidden_activations == ("relu",)
    assert config.model_copy(update={"networkShape": ()}).hidden_activations == ()
    assert Config().hidden_activations == ("tanh", "tanh")


@pytest.mark.parametrize(
    ("problem", "output", "loss"),
    [
        ("classification", "tanh", "squared"),
        ("multiclass", "softmax", "crossEntropy"),
        ("regression", "linear", "squared"),
    ],
)
def test_a_problem_has_an_output_and_a_loss_of_its_own_until_others_are_named(
    problem: str, output: str, loss: str
) -> None:
    config = config_with("problem", problem)
    assert (config.output_name, config.loss_name) == (output, loss)
    for name in OUTPUTS:
        if problem in OUTPUTS[name].problems:
            named = Config.model_validate({"problem": problem, "outputActivation": name})
            assert (named.output_name, named.loss_name) == (name, loss)
    for name in LOSSES:
        if problem in LOSSES[name].problems:
            named = Config.model_validate({"problem": problem, "loss": name})
            assert (named.output_name, named.loss_name) == (output, name)


def test_from_zero_is_one_way_to_begin_whatever_else_is_named() -> None:
    assert Config(initializer="he").initializer_name == "he"
    assert Config(initializer="he", initZero=True).initializer_name == "zero"


def test_a_configuration_cannot_be_changed() -> None:
    config = Config()
    for name in Config.model_fields:
        with pytest.raises(AttributeError, match=rf"config\.replace\({name}=\.\.\.\)"):
            setattr(config, name, getattr(config, name))


def test_equal_configurations_are_one_key() -> None:
    assert {Config(seed="a"): 1}[Config(seed="a", noise=-0.0, networkShape=(4, 2))] == 1


# --- what is accepted -----------------------------------------------------------------------------------------------

EDGES: dict[str, tuple[float, float]] = {
    "batchSize": (1, 5000),
    "learningRate": (0, math.inf),
    "regularizationRate": (0, math.inf),
    "noise": (0, 100),
    "percTrainData": (1, 99),
    "numSamples": (100, 5000),
    "classes": (2, 6),
    "momentum": (0, 0.999),
    "decayRate": (0, 10),
    "decayEpochs": (1, 1_000_000),
    "percValidationData": (0, 98),
    "patience": (0, 1_000_000),
    "minDelta": (0, math.inf),
    "dropout": (0, 0.9),
    "clipNorm": (0, math.inf),
}
WHOLE = {"batchSize", "numSamples", "classes", "decayEpochs", "patience"}
LEAST: dict[str, Any] = {"percTrainData": 1.0}
"""Leaves as much for the other parts of the data as there can be."""


def test_the_limits_are_the_intended_ones() -> None:
    assert LIMITS == EDGES


@pytest.mark.parametrize("name", EDGES)
def test_a_number_is_accepted_at_its_edges_and_refused_beyond(name: str) -> None:
    low, high = EDGES[name]
    below = low - 1 if name in WHOLE else math.nextafter(low, -math.inf)
    assert getattr(config_with(name, low), name) == low
    assert refusals(**{name: below}) == [(name, f"at least {low}", repr(below))]
    if high == math.inf:
        assert getattr(config_with(name, 1.7e308), name) == 1.7e308
        assert refusals(**{name: math.inf}) == [(name, "a finite number", "inf")]
    else:
        above = high + 1 if name in WHOLE else math.nextafter(high, math.inf)
        assert getattr(Config.model_validate(LEAST | {name: high}), name) == high
        assert refusals(**{name: above}) == [(name, f"at most {high}", repr(above))]


def test_a_network_may_have_none_to_ten_hidden_layers_of_1_to_64_units() -> None:
    for shape in ((), (1,), (64,) * 10):
        assert Config(networkShape=shape).networkShape == shape


@pytest.mark.parametrize("name", ["seed", "tutorial"])
def test_a_text_may_have_256_characters_of_those_that_no_browser_rewrites(name: str) -> None:
    every = "".join(chr(code) for code in range(128) if chr(code).isalnum()) + "._~!$'()*+,;:@/?%-"
    for text in (every, "x" * 256):
        assert getattr(config_with(name, text), name) == text


def test_a_whole_number_is_taken_where_any_number_is_allowed() -> None:
    config = Config(learningRate=1, noise=25)
    assert (config.learningRate, config.noise) == (1.0, 25.0)
    assert isinstance(config.learningRate, float)


def test_hidden_controls_come_in_one_order_and_once() -> None:
    assert Config(hide=("noise", "playButton", "noise")) == Config(hide=("playButton", "noise"))


def test_every_name_of_a_table_is_accepted() -> None:
    for name in ACTIVATIONS:
        assert config_with("activation", name).activation == name
        layers = Config.model_validate({"networkShape": (1, 1), "activations": (name,)})
        assert layers.hidden_activations == (name, "tanh")
    fields: dict[str, Iterable[str]] = {
        "regularization": PENALTIES,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
        "initializer": INITIALIZERS,
        "problem": TASKS,
    }
    for field, table in fields.items():
        for name in table:
            assert getattr(config_with(field, name), field) == name
    for name, dataset in DATASETS.items():
        field = TASKS[dataset.problem].dataset
        assert Config.model_validate({"problem": dataset.problem, field: name}).data is dataset


def test_json_and_back_is_the_same_configuration() -> None:
    config = Config(networkShape=(3, 2, 1), seed="x", noise=12.5, hide=("noise",), numSamples=300, problem="regression")
    assert Config.model_validate_json(config.model_dump_json()) == config


# --- one's own points -----------------------------------------------------------------------------------------------

PLACES = [Point(1, 2, 1), Point(-3, 0.5, -1), Point(0, 0, 0), Point(5, -5, -0.0001), Point(2, 2, 7)]
SETS_OF_ONES_OWN = {"dataset": "own", "regDataset": "reg-own", "classDataset": "class-own"}


def own(problem: str = "classification", **values: Any) -> Config:
    return Config.model_validate({**SETS_OF_ONES_OWN, "problem": problem, "points": encode(PLACES), **values})


def test_points_of_ones_own_are_drawn_as_they_are() -> None:
    assert own("regression").draw(Stream("a")) == PLACES
    assert own("regression").samples == 5


def test_one_of_two_classes_is_the_sign_of_the_label() -> None:
    assert [point.label for point in own().draw(Stream("a"))] == [1, -1, 1, -1, 1]


def test_one_of_many_classes_is_the_whole_number_nearest_to_the_label() -> None:
    assert [point.label for point in own("multiclass", classes=3).draw(Stream("a"))] == [1, 0, 0, 0, 2]
    labels = [-0.5, 0.4999, 0.5, 1.4999, 1.5, 4.5, 5, 13]
    points = encode([Point(0, 0, label) for label in labels])
    assert [point.label for point in own("multiclass", classes=6, points=points).draw(Stream("a"))] == [
        *(0, 0, 1, 1, 2, 5, 5, 5)
    ]


@pytest.mark.parametrize("problem", PLANE_TASKS)
def test_noise_moves_points_of_ones_own_and_none_takes_as_many_draws(problem: str) -> None:
    silent, noisy, draws = Stream("a"), Stream("a"), Stream("a")
    still, moved = own(problem).draw(silent), own(problem, noise=50).draw(noisy)
    for before, after in zip(still, moved, strict=True):
        assert after.x == before.x + draws.uniform(-1, 1) * 0.5
        assert after.y == before.y + draws.uniform(-1, 1) * 0.5
        assert after.label == before.label
    assert silent.random() == noisy.random() == draws.random()


@pytest.mark.parametrize("problem", PLANE_TASKS)
def test_a_data_set_of_ones_own_may_have_no_points_and_as_many_as_three_thousand(problem: str) -> None:
    assert own(problem, points="").samples == len(own(problem, points="").draw(Stream("a"))) == 0
    full = own(problem, points=encode(PLACES) * 600)
    assert full.samples == len(full.draw(Stream("a"))) == 3000


@pytest.mark.parametrize("name", [name for name, dataset in DATASETS.items() if not dataset.own])
def test_any_other_data_set_draws_its_own_points(name: str) -> None:
    dataset = DATASETS[name]
    config = own(dataset.problem, **{TASKS[dataset.problem].dataset: name}, numSamples=101, noise=20, classes=5)
    assert config.draw(Stream("a")) == dataset.make(101, 0.2, Stream("a"), 4 if name == "quadrants" else 5)
