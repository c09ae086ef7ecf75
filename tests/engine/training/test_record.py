"""The history of a run as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.trainer import Trainer
from engine.training.measures import Measures
from tests.engine.runs import small, state

WILD: dict[str, Any] = {"problem": "regression", "activation": "linear", "learningRate": 10.0}


def trained(epochs: int, **values: Any) -> Trainer:
    trainer = Trainer(small(**values))
    trainer.train(epochs)
    return trainer


@pytest.mark.parametrize("every", [1, 4, 100])
def test_recording_trains_to_the_same_bits(every: int) -> None:
    recorded, plain = Trainer(small()), Trainer(small())
    for updates in (0, 1):  # between two epochs, and from within one
        recorded.step(updates)
        plain.step(updates)
        recorded.record(9, every)
        plain.train(9)
        assert state(recorded) == state(plain)


def test_a_row_is_what_the_run_says_of_itself_at_that_epoch() -> None:
    history = Trainer(small()).record(4)
    assert history.dtype.names == ("epoch", "updates", *Measures._fields)
    assert history.dtype["epoch"] == history.dtype["updates"] == np.int64
    assert {history.dtype[name] for name in Measures._fields} == {np.dtype(np.float64)}
    for row, epoch in zip(history, range(5), strict=True):
        then = trained(epoch)
        assert row.tolist() == pytest.approx((then.epoch, then.updates, *then.measure()), rel=0, abs=0, nan_ok=True)


def test_with_validation_points_a_row_tells_of_them() -> None:
    history = Trainer(small(percValidationData=20)).record(2)
    run = trained(2, percValidationData=20)
    assert history[-1][["validation_loss", "validation_score"]].tolist() == run.measure()[4:]
    assert np.isfinite(history["validation_loss"]).all()


def test_rows_are_the_present_epoch_those_that_are_divided_and_the_last() -> None:
    trainer = trained(3)
    assert trainer.record(9, every=5)["epoch"].tolist() == [3, 5, 10, 12]
    assert trainer.record(8, every=4)["epoch"].tolist() == [12, 16, 20]
    assert trainer.record(0)["epoch"].tolist() == [20]
    assert trainer.record()["epoch"].tolist() == [20, 21]


def test_recording_from_within_an_epoch_begins_with_that_moment() -> None:
    trainer = Trainer(small())
    trainer.step()
    assert trainer.record(2)[["epoch", "updates"]].tolist() == [(0, 1), (1, 2), (2, 4)]


@pytest.mark.parametrize("every", [1, 1000])
def test_a_history_ends_where_the_run_diverges(every: int) -> None:
    trainer = Trainer(small(**WILD))
    history = trainer.record(10_000, every)
    assert trainer.diverged
    assert 1 < trainer.diverged.epoch < 1000
    assert history["epoch"][[0, -1]].tolist() == [0, trainer.diverged.epoch]
    assert np.all(np.diff(history["epoch"]) > 0)
    assert len(trainer.record(5)) == 1


def test_a_history_ends_where_early_stopping_ends_the_run() -> None:
    trainer = Trainer(small(percValidationData=20, patience=2, learningRate=3.0))
    history = trainer.record(10_000, every=1000)
    assert trainer.stopped
    assert history["epoch"].tolist() == [0, trainer.stopped.epoch]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((-1,), "epochs: expected a whole number of at least 0, got -1"),
        ((2.5,), "epochs: expected a whole number of at least 0, got 2.5"),
        ((5, 0), "every: expected a whole number of at least 1, got 0"),
    ],
)
def test_numbers_of_epochs_that_are_none_are_refused_before_anything_is_trained(numbers: Any, text: str) -> None:
    trainer = Trainer(small())
    with pytest.raises(ValueError, match=rf"^{text}\.$"):
        trainer.record(*numbers)
    assert trainer.epoch == 0
