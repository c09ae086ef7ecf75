"""Every activation and its derivative: by hand at some points, by differences everywhere, and far out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS

BY_HAND: dict[str, list[tuple[float, float, float]]] = {
    # (z, f(z), f'(z)); with s = 1/(1 + 1/e) = 0.7310585786300049 and e^-1 = 0.36787944117144233
    "relu": [(-2, 0, 0), (0, 0, 0), (3, 3, 1)],
    "tanh": [(0, 0, 1), (1, 0.7615941559557649, 0.41997434161402614), (-1, -0.7615941559557649, 0.41997434161402614)],
    "sigmoid": [(0, 0.5, 0.25), (1, 0.7310585786300049, 0.19661193324148185)],
    "linear": [(-1.5, -1.5, 1), (0, 0, 1), (2, 2, 1)],
    "leakyRelu": [(-3, -0.3, 0.1), (3, 3, 1)],
    "step": [(-1e-9, 0, 0), (0, 1, 0), (2, 1, 0)],
    "elu": [(-1, -0.6321205588285577, 0.36787944117144233), (0, 0, 1), (2, 2, 1)],
    "softplus": [(0, 0.6931471805599453, 0.5), (1, 1.3132616875182228, 0.7310585786300049)],
    # s + 1 s (1 - s), and s(-1) - 1 s (1 - s)
    "silu": [
        (0, 0, 0.5),
        (1, 0.7310585786300049, 0.9276705118714867),
        (-1, -0.2689414213699951, 0.07232948812851325),
    ],
    "gelu": [(0, 0, 0.5), (1, 0.8411919906082768, 1.0829640838457826), (-1, -0.1588080093917233, -0.0829640838457826)],
    "sine": [(0, 0, 1), (math.pi / 6, 0.5, math.sqrt(3) / 2), (math.pi / 2, 1, 0)],
}

every_activation = pytest.mark.parametrize("name", ACTIVATIONS)


def values_and_slopes(name: str, z: Array) -> tuple[Array, Array]:
    """f(z) and f'(z), each in an array of its own."""
    a, slopes = np.empty_like(z), z.copy()
    with np.errstate(over="ignore"):  # e^1000 is infinite and 1 / e^1000 is right; the trainer looks away likewise
        ACTIVATIONS[name].f(z, a)
        ACTIVATIONS[name].derivative(slopes, a)
    return a, slopes


def test_every_activation_has_points_worked_out_by_hand() -> None:
    assert set(BY_HAND) == set(ACTIVATIONS)


@every_activation
def test_values_and_slopes_are_those_worked_out_by_hand(name: str) -> None:
    z, a, slope = np.array(BY_HAND[name], float).T[:, None]  # (1, N) each
    values, slopes = values_and_slopes(name, z)
    np.testing.assert_allclose(values, a, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(slopes, slope, rtol=1e-13, atol=1e-15)


@every_activation
def test_the_derivative_agrees_with_central_differences(name: str) -> None:
    h = 1e-6
    z = np.concatenate([np.linspace(-6, 6, 240), [-30, 30]])[
        None
    ]  # an even number, so that the kinks at 0 are left out
    differences = (values_and_slopes(name, z + h)[0] - values_and_slopes(name, z - h)[0]) / (2 * h)
    np.testing.assert_allclose(values_and_slopes(name, z)[1], differences, atol=1e-8)


@every_activation
@pytest.mark.parametrize("z", [-1e3, -30.0, 30.0, 1e3])
def test_values_and_slopes_far_out_are_finite(name: str, z: float) -> None:
    assert np.isfinite(values_and_slopes(name, np.full((2, 3), z))).all()


def test_the_slope_of_gelu_is_finite_as_far_out_as_its_values_are() -> None:
    with np.errstate(invalid="ignore"):
        values, slopes = values_and_slopes("gelu", np.array([[-1e160, 1e160]]))
    assert values.tolist() == [[0, 1e160]]
    assert slopes.tolist() == [[0, 1]]


@every_activation
def test_the_stated_bound_holds_and_is_the_least(name: str) -> None:
    a, _ = values_and_slopes(name, np.concatenate([np.linspace(-50, 50, 10_001), [-1e3, 1e3]])[None])
    bound = ACTIVATIONS[name].bound
    largest = np.abs(a).max()
    if bound is None:
        assert largest >= 999
    else:
        assert bound - 1e-4 < largest <= bound


@every_activation
def test_neither_the_sums_nor_the_values_are_overwritten_by_the_other_function(name: str) -> None:
    z = np.linspace(-3, 3, 12).reshape(2, 6)
    before, a = z.copy(), np.empty_like(z)
    ACTIVATIONS[name].f(z, a)
    np.testing.assert_array_equal(z, before)
    values = a.copy()
    ACTIVATIONS[name].derivative(z, a)
    np.testing.assert_array_equal(a, values)


@every_activation
def test_single_precision_stays_single_and_agrees_with_double(name: str) -> None:
    z = np.linspace(-4, 4, 50)[None]
    single, double = values_and_slopes(name, z.astype(np.float32)), values_and_slopes(name, z)
    assert {array.dtype for array in single} == {np.dtype(np.float32)}
    np.testing.assert_allclose(single, double, atol=2e-6)
