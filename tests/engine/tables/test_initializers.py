"""The first weights: how each initializer spreads them, and what they are drawn from.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.random_stream import Stream
from engine.tables import Array
from engine.tables.initializers import INITIALIZERS
from engine.trainer import Trainer
from tests.engine.runs import small

DRAWS = 4000
INPUTS, UNITS = 24, 6
EVENLY = {"uniform": 0.5, "xavier": math.sqrt(6 / (INPUTS + UNITS))}
NORMALLY = {"normal": 1.0, "he": math.sqrt(2 / INPUTS)}
WIDE = {"networkShape": (64, 32, 8)}

every_initializer = pytest.mark.parametrize("name", INITIALIZERS)


def drawn(name: str) -> Array:
    stream = Stream("weights")
    return np.array([INITIALIZERS[name].f(stream, INPUTS, UNITS) for _ in range(DRAWS)])


def test_every_initializer_is_told_of_here() -> None:
    assert EVENLY.keys() | NORMALLY.keys() | {"zero"} == INITIALIZERS.keys()


@pytest.mark.parametrize("name", EVENLY)
def test_weights_lie_evenly_between_two_limits(name: str) -> None:
    weights, limit = drawn(name), EVENLY[name]
    assert -limit <= weights.min() < -0.99 * limit < 0.99 * limit < weights.max() < limit
    # Within five standard errors: each tenth of the interval, and the variance limit^2 / 3.
    counts, _ = np.histogram(weights, 10, (-limit, limit))
    np.testing.assert_allclose(counts / DRAWS, 0.1, atol=5 * math.sqrt(0.09 / DRAWS))
    assert weights.var() == pytest.approx(limit**2 / 3, rel=5 * math.sqrt(0.8 / DRAWS))


@pytest.mark.parametrize("name", NORMALLY)
def test_weights_are_normal_with_the_stated_variance(name: str) -> None:
    weights = drawn(name) / NORMALLY[name]
    assert weights.mean() == pytest.approx(0, abs=5 / math.sqrt(DRAWS))
    assert weights.var() == pytest.approx(1, rel=5 * math.sqrt(2 / DRAWS))
    assert (np.abs(weights) < 1).mean() == pytest.approx(0.6827, abs=5 * math.sqrt(0.6827 * 0.3173 / DRAWS))


def test_zero_is_zero_and_takes_no_draw() -> None:
    stream = Stream("weights")
    assert INITIALIZERS["zero"].f(stream, INPUTS, UNITS) == 0
    assert stream.random() == Stream("weights").random()


@every_initializer
def test_a_run_begins_with_weights_of_each_layers_own_spread_and_the_biases_that_belong_to_them(name: str) -> None:
    trainer = Trainer(small(initializer=name, **WIDE))
    stream = Stream(trainer.config.seed)
    for _ in range(400 + 100):  # each place and its noise, then the shuffle, take this many draws of the circle
        stream.random()
    for layer in trainer.network.layers:
        units, inputs = layer.weights.shape
        expected = [[INITIALIZERS[name].f(stream, inputs, units) for _ in range(inputs)] for _ in range(units)]
        assert layer.weights.tolist() == expected
        assert set(layer.biases.tolist()) == {0.1 if name == "uniform" else 0.0}


def test_wide_layers_keep_the_size_of_signals_where_their_initializer_is_made_for_them() -> None:
    def size(initializer: str, activation: str) -> float:
        """How large the signals of the last of five wide layers are beside those of the first."""
        config = small(initializer=initializer, activation=activation, networkShape=(64,) * 5, normalize=True)
        layers, _ = Trainer(config).probe(2.0, -3.0)
        first, last = layers[1], layers[5]
        return float(np.sqrt(np.square(last).mean() / np.square(first).mean()))

    assert 0.5 < size("he", "relu") < 2
    assert 0.5 < size("xavier", "linear") < 2
    assert size("xavier", "relu") < 0.5
    assert size("normal", "relu") > 50


def test_another_seed_of_weights_is_other_weights_on_the_same_data() -> None:
    usual, first, second, again = (Trainer(small(weightSeed=seed)) for seed in ("", "1", "2", "1"))
    for run in (first, second):
        assert run.parts.train.points == usual.parts.train.points
        assert run.parts.test.points == usual.parts.test.points
    thetas = [run.network.theta.tolist() for run in (usual, first, second)]
    assert len({tuple(theta) for theta in thetas}) == 3
    assert again.network.theta.tolist() == thetas[1]


def test_weights_of_their_own_seed_are_the_same_whatever_the_data() -> None:
    runs = [Trainer(small(weightSeed="w", **data)) for data in ({}, {"seed": "other"}, {"dataset": "xor", "noise": 20})]
    assert len({tuple(run.network.theta.tolist()) for run in runs}) == 1
    assert runs[0].network.theta[0] == Stream("w").random() - 0.5


@every_initializer
def test_init_zero_means_zeros_whatever_is_named(name: str) -> None:
    trainer, usual = Trainer(small(initZero=True, initializer=name)), Trainer(small(initializer=name))
    assert not trainer.network.theta.any()
    assert trainer.train_data.points == usual.train_data.points
