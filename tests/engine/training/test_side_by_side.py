"""Many networks side by side pass points as each of them does alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.training.network import Network, Pass
from tests.engine.training.networks import (
    SIDE_BY_SIDE,
    every_loss_of_many,
    every_output,
    inputs,
    masks,
    several,
    with_noise,
)


def assert_alike(side_by_side: Network, loss: str, count: int = 5, drop: bool = False) -> None:
    """Whether each network passes points forward and back as it does by itself, to the bit."""
    X, Y = (
        np.hstack([array, array])[:, 1 : count + 1] for array in inputs(count)
    )  # parts of larger arrays, as in a run
    judge, together = LOSSES[loss], Pass(side_by_side, count)

    def way(passed: Pass) -> tuple[list[Array], Array, Array]:
        passed.forward_dropping(X, masks(count)) if drop else passed.forward(X)
        outputs, judged = [a.copy() for a in passed.outputs], passed.loss_input(judge).copy()
        return outputs, judged, passed.backward(X, Y, judge)

    outputs, judged, gradient = way(together)
    assert gradient.shape == (*side_by_side.copies, side_by_side.size)
    for copy in range(*side_by_side.copies):
        single = Network(side_by_side.shape, side_by_side.activations)
        single.theta[:] = side_by_side.theta[copy]
        own_outputs, own_judged, own_gradient = way(Pass(single, count))
        for many, one in zip(outputs, own_outputs, strict=True):
            np.testing.assert_array_equal(many[copy], one)
        np.testing.assert_array_equal(judged[copy], own_judged)
        np.testing.assert_array_equal(gradient[copy], own_gradient)


@every_output
@every_loss_of_many
def test_networks_side_by_side_go_the_ways_of_single_ones(loss: str, output: str) -> None:
    assert_alike(several(OUTPUTS[output], copies=SIDE_BY_SIDE), loss)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("drop", [False, True])
def test_networks_side_by_side_do_so_with_every_activation_and_with_dropout(activation: str, drop: bool) -> None:
    assert_alike(several(OUTPUTS["softmax"], (activation, activation), SIDE_BY_SIDE), "crossEntropy", drop=drop)


@pytest.mark.parametrize("count", [2, 10, 33, 250])
@pytest.mark.parametrize("hidden", [(), (1, 2), (4, 1), (8, 8), (16,), (64, 64)], ids=str)
def test_networks_side_by_side_do_so_for_any_number_of_units_and_points(hidden: tuple[int, ...], count: int) -> None:
    activations = [*[ACTIVATIONS["tanh"]] * len(hidden), OUTPUTS["softmax"]]
    network = Network((2, *hidden, 3), activations, copies=SIDE_BY_SIDE)
    network.theta[:] = with_noise(network.theta.size).reshape(network.theta.shape)
    assert_alike(network, "crossEntropy", count)


def test_networks_side_by_side_do_so_for_a_single_point_to_the_last_digits() -> None:
    network, (X, Y) = several(OUTPUTS["tanh"], copies=SIDE_BY_SIDE), inputs(1)
    together = Pass(network, 1)
    together.forward(X)
    gradient = together.backward(X, Y, LOSSES["squared"])
    for copy in range(*SIDE_BY_SIDE):
        single = Network(network.shape, network.activations)
        single.theta[:] = network.theta[copy]
        alone = Pass(single, 1)
        np.testing.assert_allclose(together.outputs[-1][copy], alone.forward(X), rtol=1e-14)
        np.testing.assert_allclose(gradient[copy], alone.backward(X, Y, LOSSES["squared"]), rtol=1e-12, atol=1e-15)


def test_a_network_like_several_is_several() -> None:
    network = several(OUTPUTS["softmax"], copies=SIDE_BY_SIDE)
    twin = network.like(np.float32)
    assert (twin.copies, twin.theta.shape, twin.size) == (SIDE_BY_SIDE, (3, network.size), network.size)
    assert twin.weight_mask().shape == (network.size,)
