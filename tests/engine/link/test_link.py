"""Links: every configuration comes back from its link, and no text whatever makes reading one fail."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.config import Config
from engine.data.datasets import DATASETS
from engine.data.points import ALPHABET
from engine.images.image_sets import IMAGE_SETS
from engine.link.link import format_link
from engine.names import ControlName
from engine.tables.activations import ACTIVATIONS
from engine.tables.hideable_controls import CONTROLS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES, Loss
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS, Output
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS
from tests.engine.link.links import names, quiet, read

SEED_CHARACTERS = string.ascii_letters + string.digits + "._~!$'()*+,;:@/?%-"
datasets = {problem: [name for name, dataset in DATASETS.items() if dataset.problem == problem] for problem in TASKS}
positive = st.floats(0, allow_nan=False, allow_infinity=False)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "activation": st.sampled_from(list(ACTIVATIONS)),
    "regularization": st.sampled_from(list(PENALTIES)),
    "batchSize": st.integers(1, 5000),
    "dataset": st.sampled_from(datasets["classification"]),
    "regDataset": st.sampled_from(datasets["regression"]),
    "learningRate": positive,
    "regularizationRate": positive,
    "noise": st.floats(0, 100),
    "networkShape": st.lists(st.integers(1, 64), max_size=10).map(tuple),
    "seed": st.text(SEED_CHARACTERS, min_size=1, max_size=256),
    "percTrainData": st.floats(1, 99),
    "tutorial": st.text(SEED_CHARACTERS, max_size=256),
    "problem": st.sampled_from(list(TASKS)),
    "hide": st.lists(st.sampled_from(list(CONTROLS)), max_size=len(CONTROLS)).map(tuple),
    "numSamples": st.none() | st.integers(100, 5000),
    "classDataset": st.sampled_from(datasets["multiclass"]),
    "classes": st.integers(2, 6),
    "loss": st.none() | st.sampled_from(list(LOSSES)),
    "outputActivation": st.none() | st.sampled_from(list(OUTPUTS)),
    "activations": st.lists(st.sampled_from(list(ACTIVATIONS)), max_size=10).map(tuple),
    "optimizer": st.sampled_from(list(OPTIMIZERS)),
    "momentum": st.floats(0, 0.999),
    "schedule": st.sampled_from(list(SCHEDULES)),
    "decayRate": st.floats(0, 10),
    "decayEpochs": st.integers(1, 1_000_000),
    "initializer": st.sampled_from(list(INITIALIZERS)),
    "weightSeed": st.text(SEED_CHARACTERS, max_size=256),
    "percValidationData": st.floats(0, 98),
    "patience": st.integers(0, 1_000_000),
    "dropout": st.floats(0, 0.9),
    "clipNorm": positive,
    "minDelta": positive,
    "regularizationMode": st.sampled_from(list(MODES)),
    "images": st.sampled_from(list(IMAGE_SETS)),
    "points": st.lists(st.text(ALPHABET, min_size=9, max_size=9), max_size=5).map("".join),
    **{name: st.booleans() for name, field in Config.model_fields.items() if field.annotation is bool},
}


def fitting(values: dict[str, Any]) -> Config:
    """The configuration of some values, without those that do not go together with the others."""
    problem, train = values.get("problem", "classification"), values.get("percTrainData", 50.0)
    tables: dict[str, Mapping[str, Output | Loss]] = {"loss": LOSSES, "outputActivation": OUTPUTS}
    for field, table in tables.items():
        if values.get(field) and problem not in table[values[field]].problems:
            del values[field]
    if values.get("percValidationData", 0) > 99 - train:
        del values["percValidationData"]
    return Config.model_validate(values)


configs = st.fixed_dictionaries({}, optional=FIELDS).map(fitting)


def without_scheme(config: Config) -> bool:
    """Whether no text of a configuration looks like the beginning of a URL."""
    return "://" not in f"{config.seed} {config.tutorial} {config.weightSeed}"


# --- there and back -------------------------------------------------------------------------------------------------


def test_configurations_are_generated_with_every_field() -> None:
    assert set(FIELDS) == set(Config.model_fields)


@given(configs)
def test_every_configuration_comes_back_from_its_link(config: Config) -> None:
    link = format_link(config)
    assert quiet("#" + link) == config
    assert quiet("https://playground.example/run?a=1#" + link) == config
    if without_scheme(config):
        assert quiet(link) == config


@pytest.mark.parametrize("name", ["seed", "tutorial", "weightSeed"])
def test_a_text_that_looks_like_a_url_comes_back_from_a_bare_link(name: str) -> None:
    config = Config.model_validate({name: "see://there"})
    assert quiet(format_link(config)) == config


@given(configs)
def test_a_link_consists_of_what_a_browser_leaves_as_it_is(config: Config) -> None:
    assert set(format_link(config)) <= set(SEED_CHARACTERS + "&=_")


def test_a_link_leaves_out_what_is_at_its_default_but_for_the_seed() -> None:
    assert format_link(Config()) == "seed=0.5"
    assert format_link(Config(seed="7", x=False)) == "seed=7&x=false"


@given(configs)
def test_a_link_says_nothing_that_is_at_its_default(config: Config) -> None:
    said = dict(pair.split("=", 1) for pair in format_link(config).split("&"))
    default = Config()
    for name in Config.model_fields:
        if name not in ("seed", "hide"):
            usual = TASKS[config.problem].defaults.get(name, getattr(default, name))
            assert (name in said) == (getattr(config, name) != usual)


def test_values_are_written_as_the_original_writes_them() -> None:
    config = Config(
        activation="relu",
        batchSize=30,
        learningRate=0.003,
        regularizationRate=1,
        noise=25,
        percTrainData=90,
        networkShape=(8, 8, 8),
        showTestData=True,
        problem="regression",
        hide=("noise", "playButton"),
    )
    assert format_link(config) == (
        "activation=relu&batchSize=30&learningRate=0.003&regularizationRate=1&noise=25&networkShape=8,8,8&seed=0.5"
        "&showTestData=true&percTrainData=90&problem=regression&playButton_hide=true&noise_hide=true"
    )
    assert format_link(Config(networkShape=())) == "networkShape=&seed=0.5"


def test_a_very_large_number_is_written_in_short() -> None:
    assert format_link(Config(learningRate=1e300)) == "learningRate=1e+300&seed=0.5"


EVERYTHING: dict[str, Any] = {
    **{name: not field.default for name, field in Config.model_fields.items() if field.annotation is bool},
    "activation": max(ACTIVATIONS, key=len),
    "regularization": "L2",
    "batchSize": 1234,
    "dataset": "own",
    "regDataset": "reg-own",
    "learningRate": 0.0003,
    "regularizationRate": 0.0003,
    "noise": 12.5,
    "networkShape": (64,) * 10,
    "seed": "0.68609",
    "percTrainData": 12.5,
    "tutorial": "points-of-your-own",
    "problem": "multiclass",
    "hide": tuple(CONTROLS),
    "numSamples": 1234,
    "classDataset": "class-own",
    "classes": 6,
    "loss": "perceptron",
    "outputActivation": "softmax",
    "activations": (max(ACTIVATIONS, key=len),) * 10,
    "optimizer": "momentum",
    "momentum": 0.123456789,
    "schedule": "exponential",
    "decayRate": 0.123456789,
    "decayEpochs": 123_456,
    "initializer": "xavier",
    "weightSeed": "0.68609",
    "percValidationData": 12.5,
    "patience": 123_456,
    "dropout": 0.123456789,
    "clipNorm": 0.123456789,
    "minDelta": 0.123456789,
    "regularizationMode": "loss",
    "images": "four-pixels",
}


@pytest.mark.parametrize(("points", "longest"), [(300, 4_600), (3_000, 32_768)])
def test_a_link_with_points_and_everything_else_changed_stays_short(points: int, longest: int) -> None:
    config = Config.model_validate(EVERYTHING | {"points": "AAA___djw" * points})
    assert all(getattr(config, name) != field.default for name, field in Config.model_fields.items())
    link = format_link(config)
    assert len(link) < longest
    assert quiet(link) == config


# --- hidden controls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_can_be_hidden(control: ControlName) -> None:
    config = Config(hide=(control,))
    assert format_link(config) == f"seed=0.5&{control}_hide=true{'&v=1' if control in ('x', 'y') else ''}"
    assert quiet(format_link(config)) == config


@pytest.mark.parametrize("text", ["false", "", "True", "1"])
def test_a_control_is_hidden_only_where_it_says_true(text: str) -> None:
    assert read(f"noise_hide={text}")[0] == Config()


@pytest.mark.parametrize("key", ["everything_hide", "_hide"])
def test_hiding_what_is_no_control_is_noted(key: str) -> None:
    assert read(f"{key}=true") == (
        Config(),
        [f"'{key}' names no control of this playground and was ignored."],
    )


# --- anything at all ------------------------------------------------------------------------------------------------


def assert_understood(link: str) -> None:
    config, notes = read(link)
    assert Config.model_validate(config.model_dump()) == config
    assert quiet("#" + format_link(config)) == config
    assert all(note.endswith(".") for note in notes)


@settings(max_examples=300)
@given(st.text(st.characters(codec=None)))
@example("\ud800=\udfff&#=#&%=%zz")
def test_no_text_makes_reading_a_link_fail(link: str) -> None:
    assert_understood(link)


keys = st.sampled_from(
    [*Config.model_fields, *(f"{name}_hide" for name in CONTROLS), "v", "", "hide", "_hide", "seed "]
)
usual = names | st.sampled_from(
    ["true", "false", "0", "1", "60", "-1", "1e9", "4,2", "4,,2", ",", "relu,tanh"],
)
values = st.one_of(
    usual, st.text(max_size=12), st.integers().map(str), st.floats().map(str), st.text("0123456789,.e+-_ ")
)
pairs = st.tuples(keys | st.text(max_size=8), st.sampled_from(["=", "", "=="]), values).map("".join)


@settings(max_examples=500)
@given(st.lists(pairs, max_size=12).map("&".join), st.sampled_from(["", "#", "https://example.org/#"]))
def test_no_soup_of_keys_and_values_makes_reading_a_link_fail(soup: str, before: str) -> None:
    assert_understood(before + soup)
