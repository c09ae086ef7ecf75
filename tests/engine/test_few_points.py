"""Runs on a person's own points, which may be few or none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import Point
from engine.state import format_state, trainer_at
from engine.trainer import Trainer
from tests.engine.runs import PLANE_TASKS, own, state, theta

POINTS = [Point(1, 2, 1), Point(-3, 0.5, -1), Point(2, -2, 1), Point(0, 0, -1), Point(4, 4, 1)]

KNOBS: dict[str, Any] = {"normalize": True, "reshuffle": True, "dropout": 0.5, "percValidationData": 20, "patience": 9}

few = pytest.mark.parametrize(("points", "train", "test"), [(0, 0, 0), (1, 0, 1), (2, 1, 1), (3, 1, 2), (5, 2, 3)])
problems = pytest.mark.parametrize("problem", PLANE_TASKS)


@problems
@few
def test_so_few_points_are_split_and_measured(problem: str, points: int, train: int, test: int) -> None:
    trainer = Trainer(own(POINTS[:points], problem=problem))
    assert (trainer.train_size, len(trainer.test_data.points)) == (train, test)
    places = {(point.x, point.y) for part in (trainer.train_data, trainer.test_data) for point in part.points}
    assert places == {(point.x, point.y) for point in POINTS[:points]}
    measures = trainer.measure()
    assert [losses.shape for losses in trainer.point_losses()] == [(train,), (test,)]
    assert (measures.train_loss == 0) == (train == 0)
    assert (measures.test_loss == 0) == (test == 0)
    if not train:
        assert math.isnan(measures.train_score)
    if not test:
        assert math.isnan(measures.test_score)


@problems
@few
def test_without_training_points_epochs_pass_and_no_update_is_made(
    problem: str, points: int, train: int, test: int
) -> None:
    trainer = Trainer(own(POINTS[:points], problem=problem))
    before = theta(trainer)
    trainer.train(3)
    trainer.step()
    assert (trainer.epoch, trainer.updates) == (4, 4 if train else 0)
    assert (theta(trainer) != before) == (train > 0)
    assert trainer.diverged is None
    assert trainer.batch_losses().shape == ((1,) if train else (0,))
    assert trainer.gradient().any() == (train > 0)


@few
def test_a_run_on_few_points_is_saved_and_goes_on(points: int, train: int, test: int) -> None:
    trainer = Trainer(own(POINTS[:points], regularization="L1", regularizationRate=0.1, **KNOBS))
    trainer.step(3)
    twin = trainer_at(trainer.config, format_state(trainer))
    for run in (trainer, twin):
        run.probe(1, 1, 1)
        run.step(5)
    assert state(twin) == state(trainer)


def test_a_batch_is_at_most_all_of_ones_own_points() -> None:
    five = own(POINTS, percTrainData=99)
    assert Trainer(five).train_size == 4
    for size, batch in ((1, 1), (3, 3), (4, 4), (10, 4), (5_000, 4)):
        trainer = Trainer(five.model_copy(update={"batchSize": size}))
        assert trainer.batch == batch
        trainer.train()
        assert trainer.updates == 4 // batch


def test_a_batch_is_never_of_no_points() -> None:
    assert Trainer(own([])).batch == 1


def test_a_batch_of_any_other_data_is_as_large_as_it_says() -> None:
    assert Trainer(Config(batchSize=400)).batch == 400  # of 250 training points, as in the original


def test_a_batch_that_is_too_large_trains_as_one_of_all_points_does() -> None:
    large, fitting = (Trainer(own(POINTS, percTrainData=80, batchSize=size)) for size in (30, 4))
    assert large.train_size == 4
    for run in (large, fitting):
        run.train(5)
    assert large.updates == 5
    np.testing.assert_array_equal(large.network.theta, fitting.network.theta)


def test_values_that_are_all_the_same_have_a_loss_and_no_score() -> None:
    measures = Trainer(own([Point(x, 0, 0.1) for x in range(10)], problem="regression")).measure()
    assert measures.train_loss > 0
    assert math.isnan(measures.train_score)
