"""The perceptron criterion with a step output in batches of one is Rosenblatt's rule, and does what is known of it.

Shapes: N points, D + 1 inputs with the one that meets the bias.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.config import Config
from engine.data.datasets import Point
from engine.tables import Array
from engine.trainer import Trainer
from tests.engine.runs import own

SEPARATING = np.array([0.6, -0.8, 0.5])  # a line 0.6 x1 - 0.8 x2 + 0.5 = 0
XOR = [Point(1, 1, 1), Point(-1, -1, 1), Point(1, -1, -1), Point(-1, 1, -1)]


def unit(points: list[Point]) -> Config:
    """One unit on all these points but the last, from zero."""
    return own(
        points,
        percTrainData=99,
        networkShape=(),
        initializer="zero",
        loss="perceptron",
        outputActivation="step",
        batchSize=1,
        learningRate=1.0,
    )


def separable(count: int = 60, margin: float = 0.3) -> list[Point]:
    """Points on both sides of the line, none of them near."""
    random = np.random.default_rng(1)
    points: list[Point] = []
    while len(points) < count:
        x, y = np.round(random.uniform(-5, 5, 2), 4).tolist()
        side = float(SEPARATING @ [x, y, 1])
        if abs(side) > margin:
            points.append(Point(x, y, 1 if side > 0 else -1))
    return points


def rosenblatt(theta: Array, x: Array, label: float) -> bool:
    """One point of the rule of 1958, in place: where the unit's answer is wrong, add label x. Gives whether it was."""
    answer = 1 if theta @ x >= 0 else -1
    if answer == label:
        return False
    theta += label * x
    return True


def mistakes(trainer: Trainer, epochs: int) -> list[int]:
    """How many updates of each epoch changed anything, with every theta compared with the rule's own."""
    theta, counts = np.zeros(3), []
    X, labels = trainer.train_data.X.T, trainer.train_data.Y[0]  # (N, D + 1), (N,)
    for _ in range(epochs):
        wrong = 0
        for x, label in zip(X, labels.tolist(), strict=True):
            wrong += rosenblatt(theta, x, label)
            trainer.step()
            np.testing.assert_allclose(trainer.network.theta, theta, rtol=0, atol=1e-9)
        counts.append(wrong)
    return counts


def test_every_update_is_that_of_the_rule_until_it_makes_no_more_mistakes_within_the_bound() -> None:
    trainer = Trainer(unit(separable()))
    counts = mistakes(trainer, 60)
    # Novikoff's theorem: at most (R / gamma)^2 mistakes, R the longest point and gamma the least distance from a
    # separating plane through the origin, both of the points with their one (D + 1).
    X, labels = trainer.train_data.X.T, trainer.train_data.Y[0]
    longest = np.linalg.norm(X, axis=1).max()
    gamma = (labels * (X @ SEPARATING)).min() / np.linalg.norm(SEPARATING)
    assert gamma > 0
    assert 0 < sum(counts) <= (longest / gamma) ** 2
    assert counts[-1] == 0
    assert trainer.measure().train_score == 1
    assert trainer.losses().train == 0


def test_once_it_makes_no_mistake_it_stands_still() -> None:
    trainer = Trainer(unit(separable()))
    trainer.train(60)
    before = trainer.network.theta.copy()
    trainer.train(5)
    np.testing.assert_array_equal(trainer.network.theta, before)


def test_on_xor_it_never_comes_to_an_end() -> None:
    trainer = Trainer(unit([*XOR * 5, Point(0, 0, 1)]))
    counts = mistakes(trainer, 200)
    assert min(counts) > 0
    assert trainer.measure().train_score < 1


@pytest.mark.parametrize("output", ["tanh", "linear"])
def test_it_is_the_same_rule_whatever_the_output_makes_of_the_sum(output: str) -> None:
    config = unit(separable())
    hard, soft = Trainer(config), Trainer(config.model_copy(update={"outputActivation": output}))
    for run in (hard, soft):
        run.train(5)
    np.testing.assert_array_equal(soft.network.theta, hard.network.theta)


def test_without_a_loss_that_judges_sums_a_step_learns_nothing() -> None:
    trainer = Trainer(unit(separable()).model_copy(update={"loss": "squared"}))
    trainer.train(5)
    assert not trainer.network.theta.any()
