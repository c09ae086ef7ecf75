"""Every penalty and its derivative by the weights."""

from __future__ import annotations

import numpy as np
import pytest

from engine.tables.penalties import PENALTIES

WEIGHTS = np.array([[-2.0, -0.5, 0.25], [1.0, 3.0, -0.125]])  # none at zero, where L1 has its kink


def test_no_penalty_is_a_choice() -> None:
    assert PENALTIES["none"] is None


def test_penalties_are_those_worked_out_by_hand() -> None:
    l1, l2 = PENALTIES["L1"], PENALTIES["L2"]
    assert l1
    assert l2
    assert l1.f(np.array([-2.0, 0.5])).tolist() == [2, 0.5]
    assert l2.f(np.array([-2.0, 0.5])).tolist() == [2, 0.125]
    assert l1.derivative(np.array([-2.0, 0.0, 0.5])).tolist() == [-1, 0, 1]
    assert l2.derivative(np.array([-2.0, 0.0, 0.5])).tolist() == [-2, 0, 0.5]


def test_l1_alone_keeps_at_zero_what_crosses_it() -> None:
    assert [name for name, penalty in PENALTIES.items() if penalty and penalty.sparse] == ["L1"]


@pytest.mark.parametrize("name", [name for name, penalty in PENALTIES.items() if penalty])
def test_the_derivative_agrees_with_central_differences_and_keeps_the_shape(name: str) -> None:
    penalty, h = PENALTIES[name], 1e-6
    assert penalty
    differences = (penalty.f(WEIGHTS + h) - penalty.f(WEIGHTS - h)) / (2 * h)
    np.testing.assert_allclose(penalty.derivative(WEIGHTS), differences, atol=1e-8)
