"""Configurations from a script, with NumPy's values and numbers as seeds."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.errors import InvalidConfigError
from engine.link.link import parse_link


def test_values_of_numpy_are_taken_where_those_of_python_are() -> None:
    values: dict[str, Any] = {
        "batchSize": np.int64(20),
        "numSamples": np.uint16(300),
        "learningRate": np.float32(0.5),
        "noise": np.int8(25),
        "momentum": np.array(0.5),
        "showTestData": np.bool_(True),
        "x": np.bool_(False),
        "dataset": np.str_("spiral"),
        "networkShape": np.array([3, 2]),
        "activations": np.array(["relu", "sine"]),
        "hide": np.array(["noise"]),
        "seed": np.int64(7),
        "weightSeed": np.float64(0.5),
    }
    same = Config(
        batchSize=20,
        numSamples=300,
        learningRate=0.5,
        noise=25,
        momentum=0.5,
        showTestData=True,
        x=False,
        dataset="spiral",
        networkShape=(3, 2),
        activations=("relu", "sine"),
        hide=("noise",),
        seed="7",
        weightSeed="0.5",
    )
    for config in (Config(**values), Config().replace(**values)):
        assert config == same
        assert {type(value) for _, value in config} <= {bool, int, float, str, tuple, type(None)}
    assert [type(units) for units in same.networkShape] == [int, int]
    wrong: dict[str, Any] = {"batchSize": np.float64(10), "x": np.int64(1), "learningRate": np.bool_(True)}
    for name, value in wrong.items():
        with pytest.raises(InvalidConfigError, match=f"^{name}: expected "):
            Config(**{name: value})


@pytest.mark.parametrize(
    ("seed", "text"),
    [(1, "1"), (1.0, "1"), (0.5, "0.5"), (0.68609, "0.68609"), (-3, "-3"), (1e22, "1e+22"), (2**70, str(2**70))],
)
def test_a_number_is_the_seed_that_a_link_has_for_it(seed: float, text: str) -> None:
    config = Config(seed=seed, weightSeed=seed)
    assert (config.seed, config.weightSeed) == (text, text)
    assert parse_link(f"seed={text}").config.seed == config.seed


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(seed=1, networkShape=(), noise=12.5, x=False, hide=("noise",), loss="hinge"),
        Config(problem="multiclass", activations=("relu",), weightSeed="it's", points="gAAgAAgAA"),
    ],
)
def test_a_configuration_is_shown_as_the_call_that_makes_it(config: Config) -> None:
    assert eval(repr(config), {"Config": Config}) == config
    assert str(config) == repr(config)


def test_only_what_is_not_at_its_default_is_shown() -> None:
    assert repr(Config()) == "Config()"
    assert repr(Config(noise=0, dataset="spiral")) == "Config(dataset='spiral')"


def test_some_fields_are_replaced_and_the_whole_is_checked() -> None:
    config = Config(problem="regression", loss="huber", seed="a")
    assert config.replace(learningRate=0.1, seed=2) == Config(
        problem="regression", loss="huber", learningRate=0.1, seed="2"
    )
    assert config == Config(problem="regression", loss="huber", seed="a")
    with pytest.raises(InvalidConfigError, match=r"^loss: expected one of squared, .* got 'huber'\.$"):
        config.replace(problem="classification")


def test_a_refusal_has_a_sentence_for_each_field_and_offers_the_nearest_name() -> None:
    with pytest.raises(InvalidConfigError) as refused:
        Config(**dict[str, Any](dataset="spirl", Batchsize=3, networkShape=4))
    sentences = str(refused.value).splitlines()
    assert [sentence.partition(":")[0] for sentence in sentences] == ["dataset", "networkShape", "Batchsize"]
    assert sentences[0].endswith(", got 'spirl' (did you mean 'spiral'?).")
    assert sentences[1] == "networkShape: expected a list, got 4."
    assert sentences[2] == "Batchsize: expected the name of a field, got 'Batchsize' (did you mean 'batchSize'?)."


def test_a_refusal_comes_whole_out_of_another_process() -> None:
    with pytest.raises(InvalidConfigError) as refused:
        Config(noise=-1)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.problems) == (str(refused.value), refused.value.problems)
