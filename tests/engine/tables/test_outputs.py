"""Every output activation: by hand, its derivative by differences, and far out.

Shapes: K outputs, N points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.tables.tasks import TASKS

every_output = pytest.mark.parametrize("name", OUTPUTS)
E2 = 0.8807970779778825  # e^2 / (e^2 + 1)

BY_HAND: dict[str, tuple[Any, Any]] = {
    # z (K, N), a (K, N)
    "tanh": ([[0.0, 1.0]], [[0, 0.7615941559557649]]),
    "linear": ([[-1.5, 0.0, 2.0]], [[-1.5, 0, 2]]),
    "step": ([[-1e-9, 0.0, 2.0]], [[-1, 1, 1]]),
    "softmax": ([[0.0, 2.0, -1.0], [0.0, 0.0, 1.0]], [[0.5, E2, 1 - E2], [0.5, 1 - E2, E2]]),
}


def outputs(name: str, z: Array) -> Array:
    a = np.empty_like(z)
    OUTPUTS[name].f(z.copy(), a)
    return a


def test_every_output_is_worked_out_by_hand() -> None:
    assert set(BY_HAND) == set(OUTPUTS)


@every_output
def test_outputs_are_those_worked_out_by_hand(name: str) -> None:
    z, a = map(np.array, BY_HAND[name])
    np.testing.assert_allclose(outputs(name, z), a, rtol=1e-14)


@every_output
def test_the_derivative_by_the_own_sum_agrees_with_central_differences(name: str) -> None:
    z, h = np.random.default_rng(2).uniform(-3, 3, (4, 9)), 1e-6  # (K, N)
    slopes = z.copy()
    OUTPUTS[name].derivative(slopes, outputs(name, z))
    for k in range(4):
        shift = np.zeros_like(z)
        shift[k] = h
        difference = (outputs(name, z + shift) - outputs(name, z - shift))[k] / (2 * h)  # (N,)
        np.testing.assert_allclose(slopes[k], difference, atol=1e-8)


def test_where_outputs_depend_on_each_others_sums_all_of_them_have_part_in_the_slope() -> None:
    random, h = np.random.default_rng(3), 1e-6
    z, da = random.uniform(-3, 3, (4, 9)), random.normal(size=(4, 9))  # (K, N)
    dz, pull_back = da.copy(), OUTPUTS["softmax"].pull_back
    assert pull_back
    pull_back(outputs("softmax", z), dz)
    for k in range(4):
        shift = np.zeros_like(z)
        shift[k] = h
        moved = (outputs("softmax", z + shift) - outputs("softmax", z - shift)) / (2 * h)  # (K, N)
        np.testing.assert_allclose(dz[k], (da * moved).sum(axis=0), atol=1e-8)


def test_every_other_output_depends_on_its_own_sum_alone() -> None:
    assert [name for name, output in OUTPUTS.items() if output.pull_back] == ["softmax"]


def test_softmax_gives_probabilities_wherever_all_sums_are_moved_together() -> None:
    z = np.random.default_rng(4).uniform(-5, 5, (6, 20))  # (K, N)
    a = outputs("softmax", z)
    assert (a > 0).all()
    np.testing.assert_allclose(a.sum(axis=0), 1, rtol=1e-15)
    np.testing.assert_allclose(outputs("softmax", z + 100), a, rtol=1e-12)


def test_softmax_far_out_is_right_and_no_warning() -> None:
    far = 1e4
    z = np.array([[far, -far, far, -far], [-far, -far, far, 0.0]])  # (K, N)
    a = outputs("softmax", z)
    assert a.tolist() == [[1, 0.5, 0.5, 0], [0, 0.5, 0.5, 1]]
    pull_back, dz = OUTPUTS["softmax"].pull_back, np.ones_like(z) * [[1.0], [-1.0]]
    assert pull_back
    pull_back(a, dz)
    assert dz.tolist() == [[0, 0.5, 0.5, 0], [0, -0.5, -0.5, 0]]


@every_output
def test_networks_side_by_side_answer_each_by_itself(name: str) -> None:
    z = np.random.default_rng(5).uniform(-3, 3, (3, 4, 9))  # (R, K, N)
    np.testing.assert_array_equal(outputs(name, z), [outputs(name, each) for each in z])


@pytest.mark.parametrize("name", ["tanh", "linear"])
def test_an_output_that_hidden_layers_have_too_is_the_same(name: str) -> None:
    assert (OUTPUTS[name].f, OUTPUTS[name].derivative) == (ACTIVATIONS[name].f, ACTIVATIONS[name].derivative)


@pytest.mark.parametrize("problem", TASKS)
def test_a_problem_has_an_output_and_a_loss_that_fit_it(problem: str) -> None:
    assert problem in OUTPUTS[TASKS[problem].output].problems
    assert problem in LOSSES[TASKS[problem].loss].problems


@every_output
def test_every_output_fits_some_problems_that_there_are(name: str) -> None:
    assert OUTPUTS[name].problems
    assert set(OUTPUTS[name].problems) <= set(TASKS)
