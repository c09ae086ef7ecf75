"""Passes through a network: forward, backward against central differences, dropout, and its collapsed layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.trainer import Trainer
from engine.training.network import Network, Pass
from tests.engine.runs import PLANE_TASKS
from tests.engine.training.networks import (
    RATE,
    SIDE_BY_SIDE,
    every_loss_of_many,
    every_output,
    full_batch_trainer,
    inputs,
    masks,
    several,
    with_noise,
)

H = 1e-6  # the half width of a central difference


def differences(theta: Array, objective: Callable[[], float]) -> Array:
    """The objective's central difference by each parameter, (P,)."""
    gradient = np.empty_like(theta)
    for i, value in enumerate(theta.tolist()):
        theta[i] = value + H
        above = objective()
        theta[i] = value - H
        gradient[i] = (above - objective()) / (2 * H)
        theta[i] = value
    return gradient


def objective(trainer: Trainer) -> float:
    """The mean loss and what the weights cost; the biases are free."""
    penalty = PENALTIES[trainer.config.regularization]
    cost = sum(float(penalty.f(layer.weights).sum()) for layer in trainer.network.layers) if penalty else 0.0
    return trainer.losses().train + RATE * cost


def assert_goes_downhill(trainer: Trainer) -> None:
    theta = trainer.network.theta
    expected = differences(theta, lambda: objective(trainer))
    before = theta.copy()
    trainer.step()
    assert trainer.updates == 1
    np.testing.assert_allclose((before - theta) / trainer.config.learningRate, expected, atol=1e-8)


@pytest.mark.parametrize("regularization", PENALTIES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_update_goes_against_the_gradient_of_the_objective(activation: str, regularization: str) -> None:
    assert_goes_downhill(full_batch_trainer(activation=activation, regularization=regularization))


KINDS = [
    (problem, loss, output)
    for problem in PLANE_TASKS
    for loss in LOSSES
    for output in OUTPUTS
    if problem in LOSSES[loss].problems and problem in OUTPUTS[output].problems
]


@pytest.mark.parametrize(("problem", "loss", "output"), KINDS)
def test_an_update_does_so_for_every_loss_and_output_of_every_problem(problem: str, loss: str, output: str) -> None:
    trainer = full_batch_trainer(problem=problem, loss=loss, outputActivation=output, regularization="L2")
    assert_goes_downhill(trainer)


NAMES = [*ACTIVATIONS]
PAIRS = list(zip(NAMES, NAMES[3:] + NAMES[:3], strict=True))  # each activation once in either hidden layer
every_pair = pytest.mark.parametrize("hidden", PAIRS, ids="-".join)


def assert_backward(network: Network, loss: str, forward: Callable[[Pass, Array], Array]) -> None:
    """Whether the gradient after a way forward is that by differences."""
    (X, Y), judge = inputs(), LOSSES[loss]
    passed = Pass(network, 5)

    def total() -> float:
        forward(passed, X)
        return float(judge.f(passed.loss_input(judge), Y).sum())

    expected = differences(network.theta, total)
    forward(passed, X)
    np.testing.assert_allclose(passed.backward(X, Y, judge), expected, atol=1e-8)


@every_pair
def test_the_gradient_is_right_for_an_activation_per_layer(hidden: tuple[str, str]) -> None:
    assert_backward(several(ACTIVATIONS["linear"], hidden), "squared", Pass.forward)


@every_output
@every_loss_of_many
def test_the_gradient_is_right_for_several_outputs(loss: str, output: str) -> None:
    assert_backward(several(OUTPUTS[output]), loss, Pass.forward)


# --- dropout --------------------------------------------------------------------------------------------------------


@every_pair
def test_the_gradient_is_right_for_units_that_are_left_out(hidden: tuple[str, str]) -> None:
    assert_backward(
        several(OUTPUTS["softmax"], hidden), "squared", lambda passed, X: passed.forward_dropping(X, masks())
    )


def test_what_is_left_out_is_zero_and_all_else_is_larger() -> None:
    network, (X, _) = several(OUTPUTS["softmax"]), inputs()
    whole, dropped = Pass(network, 5), Pass(network, 5)
    whole.forward(X)
    dropped.forward_dropping(X, masks())
    np.testing.assert_array_equal(dropped.outputs[0], whole.outputs[0] * masks()[0])
    assert ((dropped.outputs[1] == 0) == (masks()[1] == 0)).all()
    assert (dropped.outputs[-1] != whole.outputs[-1]).any()
    assert dropped.outputs[-1].sum(axis=0) == pytest.approx(1)  # of the outputs none is left out


@every_output
def test_where_nothing_is_left_out_all_is_as_ever_to_the_bit(output: str) -> None:
    network, (X, Y) = several(OUTPUTS[output]), inputs()
    usual, passed = Pass(network, 5), Pass(network, 5)
    for _ in range(2):  # forward and backward may come in any order after one another
        np.testing.assert_array_equal(
            passed.forward_dropping(X, [np.ones((units, 5)) for units in (3, 4)]), usual.forward(X)
        )
        expected = usual.backward(X, Y, LOSSES["squared"]).copy()
        np.testing.assert_array_equal(passed.backward(X, Y, LOSSES["squared"]), expected)
        np.testing.assert_array_equal(passed.forward(X), usual.forward(X))
        np.testing.assert_array_equal(passed.backward(X, Y, LOSSES["squared"]), expected)


# --- one layer for all ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [(), SIDE_BY_SIDE])
@pytest.mark.parametrize("shape", [(2, 3), (2, 4, 3), (2, 5, 1, 4, 3)])
def test_layers_without_an_activation_are_together_one_layer(shape: tuple[int, ...], copies: tuple[int, ...]) -> None:
    network = Network(shape, [ACTIVATIONS["linear"]] * (len(shape) - 1), copies=copies)
    network.theta[:] = with_noise(network.theta.size).reshape(network.theta.shape)
    before, (X, _) = network.theta.copy(), inputs()
    whole = network.collapsed()
    assert whole.shape == (*copies, 3, 3)
    np.testing.assert_allclose(whole @ X, Pass(network, 5).forward(X), rtol=0, atol=1e-12)
    whole.fill(7)  # it is no view
    np.testing.assert_array_equal(network.theta, before)


def test_one_layer_worked_out_by_hand() -> None:
    network = Network((1, 2, 1), [ACTIVATIONS["linear"]] * 2)
    network.theta[:] = [1, 2, 3, 4, 5, 6, 7]  # 5 (x + 2) + 6 (3 x + 4) + 7 = 23 x + 41
    assert network.collapsed().tolist() == [[23, 41]]
