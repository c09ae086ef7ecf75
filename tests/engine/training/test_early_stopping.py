"""Early stopping: where a run ends, what it says of it, and how it goes on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.snapshot import Snapshot
from engine.trainer import Trainer
from engine.training.early_stopping import NO_BEST, Best, Stop
from tests.engine.runs import small, state

OVERFITTING: dict[str, Any] = {
    "dataset": "modes",
    "noise": 50,
    "networkShape": (8,),
    "learningRate": 0.3,
    "percValidationData": 25,
}


def run(patience: int, **values: Any) -> Trainer:
    return Trainer(small(**OVERFITTING | {"patience": patience} | values))


def validation_losses(epochs: int, **values: Any) -> list[float]:
    """The validation loss of each epoch from 1 on, of a run that is never stopped."""
    trainer, losses = run(0, **values), []
    for _ in range(epochs):
        trainer.train()
        losses.append(trainer.measure().validation_loss)
    return losses


def reference(losses: list[float], patience: int) -> tuple[int, float, int] | None:
    """The loop as it is taught: the epoch of the stop, the lowest loss and its epoch."""
    best, best_epoch = math.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch == patience:
            return epoch, best, best_epoch
    return None


@pytest.mark.parametrize("patience", [1, 2, 5, 20])
@pytest.mark.parametrize("knobs", [{}, {"reshuffle": True, "dropout": 0.2, "optimizer": "adam", "learningRate": 0.03}])
def test_a_run_stops_where_the_textbook_stops(patience: int, knobs: dict[str, Any]) -> None:
    expected = reference(validation_losses(300, **knobs), patience)
    assert expected
    epoch, loss, best_epoch = expected
    trainer = run(patience, **knobs)
    trainer.train(epoch - 1)
    assert not trainer.ended
    trainer.train(1000)
    assert trainer.stopped == Stop(epoch, trainer.updates, Best(loss, best_epoch, best_epoch))
    assert (trainer.epoch, trainer.ended, trainer.diverged) == (epoch, True, None)


def test_a_run_that_was_stopped_stands_still_until_it_is_let_go_on() -> None:
    trainer = run(2)
    trainer.train(1000)
    before = state(trainer)
    trainer.train(3)
    trainer.step(3)
    assert state(trainer) == before
    trainer.resume()
    assert not trainer.ended
    trainer.step()
    assert trainer.updates == trainer.epoch * 2 + 1


def test_let_go_on_its_patience_begins_anew_and_the_best_stays_the_best() -> None:
    trainer = run(3)
    trainer.train(1000)
    first = trainer.stopped
    assert first
    losses = validation_losses(first.epoch + 300)[first.epoch :]
    trainer.resume()
    trainer.train(1000)
    second = trainer.stopped
    assert second
    best, since = first.best.loss, first.epoch
    for epoch, loss in enumerate(losses, first.epoch + 1):
        if loss < best:
            best, since = loss, epoch
        elif epoch - since == 3:
            break
    assert (second.epoch, second.best.loss) == (epoch, best)
    assert second.epoch >= first.epoch + 3
    if best == first.best.loss:
        assert second.best.epoch == first.best.epoch  # where that loss was, not where it was let go on


def test_a_run_that_was_not_stopped_is_as_patient_after_it_is_let_go_on_as_before() -> None:
    trainer, other = run(5), run(5)
    while not other.stopped:
        trainer.resume()
        for each in (trainer, other):
            each.train()
    assert state(trainer) == state(other)


@pytest.mark.parametrize("values", [{"patience": 0}, {"percValidationData": 0}])
def test_without_patience_or_without_anything_to_judge_by_no_run_is_stopped(values: dict[str, Any]) -> None:
    trainer = run(**{"patience": 1} | values)
    trainer.train(100)
    assert (trainer.epoch, trainer.stopped, trainer.snapshot().best) == (100, None, NO_BEST)


def test_patience_changes_nothing_but_the_end() -> None:
    patient, other = run(10_000), run(0)
    for each in (patient, other):
        each.train(40)
    np.testing.assert_array_equal(patient.network.theta, other.network.theta)


def test_it_looks_at_no_test_point() -> None:
    trainer = run(3)
    trainer.test_data.Y.fill(np.nan)
    trainer.train(1000)
    assert trainer.stopped


@pytest.mark.parametrize("epochs", [0, 1, 4, 1000])
def test_a_snapshot_keeps_the_best_and_the_stop(epochs: int) -> None:
    trainer, other = run(4), run(4)
    trainer.train(epochs)
    other.restore(Snapshot.from_bytes(trainer.snapshot().to_bytes()))
    assert other.stopped == trainer.stopped
    for each in (trainer, other):
        each.train(1000)
        each.resume()
        each.train(1000)
    assert trainer.stopped
    assert state(other) == state(trainer)


def test_a_stop_is_taken_back_by_a_snapshot_of_before() -> None:
    trainer = run(4)
    before = trainer.snapshot()
    trainer.train(1000)
    trainer.restore(before)
    assert (trainer.stopped, trainer.snapshot().best) == (None, NO_BEST)


def test_a_snapshot_of_a_run_that_was_stopped_does_not_stop_one_that_is_not_to_be() -> None:
    trainer, other = run(4), run(0)
    trainer.train(1000)
    other.restore(trainer.snapshot())
    assert not other.ended


def test_a_change_lets_a_stopped_run_go_on_with_the_best_of_the_same_loss_alone() -> None:
    trainer = run(4)
    trainer.train(1000)
    best = trainer.snapshot().best
    trainer.reconfigure(trainer.config.model_copy(update={"learningRate": 0.01}))
    assert trainer.stopped is None
    assert trainer.snapshot().best == best._replace(since=trainer.epoch)
    trainer.reconfigure(trainer.config.model_copy(update={"loss": "hinge"}))
    assert trainer.snapshot().best == NO_BEST


def test_patience_that_comes_late_counts_from_there() -> None:
    trainer = run(0)
    trainer.train(50)
    trainer.reconfigure(trainer.config.model_copy(update={"patience": 3}))
    trainer.train(1000)
    assert trainer.stopped
    assert trainer.stopped.best.epoch > 50
    assert trainer.stopped.epoch == trainer.stopped.best.epoch + 3


def test_a_run_whose_loss_leaves_the_finite_numbers_has_diverged_and_was_not_stopped() -> None:
    trainer = Trainer(
        small(problem="regression", networkShape=(), learningRate=1e-3, percValidationData=20, patience=1)
    )
    trainer.network.theta.fill(1e160)
    trainer.train(3)
    assert trainer.diverged
    assert trainer.stopped is None


def test_the_best_is_the_lowest_and_the_earliest_of_equals() -> None:
    best = NO_BEST
    for epoch, loss in enumerate([3.0, math.nan, 2.0, 2.0, 5.0, math.inf], 1):
        best = best.updated(loss, epoch)
    assert best == Best(2.0, 3, 3)


# --- a minimal improvement, and the best weights ----------------------------------------------------------------------


SLOW: dict[str, Any] = {"learningRate": 0.03}
"""So that the best epoch comes after some others."""


def slow(patience: int, **values: Any) -> Trainer:
    return run(patience, **SLOW | values)


def keras(losses: list[float], patience: int, min_delta: float) -> tuple[int, float, int] | None:
    """Keras's callback EarlyStopping in its own words: the epoch of the stop, the best loss and its epoch."""
    best, best_epoch, wait = math.inf, 0, 0
    for epoch, current in enumerate(losses, 1):
        wait += 1
        if np.less(current - -min_delta, best):
            best, best_epoch, wait = current, epoch, 0
            continue
        if wait >= patience:
            return epoch, best, best_epoch
    return None


