"""Normalization: by the training part's mean and standard deviation, for every part and everywhere else alike.

Shapes: D features, N points.
"""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest

from engine.data.datasets import Point
from engine.tables.features import design_matrix
from engine.trainer import Trainer
from engine.training.scaling import Scaling
from tests.engine.runs import own, small, state

FEATURES: dict[str, Any] = {"xSquared": True, "xTimesY": True, "sinY": True}


def test_each_input_is_taken_less_its_mean_and_by_its_standard_deviation_with_m_less_1() -> None:
    X = np.array([[1.0, 2, 3, 6], [10, 10, 30, 30], [1, 1, 1, 1]])  # (D + 1, N)
    scaling = Scaling.of(X)
    assert scaling.mean.tolist() == [3, 20]
    assert scaling.sigma.tolist() == pytest.approx([statistics.stdev([1, 2, 3, 6]), statistics.stdev([10, 10, 30, 30])])
    normalized = scaling.apply(X)
    assert normalized is X
    assert X[0].tolist() == pytest.approx([value / statistics.stdev([1, 2, 3, 6]) for value in (-2, -1, 0, 3)])
    assert X[-1].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("value", [0.0, 0.1, -3.7, 1e6 + 0.1])
def test_an_input_that_never_changes_is_only_moved(value: float) -> None:
    X = np.array([[value] * 7, [1.0] * 7])  # of some numbers the mean is another number
    scaling = Scaling.of(X)
    assert scaling.sigma.tolist() == [1]
    np.testing.assert_allclose(scaling.apply(X)[0], 0, rtol=0, atol=1e-9)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_points_for_a_standard_deviation_leave_all_as_it_is(count: int) -> None:
    X = np.full((3, count), 5.0)
    assert [part.tolist() for part in Scaling.of(X)] == [[0, 0], [1, 1]]


def test_all_parts_are_normalized_by_the_features_of_the_training_points() -> None:
    config = small(normalize=True, percValidationData=30, **FEATURES)
    trainer = Trainer(config)
    parts = trainer.train_data, trainer.validation_data, trainer.test_data
    raw = [design_matrix(config.features, [(x, y) for x, y, _ in part.points]) for part in parts]  # (D + 1, N)
    for row, (mean, sigma) in enumerate(zip(*trainer.scaling, strict=True)):
        values = raw[0][row].tolist()
        assert mean == pytest.approx(statistics.mean(values), abs=1e-12)
        assert sigma == pytest.approx(statistics.stdev(values), rel=1e-12)
        for part, X in zip(parts, raw, strict=True):
            np.testing.assert_allclose(part.X[row], (X[row] - mean) / sigma, rtol=0, atol=1e-12)
    assert all((part.X[-1] == 1).all() for part in parts)
    np.testing.assert_allclose(trainer.train_data.X[:-1].std(axis=1, ddof=1), 1)
    assert np.abs(trainer.test_data.X[:-1].std(axis=1, ddof=1) - 1).max() > 0.01  # of themselves they know nothing


def test_off_it_leaves_inputs_as_they_are_to_the_bit() -> None:
    config = small(**FEATURES)
    trainer = Trainer(config)
    raw = design_matrix(config.features, [(x, y) for x, y, _ in trainer.train_data.points])
    np.testing.assert_array_equal(trainer.train_data.X, raw)
    assert [part.tolist() for part in trainer.scaling] == [[0] * 5, [1] * 5]


def test_a_probed_point_is_normalized_like_the_others() -> None:
    trainer = Trainer(small(normalize=True, **FEATURES))
    for place in (0, 7):
        (inputs, *_), loss = trainer.probe(*trainer.train_data.points[place])
        assert inputs.tolist() == trainer.train_data.X[:-1, place].tolist()
        assert loss == pytest.approx(trainer.point_losses()[0][place], rel=1e-12)


def test_a_probe_far_outside_all_numbers_is_no_warning() -> None:
    points = [Point(x / 100, y / 100, 1) for x in range(3) for y in range(3)]
    (inputs, *_), _ = Trainer(own(points, normalize=True)).probe(1e308, -1e308, 1)
    assert inputs.tolist() == [np.inf, -np.inf]


def test_axes_of_unequal_scales_are_learned_with_it_and_not_without() -> None:
    scores = {}
    for normalize in (False, True):
        trainer = Trainer(small(dataset="scales", numSamples=400, normalize=normalize, learningRate=0.1))
        trainer.train(40)
        scores[normalize] = trainer.measure().test_score
    assert scores[False] < 0.75 < 0.93 < scores[True]


def test_a_run_with_it_goes_on_from_its_snapshot_to_the_same_bits() -> None:
    trainer, other = (Trainer(small(normalize=True)) for _ in range(2))
    trainer.step(7)
    other.restore(trainer.snapshot())
    for run in (trainer, other):
        run.step(7)
    assert state(trainer) == state(other)
