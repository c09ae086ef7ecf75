"""What an update does to every weight, with and without regularization."""

from __future__ import annotations

from typing import Any

import pytest

from engine.trainer import Trainer
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
