"""The loss of each mini-batch as its own update met it, against a run that is looked at before every update."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.trainer import Trainer
from tests.engine.runs import small


def looked_at(trainer: Trainer, epochs: int) -> list[list[float]]:
    """The losses of the batches of so many epochs: those of their points, just before each update."""
    told, waiting = [], []
    for _ in range(epochs):
        losses = []
        for place in range(trainer.train_size):
            waiting.append(place)
            if (place + 1) % trainer.batch == 0:
                losses.append(float(trainer.point_losses()[0][waiting].mean()))
                waiting = []
                trainer.step()
        told.append(losses)
    return told


@pytest.mark.parametrize(("batch", "batches"), [(1, 250), (7, 35), (10, 25), (250, 1), (300, 0)])
def test_each_batch_is_told_with_the_loss_that_its_update_met(batch: int, batches: int) -> None:
    config = Config(batchSize=batch, learningRate=0.1)  # of 250 training points
    trainer = Trainer(config)
    for losses in looked_at(Trainer(config), 4):
        trainer.train()
        assert len(losses) == batches
        assert trainer.batch_losses().tolist() == pytest.approx(losses, rel=1e-9)


def test_before_the_first_epoch_has_ended_no_batch_is_told() -> None:
    trainer = Trainer(small())
    assert trainer.batch_losses().shape == (0,)
    trainer.step()
    assert trainer.batch_losses().shape == (0,)


def test_amid_an_epoch_the_batches_are_those_of_the_last_one() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.train()
    last = trainer.batch_losses().tolist()
    trainer.step(3)
    assert trainer.batch_losses().tolist() == last
    trainer.step(2)
    assert trainer.batch_losses().tolist() != last


def test_what_is_told_of_an_epoch_does_not_depend_on_how_its_updates_were_split_into_calls() -> None:
    at_once, singly = Trainer(small()), Trainer(small())
    at_once.train(3)
    for _ in range(at_once.updates):
        singly.step()
    np.testing.assert_array_equal(at_once.batch_losses(), singly.batch_losses())


def test_a_run_restored_amid_an_epoch_tells_of_the_next_whole_one() -> None:
    whole, restored = Trainer(small()), Trainer(small())
    whole.train(2)
    whole.step()
    restored.train()  # another past, which is not to be told
    restored.restore(whole.snapshot())
    assert restored.batch_losses().shape == (0,)
    restored.train()
    assert restored.batch_losses().shape == (0,)
    whole.train(2)
    restored.train()
    assert restored.epoch == whole.epoch
    assert restored.batch_losses().tolist() == pytest.approx(whole.batch_losses().tolist(), rel=1e-12)


def test_a_run_restored_between_two_epochs_tells_of_the_very_next_one_with_the_points_left_over() -> None:
    whole, restored = Trainer(small()), Trainer(small())
    whole.train(2)
    restored.restore(whole.snapshot())
    whole.train()
    restored.train()
    # The five points left over were met by both, in the first batch of the new epoch.
    assert restored.batch_losses().tolist() == whole.batch_losses().tolist()
    assert len(whole.batch_losses()) == 2


def test_after_another_batch_size_the_next_whole_epoch_is_told() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.train()
    trainer.step(2)
    trainer.reconfigure(small(batchSize=3))
    assert trainer.batch_losses().shape == (0,)
    trainer.train()
    assert trainer.batch_losses().shape == (0,)
    trainer.train()
    assert trainer.batch_losses().shape == (25 // 3,)


def test_another_batch_size_between_two_epochs_takes_the_points_left_over_along() -> None:
    trainer, twin = Trainer(small(batchSize=10)), Trainer(small(batchSize=10))
    for run in (trainer, twin):
        run.train()
        run.reconfigure(small(batchSize=4))
    assert trainer.batch_losses().shape == (0,)
    trainer.train()
    first, *others = trainer.batch_losses().tolist()
    assert len(others) == 5
    losses = twin.point_losses()[0]
    assert first == pytest.approx(losses[[20, 21, 22, 23, 24, 0, 1, 2, 3]].mean(), rel=1e-12)


def test_an_epoch_that_a_larger_batch_cut_short_is_not_told() -> None:
    trainer = Trainer(small(batchSize=5))
    trainer.step(4)
    trainer.reconfigure(small(batchSize=10))
    assert trainer.epoch == 1
    assert trainer.batch_losses().shape == (0,)


def test_a_batch_that_never_filled_is_not_told_and_one_of_the_next_size_is() -> None:
    trainer = Trainer(small(batchSize=30))
    trainer.train(2)
    assert trainer.batch_losses().shape == (0,)
    trainer.reconfigure(small(batchSize=25))
    losses = trainer.losses()
    trainer.train()
    assert trainer.batch_losses().tolist() == pytest.approx([losses.train], rel=1e-12)


def test_another_activation_leaves_the_past_as_it_was() -> None:
    trainer = Trainer(small())
    trainer.train()
    before = trainer.batch_losses().tolist()
    trainer.reconfigure(small(activation="relu"))
    assert trainer.batch_losses().tolist() == before


@pytest.mark.parametrize(
    "kind", [{"loss": "hinge"}, {"problem": "multiclass"}, {"problem": "regression", "loss": "huber"}]
)
def test_batches_are_told_by_the_loss_that_is_trained_on(kind: dict[str, Any]) -> None:
    config = Config.model_validate({"batchSize": 10, "learningRate": 0.1, "numSamples": 500, **kind})
    trainer = Trainer(config)
    for losses in looked_at(Trainer(config), 2):
        trainer.train()
        assert trainer.batch_losses().tolist() == pytest.approx(losses, rel=1e-9)


def test_after_another_loss_the_next_whole_epoch_is_told_by_that() -> None:
    trainer, twin = Trainer(small(batchSize=5)), Trainer(small(batchSize=5, loss="hinge"))
    trainer.train()
    trainer.reconfigure(small(batchSize=5, loss="hinge"))
    assert trainer.batch_losses().shape == (0,)
    twin.restore(trainer.snapshot())
    for run in (trainer, twin):
        run.train()
    assert len(trainer.batch_losses()) == 5
    np.testing.assert_array_equal(trainer.batch_losses(), twin.batch_losses())


@pytest.mark.parametrize(
    "change", [{"learningRate": 0.5}, {"optimizer": "adam"}, {"outputActivation": "linear"}], ids=str
)
def test_any_other_change_leaves_the_past_as_it_was(change: dict[str, Any]) -> None:
    trainer = Trainer(small())
    trainer.train()
    before = trainer.batch_losses().tolist()
    trainer.reconfigure(small(**change))
    assert trainer.batch_losses().tolist() == before


def test_a_batch_whose_loss_is_out_of_all_numbers_is_told_as_infinite() -> None:
    trainer = Trainer(small(problem="regression", networkShape=(), learningRate=1e-3))
    trainer.network.theta.fill(1e160)
    trainer.train()
    assert trainer.batch_losses().tolist() == [np.inf, np.inf]
