"""The order of the training points: which of them each update takes, with and without another order for each epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import random_draws
from engine.data.datasets import Point
from engine.snapshot import Snapshot
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.trainer import Trainer
from engine.training.network import Pass
from engine.training.sampler import Sampler
from engine.training.split import Part
from tests.engine.runs import small, state

SIZE = 25


def numbered() -> Sampler:
    """Points whose one input is their number from 0 to 24, and whose label is a hundred more."""
    points = [Point(number, 0, 100 + number) for number in range(SIZE)]
    X = np.array([[point.x for point in points], [1.0] * SIZE])
    return Sampler(Part(points, X, np.array([[point.label for point in points]])), "0.5")


def epochs(batch: int, count: int, reshuffle: bool) -> list[list[list[int]]]:
    """The numbers of the points of each update of some epochs."""
    sampler, told = numbered(), []
    sampler.order(0, reshuffle)
    for epoch in range(1, count + 1):
        batches = []
        while sampler.updates_left(batch):
            X, Y, *_ = sampler.take(batch, 1)
            assert (Y[0] == X[0] + 100).all()  # labels go with their points
            batches.append(X[0].astype(int).tolist())
        sampler.end_epoch(epoch, reshuffle)
        told.append(batches)
    return told


def in_turn(batch: int, orders: list[list[int]]) -> list[list[list[int]]]:
    """The same, point by point: after every `batch` points of an epoch an update takes all that wait."""
    told, waiting = [], []
    for order in orders:
        batches: list[list[int]] = []
        for place, point in enumerate(order, 1):
            waiting.append(point)
            if place % batch == 0:
                batches.append(waiting)
                waiting = []
        told.append(batches)
    return told


@pytest.mark.parametrize("batch", [1, 7, 10, 25])
@pytest.mark.parametrize("reshuffle", [False, True])
def test_updates_take_the_points_in_the_order_of_their_epoch_and_those_left_over_before(
    batch: int, reshuffle: bool
) -> None:
    orders = [random_draws.order("0.5", epoch, SIZE).tolist() if reshuffle else [*range(SIZE)] for epoch in range(4)]
    assert epochs(batch, 4, reshuffle) == in_turn(batch, orders)
    assert len({tuple(order) for order in orders}) == (4 if reshuffle else 1)


def test_every_epoch_has_every_point_once() -> None:
    for batches in epochs(5, 3, reshuffle=True):
        assert sorted(point for batch in batches for point in batch) == [*range(SIZE)]


# --- in a run -----------------------------------------------------------------------------------------------------


def reference(config: Any, count: int) -> tuple[list[Array], list[list[float]]]:
    """theta after each of some epochs, and the loss that each batch's update met, in the plainest way."""
    trainer = Trainer(config)
    network, part, loss = trainer.network, trainer.train_data, LOSSES[config.loss_name]
    orders = [random_draws.order(config.seed, epoch, SIZE).tolist() for epoch in range(count)]
    thetas, losses = [], []
    for batches in in_turn(config.batchSize, orders):
        met = []
        for batch in batches:
            X, Y = part.X[:, batch], part.Y[:, batch]
            passed = Pass(network, len(batch))
            passed.forward(X)
            met.append(float(loss.f(passed.loss_input(loss), Y).mean()))
            network.theta -= config.learningRate / len(batch) * passed.backward(X, Y, loss)
        thetas.append(network.theta.copy())
        losses.append(met)
    return thetas, losses


@pytest.mark.parametrize("batch", [1, 7, 10, 25])
@pytest.mark.parametrize(
    "kind", [{}, {"problem": "multiclass"}, {"loss": "hinge"}], ids=["squared", "multiclass", "hinge"]
)
def test_a_run_with_reshuffled_points_is_the_plain_one_and_tells_of_its_batches(
    kind: dict[str, Any], batch: int
) -> None:
    config = small(reshuffle=True, batchSize=batch, learningRate=0.1, **kind)
    trainer = Trainer(config)
    for theta, losses in zip(*reference(config, 4), strict=True):
        trainer.train()
        np.testing.assert_allclose(trainer.network.theta, theta, rtol=0, atol=1e-12)
        assert trainer.batch_losses().tolist() == pytest.approx(losses, rel=1e-9)


def test_what_is_told_of_the_last_epoch_stays_while_the_next_is_under_way() -> None:
    trainer = Trainer(small(reshuffle=True, batchSize=5, problem="multiclass"))
    trainer.train(2)
    before = trainer.batch_losses().tolist()
    for _ in range(4):
        trainer.step()
        assert trainer.batch_losses().tolist() == before


@given(st.sampled_from([1, 7, 10]), st.integers(0, 40), st.integers(0, 40))
def test_a_run_restored_at_any_update_goes_on_with_the_same_points(batch: int, before: int, after: int) -> None:
    config = small(reshuffle=True, batchSize=batch)
    trainer, other = Trainer(config), Trainer(config)
    trainer.step(before)
    other.step(5)
    other.restore(Snapshot.from_bytes(trainer.snapshot().to_bytes()))
    for run in (trainer, other):
        run.step(after)
    assert state(other) == state(trainer)


def test_points_are_parted_and_looked_at_in_the_order_in_which_they_were_drawn() -> None:
    trainer, other = Trainer(small(reshuffle=True)), Trainer(small())
    trainer.train(3)
    assert trainer.train_data.points == other.train_data.points
    np.testing.assert_array_equal(trainer.train_data.X, other.train_data.X)
    np.testing.assert_array_equal(trainer.test_data.X, other.test_data.X)


def test_orders_are_by_the_seed_of_the_data_and_not_by_that_of_the_weights() -> None:
    first, second = (Trainer(small(reshuffle=True, initZero=True, weightSeed=seed)) for seed in "ab")
    for run in (first, second):
        run.train(3)
    assert first.network.theta.any()
    np.testing.assert_array_equal(first.network.theta, second.network.theta)


def test_taken_up_amid_a_run_it_makes_the_run_that_it_describes_from_there() -> None:
    changed, other = Trainer(small()), Trainer(small(reshuffle=True))
    changed.train(3)
    changed.reconfigure(small(reshuffle=True))
    other.restore(changed.snapshot())
    for run in (changed, other):
        run.train(3)
    assert state(changed) == state(other)
    np.testing.assert_array_equal(changed.batch_losses(), other.batch_losses())
    changed.reconfigure(small())
    plain = Trainer(small())
    plain.restore(changed.snapshot())
    for run in (changed, plain):
        run.train(3)
    assert state(changed) == state(plain)
