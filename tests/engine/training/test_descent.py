"""What an update does to every weight: regularization, clipping, and many networks at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.tables.activations import ACTIVATIONS
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.penalties import MODES, PENALTIES
from engine.trainer import Trainer
from engine.training.descent import Descent, clipped, is_in_loss
from engine.training.network import Network
from tests.engine.runs import small, theta


def one_unit(**values: Any) -> Trainer:
    """One linear unit, for the data set of one point; its learning rate is 0.5."""
    config = {"problem": "regression", "networkShape": (), "batchSize": 5, "learningRate": 0.5, **values}
    return Trainer(small(**config))


@pytest.mark.usefixtures("one_point")
def test_l1_kills_a_weight_that_crosses_zero() -> None:
    trainer = one_unit(regularization="L1", regularizationRate=1)
    trainer.network.theta[:] = [0.25, -1, 1.75]  # 0.25 * 1 - 1 * 2 + 1.75 = 0, so the gradient is zero
    trainer.step()
    # Both weights are pulled by 0.5 * 1 towards zero; the first would have ended at -0.25. The bias is free.
    assert theta(trainer) == [0, -0.5, 1.75]
    assert trainer.dead.tolist() == [True, False, False]


def with_dead_weight() -> Trainer:
    """One unit whose first weight has just died, and whose gradient is not zero."""
    trainer = one_unit(regularization="L1", regularizationRate=1, learningRate=0.125)
    trainer.network.theta[:] = [0.0625, -1, 1.9375]
    trainer.step()
    assert theta(trainer) == [0, -0.875, 1.9375]  # the output is now 0.1875
    assert trainer.dead.tolist() == [True, False, False]
    return trainer


@pytest.mark.usefixtures("one_point")
def test_a_dead_weight_stays_at_zero_whatever_its_gradient() -> None:
    trainer = with_dead_weight()
    for rate in (1, 0):  # even with nothing left that would pull
        trainer.reconfigure(trainer.config.model_copy(update={"regularizationRate": rate}))
        trainer.train(3)
        weight, *others = theta(trainer)
        assert weight == 0
        assert others != [-0.875, 1.9375]


@pytest.mark.usefixtures("one_point")
@pytest.mark.parametrize("regularization", ["none", "L2"])
def test_a_dead_weight_is_alive_again_under_another_regularization(regularization: str) -> None:
    trainer = with_dead_weight()
    trainer.reconfigure(trainer.config.model_copy(update={"regularization": regularization}))
    trainer.step()
    assert theta(trainer)[0] == -0.125 * 0.1875 * 1  # learning rate, error, input
    assert not trainer.dead.any()


@pytest.mark.usefixtures("one_point")
def test_a_dead_weight_that_is_set_by_hand_is_alive_again() -> None:
    trainer = with_dead_weight()
    trainer.set_weight(0, 0, 0, 4)
    trainer.step()
    # The output is 4.1875; 4 - 0.125 * 4.1875 - 0.125
    assert theta(trainer)[0] == 3.3515625
    assert not trainer.dead.any()


@pytest.mark.usefixtures("one_point")
def test_l2_pulls_by_the_weight_before_the_gradient_step() -> None:
    trainer = one_unit(regularization="L2", regularizationRate=0.25)
    trainer.network.theta[:] = [2, 0, -1]  # the output is 1, and so is the error
    trainer.step()
    # 2 - 0.5 * 1 * 1 - 0.5 * 0.25 * 2; 0 - 0.5 * 1 * 2 - 0; and without a pull -1 - 0.5 * 1 * 1
    assert theta(trainer) == [1.25, -1, -1.5]


# --- clipping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", [1e-3, 0.1, 1e3])
def test_a_gradient_is_cut_down_as_pytorch_does_it(norm: float) -> None:
    trainer = Trainer(small(clipNorm=norm, learningRate=0.5))
    trainer.train(2)
    for _ in range(5):
        before = trainer.network.theta.copy()
        trainer.step()
        theta = torch.nn.Parameter(torch.zeros(len(before), dtype=torch.float64))
        theta.grad = torch.tensor(trainer.gradient())
        torch.nn.utils.clip_grad_norm_([theta], norm)  # divides by the norm + 1e-6
        step = (before - trainer.network.theta) / 0.5
        np.testing.assert_allclose(step, theta.grad.numpy(), rtol=1e-3, atol=1e-12)
        assert np.linalg.norm(step) == pytest.approx(min(norm, np.linalg.norm(trainer.gradient())), rel=1e-9)


def test_what_is_cut_down_is_the_mean_over_the_batch_before_the_optimizer_takes_it() -> None:
    trainer = Trainer(small(clipNorm=0.01, optimizer="momentum", momentum=0.5, learningRate=1.0))
    velocity = np.zeros(trainer.network.size)
    for _ in range(4):
        before = trainer.network.theta.copy()
        trainer.step()
        gradient = trainer.gradient()
        velocity = 0.5 * velocity + gradient * min(1, 0.01 / np.linalg.norm(gradient))
        np.testing.assert_allclose(trainer.network.theta, before - velocity, rtol=0, atol=1e-14)


def test_a_gradient_of_zero_or_shorter_than_the_norm_is_left_as_it_is() -> None:
    gradients = np.array([[0.0, 0.0], [3.0, 4.0], [30.0, 40.0]])  # (R, P)
    assert clipped(gradients, 5.0).tolist() == [[0, 0], [3, 4], [3, 4]]


def test_a_run_whose_gradients_are_never_as_long_is_as_without_to_the_last_digits() -> None:
    with_norm, without = Trainer(small(clipNorm=1e6)), Trainer(small())
    with_norm.train(5)
    without.train(5)
    np.testing.assert_allclose(with_norm.network.theta, without.network.theta, rtol=0, atol=1e-14)


# --- many networks side by side -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("regularization", PENALTIES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_networks_side_by_side_descend_each_as_by_itself_to_the_bit(
    optimizer: str, regularization: str, mode: str
) -> None:
    values = {"regularization": regularization, "regularizationRate": 0.5, "regularizationMode": mode}
    config = small(**values, learningRate=0.1, clipNorm=0.3, optimizer=optimizer)
    activations, random = [ACTIVATIONS["tanh"]] * 2, np.random.default_rng(3)
    together = Network((2, 3, 1), activations, copies=(4,))
    together.theta[:] = random.uniform(-0.5, 0.5, together.theta.shape)
    singles = [Network((2, 3, 1), activations) for _ in range(4)]
    for single, first in zip(singles, together.theta, strict=True):
        single.theta[:] = first
    descent, own = Descent(together, optimizer), [Descent(single, optimizer) for single in singles]
    for _ in range(8):
        gradients = random.normal(size=together.theta.shape)  # (R, P), summed over 5 points
        descent.step(gradients, 5, 0.1, config)
        for each, gradient in zip(own, gradients, strict=True):
            each.step(gradient, 5, 0.1, config)
        np.testing.assert_array_equal(together.theta, [single.theta for single in singles])
        np.testing.assert_array_equal(descent.dead, [each.dead for each in own])
    assert descent.dead.any() == (regularization == "L1" and not is_in_loss(config))
