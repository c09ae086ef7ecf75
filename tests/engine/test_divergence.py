"""Runs that leave the finite numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.config import Config
from engine.trainer import Trainer
from engine.training.trained import Divergence
from tests.engine.runs import PointByPoint, small, state

EXPLOSIVE = [
    small(problem="regression", activation="linear", learningRate=1e6, batchSize=1),
    small(problem="regression", activation="relu", learningRate=1e6, batchSize=10),
    small(problem="regression", activation="leakyRelu", learningRate=1e6, batchSize=7, networkShape=(4, 4, 4)),
    small(problem="regression", activation="softplus", learningRate=1e6, batchSize=5),
    small(problem="regression", activation="linear", learningRate=1e6, batchSize=5, networkShape=()),
    small(regularization="L2", regularizationRate=1e6, learningRate=1e6, batchSize=1),
]


@pytest.mark.parametrize(
    "config", EXPLOSIVE, ids=lambda config: f"{config.activation}-{config.regularization}-{config.networkShape}"
)
def test_a_run_that_explodes_stops_at_its_last_finite_update(config: Config) -> None:
    trainer = Trainer(config)
    trainer.train(40)
    assert trainer.diverged == Divergence(trainer.epoch, trainer.updates)
    assert np.isfinite(trainer.network.theta).all()
    # Point by point the same number of updates is finite, and the next is not, unless the loss was infinite first.
    plain = PointByPoint(Trainer(config))
    per_epoch, batch = 25 // config.batchSize, config.batchSize
    epochs, rest = divmod(trainer.updates, per_epoch)
    with np.errstate(all="ignore"):
        assert np.isfinite(plain.go([batch] * (25 * epochs + rest * batch))).all()
        assert not np.isfinite(trainer.losses()).all() or not np.isfinite(plain.go([batch] * 25)).all()


@pytest.mark.parametrize("config", EXPLOSIVE)
def test_a_run_that_exploded_goes_no_further(config: Config) -> None:
    trainer = Trainer(config)
    trainer.train(40)
    before = state(trainer)
    trainer.step()
    trainer.train(2)
    assert state(trainer) == before


def overflowing() -> Trainer:
    """A run whose loss is infinite, though its parameters are finite and would stay so for another update."""
    trainer = Trainer(small(problem="regression", networkShape=(), learningRate=1e-3))
    trainer.network.theta.fill(1e160)
    return trainer


def test_a_loss_that_overflows_stops_the_run_at_the_end_of_the_epoch() -> None:
    trainer = overflowing()
    assert trainer.losses() == (np.inf, np.inf)
    trainer.train(3)
    assert trainer.diverged == Divergence(1, 2)
    assert np.isfinite(trainer.network.theta).all()


def test_looking_at_the_losses_does_not_change_where_a_run_stops() -> None:
    config = Config(problem="regression", networkShape=(), learningRate=0.5)
    seen, unseen = Trainer(config), Trainer(config)
    for _ in range(40):
        seen.train()
        seen.losses()
    unseen.train(40)
    assert seen.diverged is not None
    assert state(seen) == state(unseen)


def test_a_run_restored_after_its_divergence_stands_still_like_the_first() -> None:
    trainer = overflowing()
    trainer.train()
    other = Trainer(trainer.config)
    other.restore(trainer.snapshot())
    assert other.diverged == trainer.diverged


def test_a_run_that_diverged_may_be_tried_again_after_a_change() -> None:
    trainer = overflowing()
    changes: list[Callable[[], None]] = [
        lambda: trainer.reconfigure(trainer.config.model_copy(update={"learningRate": 0.01})),
        lambda: trainer.set_weight(0, 0, 0, 0.5),
        lambda: trainer.set_bias(0, 0, 0.5),
    ]
    for change in changes:
        trainer.network.theta.fill(1e160)
        trainer.train()
        assert trainer.diverged
        change()
        assert trainer.diverged is None
