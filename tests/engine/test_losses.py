"""Every loss and its derivative by the outputs."""

from __future__ import annotations

import numpy as np
import pytest

from engine.losses import LOSSES

every_loss = pytest.mark.parametrize("name", LOSSES)


def test_the_squared_loss_of_a_point_is_half_the_squared_distance_from_its_label() -> None:
    output, label = np.array([[0.5, 2.0], [-1.0, 0.0]]), np.array([[1.0, 2.0], [1.0, 0.0]])  # (K, N)
    # half of 0.5^2 + 2^2; the second point is met exactly
    assert LOSSES["squared"].f(output, label).tolist() == [2.125, 0]


@every_loss
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_derivative_agrees_with_central_differences(name: str, outputs: int) -> None:
    random = np.random.default_rng(1)
    output, label = random.uniform(-0.9, 0.9, (outputs, 4)), random.choice([-1.0, 1.0], (outputs, 4))  # (K, N)
    loss, h = LOSSES[name], 1e-6
    derivative = np.empty_like(output)
    loss.derivative(output, label, derivative)
    for k in range(outputs):
        shift = np.zeros_like(output)
        shift[k] = h
        difference = (loss.f(output + shift, label) - loss.f(output - shift, label)) / (2 * h)  # (N,)
        np.testing.assert_allclose(derivative[k], difference, atol=1e-8)


@every_loss
def test_a_derivative_may_be_written_over_nothing_but_its_own_array(name: str) -> None:
    output, label, out = np.array([[0.25]]), np.array([[1.0]]), np.array([[7.0]])
    LOSSES[name].derivative(output, label, out)
    assert (output.item(), label.item()) == (0.25, 1.0)
    assert out.item() != 7.0