@pytest.mark.parametrize("min_delta", [1e-4, 1e-3, 0.02])
@pytest.mark.parametrize("patience", [1, 3, 10])
def test_an_improvement_counts_by_more_than_the_minimal_one(patience: int, min_delta: float) -> None:
    losses = validation_losses(300, **SLOW)
    expected = keras(losses, patience, min_delta)
    assert expected
    epoch, loss, best_epoch = expected
    trainer = slow(patience, minDelta=min_delta)
    trainer.train(1000)
    assert trainer.stopped == Stop(epoch, trainer.updates, Best(loss, best_epoch, best_epoch))


def test_a_larger_minimal_improvement_stops_sooner() -> None:
    stops = []
    for min_delta in (0, 1e-3, 0.02):
        trainer = slow(5, minDelta=min_delta)
        trainer.train(1000)
        assert trainer.stopped
        stops.append(trainer.stopped.epoch)
    assert stops == sorted(stops, reverse=True)
    assert stops[0] > stops[-1]


RESTORING: dict[str, dict[str, Any]] = {
    "plain": {},
    "adam": {"optimizer": "adam", "learningRate": 0.03, "reshuffle": True, "dropout": 0.2},
    "sparse": {"regularization": "L1", "regularizationRate": 0.2},
    "unbounded": {"loss": "hinge"},
}
restoring = pytest.mark.parametrize("knobs", RESTORING.values(), ids=RESTORING)


