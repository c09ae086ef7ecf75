"""Axes of a chart of losses: where things stand, and which numbers stand beside them."""

from __future__ import annotations

import numpy as np
import pytest

from app.exports.charts.axes import Box, axes_of, log_ticks, steps, tick_text
from engine.tables import Array

BOX = Box(50, 20, 100, 200)


def test_a_linear_axis_begins_at_zero_and_holds_all_losses() -> None:
    axes = axes_of(np.array([0, 5, 10]), np.array([[4.0, 2.0, 1.0], [3.0, 2.0, 1.5]]), False, BOX)
    assert axes.x(np.array([0, 5, 10])).tolist() == [50, 100, 150]
    assert axes.losses == pytest.approx((0, 4.2))
    assert axes.y(np.array([0.0, 2.1, 4.2])) == pytest.approx(np.array([220, 120, 20]))


def test_a_logarithmic_axis_is_even_in_powers_and_holds_a_loss_of_zero_at_its_floor() -> None:
    axes = axes_of(np.array([0, 1, 2]), np.array([[1e-1, 1e-2, 1e-3]]), True, BOX)
    top, middle, bottom = axes.y(np.array([1e-1, 1e-2, 1e-3]))
    assert 20 < top < bottom < 220
    assert middle == pytest.approx((top + bottom) / 2)
    zero = axes_of(np.array([0, 1]), np.array([[1.0, 0.0]]), True, BOX)
    assert zero.losses[0] < 1e-9 < zero.losses[1]


@pytest.mark.parametrize("log", [False, True])
def test_an_infinite_loss_stands_at_the_top_and_stretches_nothing(log: bool) -> None:
    epochs, losses = np.array([0, 1, 2]), np.array([[0.5, 0.4, np.inf]])
    axes = axes_of(epochs, losses, log, BOX)
    assert axes.losses == axes_of(epochs, losses[:, :2], log, BOX).losses
    assert axes.y(losses)[0, 2] == BOX.top


@pytest.mark.parametrize(("epochs", "shown"), [([], (0, 1)), ([0], (0, 1)), ([300], (0, 300)), ([7, 9], (7, 9))])
def test_there_are_always_two_epochs(epochs: list[int], shown: tuple[int, int]) -> None:
    rows = np.array(epochs, np.int64)
    assert axes_of(rows, np.ones((2, len(rows))), False, BOX).epochs == shown


@pytest.mark.parametrize("losses", [np.zeros((2, 3)), np.full((2, 3), 1e300), np.full((2, 3), np.inf), np.ones((2, 3))])
@pytest.mark.parametrize("log", [False, True])
def test_losses_of_one_size_have_an_axis_too(losses: Array, log: bool) -> None:
    axes = axes_of(np.arange(3), losses, log, BOX)
    y = axes.y(losses)
    assert np.isfinite(y).all()
    assert axes.losses[0] < axes.losses[1] < np.inf


@pytest.mark.parametrize(
    ("interval", "most", "least", "expected"),
    [
        ((0, 1), 5, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((0, 0.63), 6, 0, [0, 0.2, 0.4, 0.6]),
        ((0, 300), 6, 1, [0, 50, 100, 150, 200, 250, 300]),
        ((13, 37), 3, 1, [20, 30]),
        ((0, 3), 8, 1, [0, 1, 2, 3]),
        ((0, 3e-7), 3, 0, [0, 1e-7, 2e-7, 3e-7]),
    ],
)
def test_ticks_are_multiples_of_1_2_or_5(
    interval: tuple[float, float], most: float, least: float, expected: list[float]
) -> None:
    assert steps(interval, most, least) == expected


@pytest.mark.parametrize(
    ("interval", "major", "smallest"),
    [
        ((0.004, 0.7), [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5], 0.004),
        ((1e-6, 1), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1], 1e-6),
        ((0.21, 0.39), [0.25, 0.3, 0.35], 0.3),
        ((1e-9, 1e21), [1e-5, 1, 1e5, 1e10, 1e15, 1e20], None),
    ],
)
def test_logarithmic_ticks_thin_out_as_the_axis_widens(
    interval: tuple[float, float], major: list[float], smallest: float | None
) -> None:
    found, minor = log_ticks(interval, 6)
    assert found == major
    assert min(minor, default=None) == smallest


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (0.001, "0.001"),
        (2e-5, "2e-5"),
        (2.5e-7, "2.5e-7"),
        (10.0, "10"),
        (1e5, "1e5"),
        (5e187, "5e187"),
    ],
)
def test_the_number_at_a_tick_is_short(loss: float, text: str) -> None:
    assert tick_text(loss) == text
