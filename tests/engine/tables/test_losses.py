"""Every loss and its derivative: by hand, by differences, against PyTorch's, and far out.

Shapes: K outputs, N points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.tables.tasks import TASKS

CASES = [(name, outputs) for name in LOSSES for outputs in (1, 3) if name != "huber" or outputs == 1]
"""Each loss with one output, as for two classes or a number, and with one for each of three classes."""

every_loss = pytest.mark.parametrize("name", LOSSES)
every_case = pytest.mark.parametrize(("name", "outputs"), CASES)


def points(outputs: int, count: int = 40, seed: int = 1) -> tuple[Array, Array]:
    """What a loss judges, (K, N), and labels, (K, N), of random points on all sides of every margin."""
    random = np.random.default_rng(seed)
    judged = random.uniform(-3, 3, (outputs, count))
    if outputs == 1:
        return judged, random.choice([-1.0, 1.0], (1, count))
    return judged, np.eye(outputs)[:, random.integers(0, outputs, count)]


def derivative(name: str, judged: Array, label: Array) -> Array:
    out = np.full_like(judged, 7.0)
    LOSSES[name].derivative(judged, label, out)
    return out


# --- by hand ------------------------------------------------------------------------------------------------------

ONE_HOT = {k: np.eye(3)[:, [k]].tolist() for k in range(3)}
BY_HAND: list[tuple[str, Any, Any, float, Any]] = [
    # name, judged (K, 1), label (K, 1), loss, derivative (K, 1)
    ("squared", [[0.5], [2.0]], [[1.0], [4.0]], 2.125, [[-0.5], [-2.0]]),  # half of 0.5^2 + 2^2
    ("squared", [[2.0]], [[2.0]], 0, [[0]]),
    ("huber", [[0.5]], [[1.0]], 0.125, [[-0.5]]),
    ("huber", [[4.0]], [[1.0]], 2.5, [[1]]),
    ("huber", [[-4.0]], [[1.0]], 4.5, [[-1]]),
    ("crossEntropy", [[0.0]], [[1.0]], 0.6931471805599453, [[-1]]),  # ln 2; the slope of ln(1 + e^-2z)
    ("crossEntropy", [[0.0], [0.0], [0.0]], ONE_HOT[1], 1.0986122886681098, [[1 / 3], [-2 / 3], [1 / 3]]),  # ln 3
    ("hinge", [[0.25]], [[1.0]], 0.75, [[-1]]),
    ("hinge", [[0.25]], [[-1.0]], 1.25, [[1]]),
    ("hinge", [[1.5]], [[1.0]], 0, [[0]]),
    ("hinge", [[1.0], [0.5], [-2.0]], ONE_HOT[0], 0.5, [[-1], [1], [0]]),  # the second comes within 1, the third not
    ("hinge", [[1.0], [0.5], [-2.0]], ONE_HOT[2], 7.5, [[1], [1], [-2]]),
    ("perceptron", [[0.25]], [[1.0]], 0, [[0]]),
    ("perceptron", [[0.25]], [[-1.0]], 0.25, [[1]]),
    ("perceptron", [[1.0], [0.5], [-2.0]], ONE_HOT[0], 0, [[0], [0], [0]]),
    ("perceptron", [[1.0], [0.5], [-2.0]], ONE_HOT[2], 3, [[1], [0], [-1]]),
]


def test_every_loss_is_worked_out_by_hand_for_each_kind_of_label() -> None:
    assert {(name, len(judged)) for name, judged, *_ in BY_HAND} >= {case for case in CASES if case[0] != "squared"}


@pytest.mark.parametrize(("name", "judged", "label", "loss", "slopes"), BY_HAND)
def test_losses_and_slopes_are_those_worked_out_by_hand(
    name: str, judged: Any, label: Any, loss: float, slopes: Any
) -> None:
    arrays = np.array(judged), np.array(label)
    assert LOSSES[name].f(*arrays).tolist() == pytest.approx([loss], abs=1e-15)
    np.testing.assert_allclose(derivative(name, *arrays), slopes, rtol=0, atol=1e-15)


def test_a_sum_of_zero_stands_for_class_1_so_that_the_perceptron_corrects_the_other() -> None:
    zeros, labels = np.zeros((1, 2)), np.array([[1.0, -1.0]])
    assert LOSSES["perceptron"].f(zeros, labels).tolist() == [0, 0]
    assert derivative("perceptron", zeros, labels).tolist() == [[0, 1]]


# --- the derivative -----------------------------------------------------------------------------------------------


@every_case
def test_the_derivative_agrees_with_central_differences(name: str, outputs: int) -> None:
    judged, label = points(outputs)
    loss, h = LOSSES[name], 1e-6
    slopes = derivative(name, judged, label)
    for k in range(outputs):
        shift = np.zeros_like(judged)
        shift[k] = h
        difference = (loss.f(judged + shift, label) - loss.f(judged - shift, label)) / (2 * h)  # (N,)
        np.testing.assert_allclose(slopes[k], difference, atol=1e-8)


@every_case
def test_a_derivative_writes_over_nothing_but_its_own_array(name: str, outputs: int) -> None:
    judged, label = points(outputs)
    before = judged.copy(), label.copy()
    slopes = derivative(name, judged, label)
    np.testing.assert_array_equal((judged, label), before)
    assert (slopes != 7.0).all()


@every_case
def test_networks_side_by_side_are_judged_each_by_itself(name: str, outputs: int) -> None:
    _, label = points(outputs)
    judged = np.stack([points(outputs, seed=seed)[0] for seed in (2, 3)])  # (R, K, N)
    losses, slopes = LOSSES[name].f(judged, label), derivative(name, judged, label)
    assert losses.shape == (2, 40)
    for copy in range(2):
        np.testing.assert_array_equal(losses[copy], LOSSES[name].f(judged[copy], label))
        np.testing.assert_array_equal(slopes[copy], derivative(name, judged[copy], label))


# --- against PyTorch ----------------------------------------------------------------------------------------------

Reference = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
PYTORCH: dict[tuple[str, int], Reference] = {
    # (K, N), (K, N) -> the sum over the points
    ("squared", 1): lambda z, y: functional.mse_loss(z, y, reduction="sum") / 2,
    ("squared", 3): lambda z, y: functional.mse_loss(z, y, reduction="sum") / 2,
    ("huber", 1): lambda z, y: functional.huber_loss(z, y, delta=1.0, reduction="sum"),
    ("crossEntropy", 1): lambda z, y: functional.binary_cross_entropy_with_logits(2 * z, (y + 1) / 2, reduction="sum"),
    ("crossEntropy", 3): lambda z, y: functional.cross_entropy(z.T, y.argmax(0), reduction="sum"),
    # PyTorch divides by the number of classes.
    ("hinge", 3): lambda z, y: functional.multi_margin_loss(z.T, y.argmax(0), p=1, margin=1.0, reduction="sum") * 3,
}


@pytest.mark.parametrize(("name", "outputs"), PYTORCH)
def test_loss_and_derivative_are_those_of_pytorch(name: str, outputs: int) -> None:
    judged, label = points(outputs)
    z = torch.tensor(judged, requires_grad=True)
    total = PYTORCH[name, outputs](z, torch.tensor(label))
    (slopes,) = torch.autograd.grad(total, z)
    assert LOSSES[name].f(judged, label).sum() == pytest.approx(total.item(), rel=1e-12)
    np.testing.assert_allclose(derivative(name, judged, label), slopes.numpy(), rtol=0, atol=1e-12)


# --- far out ------------------------------------------------------------------------------------------------------

FAR = 1e4
FAR_OUT: list[tuple[str, Any, Any, float, Any]] = [
    ("squared", [[-FAR]], [[1.0]], 0.5 * (FAR + 1) ** 2, [[-FAR - 1]]),
    ("huber", [[-FAR]], [[1.0]], FAR + 0.5, [[-1]]),
    ("crossEntropy", [[FAR]], [[1.0]], 0, [[0]]),
    ("crossEntropy", [[-FAR]], [[-1.0]], 0, [[0]]),
    ("crossEntropy", [[FAR]], [[-1.0]], 2 * FAR, [[2]]),
    ("crossEntropy", [[-FAR]], [[1.0]], 2 * FAR, [[-2]]),
    ("crossEntropy", [[FAR], [-FAR], [0.0]], ONE_HOT[0], 0, [[0], [0], [0]]),
    ("crossEntropy", [[FAR], [-FAR], [0.0]], ONE_HOT[1], 2 * FAR, [[1], [-1], [0]]),
    ("crossEntropy", [[-FAR], [-FAR], [-FAR]], ONE_HOT[1], float(np.log(3)), [[1 / 3], [-2 / 3], [1 / 3]]),
    ("hinge", [[FAR]], [[-1.0]], FAR + 1, [[1]]),
    ("hinge", [[FAR], [-FAR], [0.0]], ONE_HOT[1], 3 * FAR + 2, [[1], [-2], [1]]),
    ("perceptron", [[FAR]], [[-1.0]], FAR, [[1]]),
    ("perceptron", [[FAR], [-FAR], [0.0]], ONE_HOT[1], 2 * FAR, [[1], [-1], [0]]),
]


@pytest.mark.parametrize(("name", "judged", "label", "loss", "slopes"), FAR_OUT)
def test_losses_and_slopes_far_out_are_right_and_no_warning(
    name: str, judged: Any, label: Any, loss: float, slopes: Any
) -> None:
    arrays = np.array(judged), np.array(label)
    assert LOSSES[name].f(*arrays).tolist() == pytest.approx([loss], rel=1e-15)
    np.testing.assert_allclose(derivative(name, *arrays), slopes, rtol=0, atol=1e-12)


# --- the table ----------------------------------------------------------------------------------------------------


@every_loss
def test_every_loss_fits_some_problems_that_there_are(name: str) -> None:
    assert LOSSES[name].problems
    assert set(LOSSES[name].problems) <= set(TASKS)


def test_a_loss_of_classes_judges_sums_and_a_distance_from_a_label_judges_outputs() -> None:
    assert {name for name, loss in LOSSES.items() if loss.of_sums} == {"crossEntropy", "hinge", "perceptron"}