@restoring
def test_the_weights_and_losses_of_the_best_epoch_come_back_to_the_bit(knobs: dict[str, Any]) -> None:
    trainer = slow(5, restoreBest=True, **knobs)
    trainer.train(1000)
    stop = trainer.stopped
    assert stop
    assert stop.best.epoch == stop.epoch - 5
    other = slow(0, **knobs)
    other.train(stop.best.epoch)
    assert trainer.network.theta.tobytes() == other.network.theta.tobytes()
    assert trainer.dead.tobytes() == other.dead.tobytes()
    assert trainer.measure() == other.measure()
    assert trainer.measure().validation_loss == stop.best.loss
    assert (trainer.epoch, trainer.updates) == (stop.epoch, stop.updates)  # the clock is not turned back


@restoring
def test_restoring_changes_nothing_until_patience_ends_the_run(knobs: dict[str, Any]) -> None:
    trainer, other = slow(5, restoreBest=True, **knobs), slow(5, **knobs)
    other.train(1000)
    assert other.stopped
    trainer.train(other.epoch - 1)
    assert not trainer.stopped
    trainer.step(1)
    other = slow(5, **knobs)
    other.train(trainer.epoch)
    other.step(1)
    assert trainer.network.theta.tobytes() == other.network.theta.tobytes()


@pytest.mark.parametrize("epochs", [3, 12, 1000])
@restoring
def test_a_snapshot_keeps_the_weights_of_the_best_epoch(knobs: dict[str, Any], epochs: int) -> None:
    trainer, other = (slow(5, restoreBest=True, **knobs) for _ in range(2))
    trainer.train(epochs)
    other.restore(Snapshot.from_bytes(trainer.snapshot().to_bytes()))
    for each in (trainer, other):
        each.train(1000)
    assert trainer.stopped
    assert state(other) == state(trainer)
    for each in (trainer, other):
        each.resume()
        each.train(1000)
    assert trainer.stopped
    assert state(other) == state(trainer)


def test_let_go_on_it_trains_from_the_restored_weights_and_may_come_back_to_them() -> None:
    trainer = slow(2, restoreBest=True)
    trainer.train(1000)
    first = trainer.stopped
    assert first
    restored = trainer.network.theta.copy()
    trainer.resume()
    trainer.step()
    assert (trainer.network.theta != restored).any()
    trainer.train(1000)
    second = trainer.stopped
    assert second
    if second.best == first.best._replace(since=first.epoch):
        np.testing.assert_array_equal(trainer.network.theta, restored)
    else:
        assert second.best.loss < first.best.loss


def test_restoring_that_comes_late_knows_the_weights_from_there_on_alone() -> None:
    trainer = slow(3)
    trainer.train(1000)
    stop = trainer.stopped
    assert stop
    trainer.reconfigure(trainer.config.model_copy(update={"restoreBest": True}))
    assert trainer.snapshot().best == NO_BEST._replace(since=stop.epoch)
    trainer.train()
    best = trainer.snapshot().best
    assert (best.epoch, best.weights and best.weights.theta) == (trainer.epoch, trainer.network.theta.tobytes())
    trainer.reconfigure(trainer.config.model_copy(update={"restoreBest": False}))
    assert trainer.snapshot().best == Best(best.loss, best.epoch, best.epoch)


def test_dead_weights_of_the_best_epoch_are_alive_where_no_penalty_kills() -> None:
    trainer = slow(3, restoreBest=True, regularization="L1", regularizationRate=0.3)
    trainer.train(3)
    assert trainer.dead.any()
    trainer.reconfigure(trainer.config.model_copy(update={"regularization": "none", "learningRate": 0.0}))
    trainer.train(1000)
    assert trainer.stopped
    assert not trainer.dead.any()


def test_a_run_that_leaves_the_finite_numbers_in_its_last_epoch_has_diverged_and_restores_nothing() -> None:
    """Losses of a bounded output stay finite, so that only its weights tell."""
    values = {**OVERFITTING, "patience": 1, "restoreBest": True, "learningRate": 0.3}
    at_once, singly = Trainer(small(**values)), Trainer(small(**values))
    for trainer in (at_once, singly):
        trainer.train()
        trainer.reconfigure(trainer.config.model_copy(update={"learningRate": 1e308, "activation": "linear"}))
    at_once.step(10)
    for _ in range(10):
        singly.step()
    assert at_once.diverged
    assert state(at_once) == state(singly)
