"""The parts of the data: which points train, which validate, which test, and what their outputs shall be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import Point
from engine.random_stream import Stream
from engine.training.split import Parts, parts, shuffle, targets
from tests.engine.runs import at_one_place, own


def split(train: float, validation: float, **values: Any) -> Parts:
    config = Config.model_validate({"percTrainData": train, "percValidationData": validation, **values})
    return parts(config, Stream(config.seed))


def mixed(**values: Any) -> list[Point]:
    """All points in the order in which they are shared out."""
    config, stream = Config.model_validate(values), Stream("0.5")
    points = config.draw(stream)
    shuffle(points, stream)
    return points


@pytest.mark.parametrize(
    ("train", "validation", "sizes"),
    [
        (50, 0, (250, 0, 250)),
        (60, 20, (300, 100, 100)),
        (1, 98, (5, 490, 5)),
        (98, 1, (490, 5, 5)),
        (33.39, 33.39, (166, 166, 168)),  # each is rounded down, and what is left over tests
        (99, 0, (495, 0, 5)),
    ],
)
def test_first_come_the_points_that_train_then_those_that_validate_then_those_that_test(
    train: float, validation: float, sizes: tuple[int, int, int]
) -> None:
    *three, _ = split(train, validation)
    assert tuple(len(part.points) for part in three) == sizes
    assert [point for part in three for point in part.points] == mixed()
    assert [part.X.shape for part in three] == [(3, size) for size in sizes]
    assert [part.Y.shape for part in three] == [(1, size) for size in sizes]


@pytest.mark.parametrize("dataset", ["circle", "xor", "spiral"])
def test_without_points_that_validate_the_others_are_those_of_ever(dataset: str) -> None:
    points = mixed(dataset=dataset, noise=20, numSamples=101)
    first = int(len(points) * 0.3)
    train, validation, test, _ = split(30, 0, dataset=dataset, noise=20, numSamples=101)
    assert (train.points, validation.points, test.points) == (points[:first], [], points[first:])
    assert train.X[:2].T.tolist() == [[x, y] for x, y, _ in points[:first]]
    assert test.Y.tolist() == [[label for _, _, label in points[first:]]]


def test_points_that_validate_are_taken_from_those_that_tested_and_no_draw_is_made_for_them() -> None:
    with_some, without = Stream("a"), Stream("a")
    some, none = parts(Config(percValidationData=20), with_some), parts(Config(), without)
    assert some.train.points == none.train.points
    assert some.validation.points + some.test.points == none.test.points
    assert at_one_place(with_some, without)


def test_no_part_of_drawn_points_that_was_asked_for_is_empty() -> None:
    for train, validation in ((1, 1), (1, 98), (98, 1), (50, 49)):
        *three, _ = split(train, validation, numSamples=100)
        assert min(len(part.points) for part in three) >= 1


def test_few_points_of_ones_own_may_leave_parts_empty() -> None:
    config = own([Point(1, 2, 1), Point(3, 4, -1)], percValidationData=40)
    train, validation, test, _ = parts(config, Stream("a"))
    assert [len(part.points) for part in (train, validation, test)] == [1, 0, 1]
    assert validation.X.shape == (3, 0)


def test_of_many_classes_the_row_of_the_class_is_1() -> None:
    config = Config(problem="multiclass", classes=3)
    assert targets(config, [0, 2, 1, 1]).tolist() == [[1, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]
    assert targets(config, []).shape == (3, 0)
    train, *_ = split(50, 0, problem="multiclass", classes=5)
    assert train.Y.shape == (5, 250)
    np.testing.assert_array_equal(train.Y.argmax(axis=0), [point.label for point in train.points])
    np.testing.assert_array_equal(train.Y.sum(axis=0), 1)


@pytest.mark.parametrize("problem", ["classification", "regression"])
def test_any_other_output_shall_be_the_label(problem: str) -> None:
    assert targets(Config.model_validate({"problem": problem}), [1, -1, 0.5]).tolist() == [[1, -1, 0.5]]
