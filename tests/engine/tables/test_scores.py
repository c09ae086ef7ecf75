"""Scores, each worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.tables.scores import SCORES
from engine.tables.tasks import TASKS


def score(problem: str, outputs: list[float], labels: list[float]) -> float:
    return SCORES[problem].f(np.array([outputs]), np.array([labels]))


def test_every_kind_of_problem_has_a_score() -> None:
    assert set(SCORES) == set(TASKS)


@pytest.mark.parametrize(
    ("outputs", "labels", "expected"),
    [
        ([0.3, -0.2, 0.9, -1], [1, 1, -1, -1], 0.5),
        ([0.01, -0.01], [1, -1], 1),
        ([-0.5, 0.5, 0.5], [1, -1, -1], 0),
        ([0, 0, 0], [1, 1, -1], 2 / 3),  # an output of zero stands for class 1
    ],
)
def test_the_accuracy_is_the_share_of_points_on_their_side_of_zero(
    outputs: list[float], labels: list[float], expected: float
) -> None:
    assert score("classification", outputs, labels) == expected


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ([1, 2, 3], 1),
        ([1, 2, 4], 0.5),  # 1 - 1 / (1 + 0 + 1)
        ([2, 2, 2], 0),
        ([3, 2, 1], -3),  # 1 - (4 + 0 + 4) / 2
    ],
)
def test_r_squared_is_the_share_of_the_variance_that_is_explained(outputs: list[float], expected: float) -> None:
    assert score("regression", outputs, [1, 2, 3]) == expected


def test_the_accuracy_of_many_classes_is_the_share_of_points_whose_own_class_has_the_largest_output() -> None:
    outputs = np.array([[0.5, 0.1, 0.3, 0.4], [0.2, 0.1, 0.3, 0.5], [0.3, 0.8, 0.4, 0.1]])  # (K, N)
    labels = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])
    assert SCORES["multiclass"].f(outputs, labels) == 0.5
    assert SCORES["multiclass"].f(labels, labels) == 1


@pytest.mark.parametrize("problem", SCORES)
def test_no_points_have_no_score(problem: str) -> None:
    assert math.isnan(score(problem, [], []))


@pytest.mark.parametrize("labels", [[0.5], [2, 2], [0.1, 0.1, 0.1], [0, -0.0]], ids=str)
def test_labels_that_do_not_vary_have_no_r_squared(labels: list[float]) -> None:
    assert math.isnan(score("regression", [0.0] * len(labels), labels))
