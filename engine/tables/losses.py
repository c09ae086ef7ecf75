"""Loss functions: how wrong an output is, and in which direction.

Shapes: K outputs, N points; any axes before them are networks side by side. Labels are -1 or 1 for two classes, any
number for a regression, and for many classes 1 in the row of the class and 0 in the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.tables import Array, Entry
from engine.tables.outputs import softmax

Value = Callable[[Array, Array], Array]
Derivative = Callable[[Array, Array, Array], object]


@dataclass(frozen=True, kw_only=True)
class Loss(Entry):
    """The loss of each point, and its derivative by what it judges."""

    problems: Sequence[str]
    """The kinds of problems that it fits."""
    f: Value
    """f(output, label): (..., K, N), (K, N) -> (..., N), one loss a point."""
    derivative: Derivative
    """derivative(output, label, out): writes dL/d(output) of each point into out, all (..., K, N)."""
    of_sums: bool = False
    """Whether it judges the output layer's weighted sums, whatever its activation makes of them."""


def _squared(output: Array, label: Array) -> Array:
    error = output - label  # (..., K, N)
    return np.asarray(0.5 * np.einsum("...kn,...kn->...n", error, error))  # (..., N)


def _huber(output: Array, label: Array) -> Array:
    error = np.abs(output - label)  # (..., K, N)
    return np.asarray(np.where(error <= 1, 0.5 * error * error, error - 0.5).sum(axis=-2))  # (..., N)


def _huber_derivative(output: Array, label: Array, out: Array) -> None:
    np.clip(output - label, -1.0, 1.0, out=out)


def _of_kind(two: Callable[..., Any], many: Callable[..., Any]) -> Callable[..., Any]:
    """One function for two classes, which have one output, and another for many, which have one each."""
    return lambda z, label, *out: (two if len(label) == 1 else many)(z, label, *out)


# --- two classes: labels -1 and 1, one sum -------------------------------------------------------------------------


def _logistic(z: Array, label: Array) -> Array:
    return np.asarray(np.logaddexp(0.0, -2 * label * z)[..., 0, :])


def _logistic_derivative(z: Array, label: Array, out: Array) -> None:
    np.multiply(-2 * label, np.exp(-np.logaddexp(0.0, 2 * label * z)), out=out)


def _hinge(z: Array, label: Array) -> Array:
    return np.asarray(np.maximum(0.0, 1.0 - label * z)[..., 0, :])


def _hinge_derivative(z: Array, label: Array, out: Array) -> None:
    np.negative(label, out=out)
    np.multiply(out, 0.0, out=out, where=np.logical_not(label * z < 1))


def _criterion(z: Array, label: Array) -> Array:
    return np.asarray(np.maximum(0.0, -label * z)[..., 0, :])


def _criterion_derivative(z: Array, label: Array, out: Array) -> None:
    np.negative(label, out=out)
    np.multiply(out, 0.0, out=out, where=(z >= 0) == (label >= 0))


# --- many classes: one row for each, 1 in that of the class --------------------------------------------------------


def _cross_entropy(z: Array, label: Array) -> Array:
    shifted = z - z.max(axis=-2, keepdims=True)  # (..., K, N)
    return np.asarray(np.log(np.exp(shifted).sum(axis=-2)) - np.sum(label * shifted, axis=-2))  # (..., N)


def _cross_entropy_derivative(z: Array, label: Array, out: Array) -> None:
    softmax(z, out)
    np.subtract(out, label, out=out)


def _margins(z: Array, label: Array) -> Array:
    """By how much each other class's sum comes within 1 of the class's own, (..., K, N)."""
    own = np.sum(label * z, axis=-2, keepdims=True)  # (..., 1, N)
    margins: Array = np.maximum(0.0, z - own + 1.0) * (1.0 - label)
    return margins


def _hinges(z: Array, label: Array) -> Array:
    return np.asarray(_margins(z, label).sum(axis=-2))


def _hinges_derivative(z: Array, label: Array, out: Array) -> None:
    out.fill(0.0)
    np.copyto(out, 1.0, where=_margins(z, label) > 0)
    np.subtract(out, label * out.sum(axis=-2, keepdims=True), out=out)


def _criteria(z: Array, label: Array) -> Array:
    return np.asarray(z.max(axis=-2) - np.sum(label * z, axis=-2))


def _criteria_derivative(z: Array, label: Array, out: Array) -> None:
    np.negative(np.broadcast_to(label, out.shape), out=out)
    largest = z.argmax(axis=-2)[..., None, :]  # (..., 1, N)
    np.put_along_axis(out, largest, np.take_along_axis(out, largest, axis=-2) + 1.0, axis=-2)


LOSSES: dict[str, Loss] = {
    "squared": Loss(
        label="Squared",
        formula="1/2 (output - label)^2",
        latex=r"\frac{1}{2} (\hat{y} - y)^2",
        hint="Half the squared distance from the label: far misses count much more than near ones.",
        problems=("classification", "multiclass", "images", "regression"),
        f=_squared,
        derivative=np.subtract,
    ),
    "crossEntropy": Loss(
        label="Cross-entropy",
        formula="-ln of the probability that the output gives to the label's class",
        latex=r"-\ln q(y) = -\ln \frac{e^{z_y}}{\sum_j e^{z_j}}",
        hint="Near 0 where the network is sure and right, and without bound where it is sure and wrong.",
        problems=("classification", "multiclass", "images"),
        f=_of_kind(_logistic, _cross_entropy),
        derivative=_of_kind(_logistic_derivative, _cross_entropy_derivative),
        of_sums=True,
    ),
    "hinge": Loss(
        label="Hinge",
        formula="max(0, 1 - y z); of many classes the sum over the others of max(0, z_j - z_y + 1)",
        latex=r"\sum_{j \ne y} \max(0, z_j - z_y + 1)",
        hint="Nothing for a point that is right by a margin of 1, and then ever more: the loss of support vectors.",
        problems=("classification", "multiclass", "images"),
        f=_of_kind(_hinge, _hinges),
        derivative=_of_kind(_hinge_derivative, _hinges_derivative),
        of_sums=True,
    ),
    "perceptron": Loss(
        label="Perceptron",
        formula="max(0, -y z); of many classes max_j z_j - z_y",
        latex=r"\max(0, -y z)",
        hint="Only points on the wrong side count; in batches of 1 it moves the line as Rosenblatt's rule does.",
        problems=("classification", "multiclass", "images"),
        f=_of_kind(_criterion, _criteria),
        derivative=_of_kind(_criterion_derivative, _criteria_derivative),
        of_sums=True,
    ),
    "huber": Loss(
        label="Huber",
        formula="1/2 e^2 where |e| <= 1, else |e| - 1/2, with e = output - label",
        latex=r"\begin{cases} \frac{1}{2} e^2 & |e| \le 1 \\ |e| - \frac{1}{2} & \text{else} \end{cases}",
        hint="Squared for near misses and only proportional for far ones, so that an odd point pulls less.",
        problems=("regression",),
        f=_huber,
        derivative=_huber_derivative,
    ),
}
