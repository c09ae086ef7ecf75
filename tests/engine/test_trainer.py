"""Runs: their first state, when an update is made, and that a run is a value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.config import Config
from engine.snapshot import Snapshot
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.schedules import SCHEDULES
from engine.trainer import Trainer
from tests.engine.runs import PointByPoint, small, state, theta


def test_a_run_begins_at_epoch_0_with_weights_within_half_of_zero_and_biases_of_a_tenth() -> None:
    trainer = Trainer(small())
    assert (trainer.epoch, trainer.updates, trainer.diverged) == (0, 0, None)
    for layer in trainer.network.layers:
        assert (np.abs(layer.weights) <= 0.5).all()
        assert len(set(layer.weights.ravel().tolist())) == layer.weights.size
        assert set(layer.biases.tolist()) == {0.1}


def test_a_run_from_zero_has_zeros_only_and_uses_the_same_draws() -> None:
    zero, usual = Trainer(small(initZero=True)), Trainer(small())
    assert not zero.network.theta.any()
    assert zero.train_data.points == usual.train_data.points


def test_the_points_are_split_in_their_order_and_rounded_down_to_train() -> None:
    trainer = Trainer(small(percTrainData=33.99))
    assert trainer.train_size == len(trainer.train_data.points) == 33
    assert len(trainer.test_data.points) == 67
    whole = Trainer(small(percTrainData=99))
    assert trainer.train_data.points + trainer.test_data.points == whole.train_data.points + whole.test_data.points


@pytest.mark.parametrize("split", [1, 99])
def test_neither_part_is_ever_empty(split: int) -> None:
    losses = Trainer(small(percTrainData=split)).losses()
    assert np.isfinite(losses).all()


@pytest.mark.usefixtures("one_point")
def test_a_loss_is_the_mean_over_its_part() -> None:
    trainer = Trainer(small(problem="regression", networkShape=()))
    trainer.network.theta[:] = [0.5, 1, 0.5]
    assert trainer.losses() == (4.5, 4.5)  # 1/2 (0.5 * 1 + 1 * 2 + 0.5)^2


def test_points_left_over_join_the_first_batch_of_the_next_epoch() -> None:
    trainer = Trainer(small(batchSize=10))
    plain = PointByPoint(trainer)
    trainer.train()
    assert (trainer.train_size, trainer.epoch, trainer.updates) == (25, 1, 2)
    np.testing.assert_allclose(trainer.network.theta, plain.go([10] * 25), rtol=0, atol=1e-14)
    trainer.step()  # goes over 5 + 10 points
    assert (trainer.epoch, trainer.updates) == (1, 3)
    np.testing.assert_allclose(trainer.network.theta, plain.go([10] * 10), rtol=0, atol=1e-14)
    trainer.train()
    assert (trainer.epoch, trainer.updates) == (2, 4)
    np.testing.assert_allclose(trainer.network.theta, plain.go([10] * 15), rtol=0, atol=1e-14)


@pytest.mark.parametrize("batch", [1, 3, 5, 7, 13, 24, 25])
@pytest.mark.parametrize("regularization", ["none", "L1", "L2"])
def test_a_run_agrees_with_the_same_run_point_by_point(batch: int, regularization: str) -> None:
    trainer = Trainer(small(batchSize=batch, regularization=regularization, regularizationRate=0.3, learningRate=0.1))
    plain = PointByPoint(trainer)
    trainer.train(6)
    assert trainer.updates == 6 * (25 // batch)
    np.testing.assert_allclose(trainer.network.theta, plain.go([batch] * 25 * 6), rtol=0, atol=1e-12)
    assert trainer.dead.tolist() == plain.dead


def test_a_batch_of_one_makes_an_update_for_every_point() -> None:
    trainer = Trainer(small(batchSize=1))
    assert trainer.updates_to_epoch_end == 25
    trainer.step(24)
    assert (trainer.epoch, trainer.updates, trainer.updates_to_epoch_end) == (0, 24, 1)
    trainer.step()
    assert (trainer.epoch, trainer.updates, trainer.updates_to_epoch_end) == (1, 25, 25)


def test_a_batch_larger_than_the_training_set_never_updates_though_epochs_pass() -> None:
    trainer = Trainer(small(batchSize=26))
    before = theta(trainer)
    trainer.train(3)
    trainer.step(4)
    assert (trainer.epoch, trainer.updates, trainer.updates_to_epoch_end) == (7, 0, 0)
    assert theta(trainer) == before


def test_training_ends_with_the_epoch_that_was_begun() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.step(3)
    assert not trainer.at_epoch_start
    trainer.train()
    assert (trainer.epoch, trainer.updates) == (1, 5)
    assert trainer.at_epoch_start


def test_no_updates_and_no_epochs_change_nothing() -> None:
    trainer = Trainer(small())
    before = state(trainer)
    trainer.step(0)
    trainer.train(0)
    assert state(trainer) == before


kinds = st.sampled_from(
    [
        {"problem": problem, "loss": loss, "outputActivation": output}
        for loss in LOSSES
        for output in OUTPUTS
        for problem in LOSSES[loss].problems
        if problem in OUTPUTS[output].problems
    ]
)
runs = st.builds(
    lambda kind, **values: small(**kind, **values),
    kinds,
    activation=st.sampled_from(list(ACTIVATIONS)),
    batchSize=st.sampled_from([1, 4, 10, 25, 30]),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    momentum=st.sampled_from([0.0, 0.9]),
    schedule=st.sampled_from(list(SCHEDULES)),
    decayRate=st.sampled_from([0.0, 0.5, 10.0]),
    decayEpochs=st.sampled_from([1, 3]),
    clipNorm=st.sampled_from([0.0, 0.1]),
    percValidationData=st.sampled_from([0.0, 20.0]),
    patience=st.sampled_from([0, 1, 3]),
    minDelta=st.sampled_from([0.0, 0.01]),
    restoreBest=st.booleans(),
    reshuffle=st.booleans(),
    dropout=st.sampled_from([0.0, 0.5]),
    normalize=st.booleans(),
    regularization=st.sampled_from(["none", "L1", "L2"]),
    regularizationMode=st.sampled_from(["decoupled", "loss"]),
    regularizationRate=st.sampled_from([0.0, 0.01, 10.0, 1e200]),
    learningRate=st.sampled_from([0.03, 3.0, 1e6, 1e300]),
)
calls = st.lists(st.integers(0, 12), max_size=8)


@given(runs, calls)
@example(small(problem="regression", activation="linear", learningRate=1e6, batchSize=1), [1, 2, 3, 4, 5])
def test_the_same_bits_come_out_however_the_updates_are_split_into_calls(config: Config, counts: list[int]) -> None:
    at_once, singly, split = Trainer(config), Trainer(config), Trainer(config)
    at_once.step(sum(counts))
    for _ in range(sum(counts)):
        singly.step()
    for updates in counts:
        split.step(updates)
    assert state(at_once) == state(singly) == state(split)


@pytest.mark.parametrize("batch", [1, 10, 30])
def test_whole_epochs_are_the_same_bits_as_their_updates(batch: int) -> None:
    by_epochs, by_updates = Trainer(small(batchSize=batch)), Trainer(small(batchSize=batch))
    by_epochs.train(4)
    by_updates.step(4 * max(1, 25 // batch))
    assert state(by_epochs) == state(by_updates)


def test_looking_changes_nothing() -> None:
    blind, curious = Trainer(small(batchSize=25)), Trainer(small(batchSize=25))
    for _ in range(5):
        blind.step()
        curious.losses()
        curious.step()
        curious.snapshot()
    assert state(blind) == state(curious)


@given(runs, st.integers(0, 30), st.integers(0, 30))
def test_a_run_goes_on_bit_for_bit_from_the_bytes_of_its_snapshot(config: Config, before: int, after: int) -> None:
    trainer, other = Trainer(config), Trainer(config)
    other.step(7)
    trainer.step(before)
    other.restore(Snapshot.from_bytes(trainer.snapshot().to_bytes()))
    assert other.snapshot() == trainer.snapshot()
    trainer.step(after)
    other.step(after)
    assert other.snapshot() == trainer.snapshot()


def test_a_snapshot_keeps_its_moment_while_the_run_goes_on() -> None:
    trainer = Trainer(small())
    trainer.train()
    first = trainer.snapshot()
    kept = first.to_bytes()
    trainer.train()
    assert trainer.snapshot() != first
    assert first.to_bytes() == kept
    trainer.restore(first)
    assert trainer.snapshot() == first


def test_a_snapshot_of_another_network_is_refused_and_changes_nothing() -> None:
    trainer, other = Trainer(small()), Trainer(small(networkShape=(4,)))
    before = state(trainer)
    with pytest.raises(ValueError, match="snapshot: expected 20 parameters, got 17"):
        trainer.restore(other.snapshot())
    assert state(trainer) == before


def test_a_snapshot_of_another_optimizer_is_refused_and_changes_nothing() -> None:
    trainer, other = Trainer(small(optimizer="adam")), Trainer(small(optimizer="momentum"))
    before = state(trainer)
    with pytest.raises(ValueError, match="snapshot: expected 320 bytes of the optimizer's memory, got 160"):
        trainer.restore(other.snapshot())
    assert state(trainer) == before


@pytest.mark.parametrize(("cursor", "pending"), [(26, 0), (0, 26), (2**32 - 1, 0), (0, 2**32 - 1)])
def test_a_snapshot_at_a_place_outside_the_training_points_is_refused(cursor: int, pending: int) -> None:
    trainer = Trainer(small())
    with pytest.raises(ValueError, match="snapshot: expected"):
        trainer.restore(replace(trainer.snapshot(), cursor=cursor, pending=pending))


@pytest.mark.parametrize(
    "unusual",
    [
        {"x": False, "y": False},
        {"networkShape": ()},
        {"x": False, "y": False, "networkShape": ()},
        {"networkShape": (1,) * 10},
        {"initZero": True},
    ],
    ids=str,
)
def test_an_unusual_network_trains_as_it_does_point_by_point(unusual: dict[str, Any]) -> None:
    trainer = Trainer(small(**unusual))
    plain = PointByPoint(trainer)
    trainer.train(4)
    np.testing.assert_allclose(trainer.network.theta, plain.go([10] * 100), rtol=0, atol=1e-14)
    assert np.isfinite(trainer.losses()).all()


def test_a_network_without_features_learns_the_mean_label() -> None:
    config = {"x": False, "y": False, "networkShape": (), "problem": "regression", "batchSize": 25, "learningRate": 0.5}
    trainer = Trainer(small(**config))
    trainer.train(100)
    mean = np.mean([point.label for point in trainer.train_data.points])
    assert theta(trainer) == pytest.approx([mean], abs=1e-12)


def test_a_network_learns_what_a_line_cannot_split() -> None:
    trainer = Trainer(Config(dataset="circle", learningRate=0.1))
    before = trainer.losses()
    trainer.train(100)
    assert max(trainer.losses()) < 0.05 < min(before)
