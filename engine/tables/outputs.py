"""Output activations: from the last layer's weighted sums to the network's output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.tables import Array
from engine.tables.activations import ACTIVATIONS, Activation


@dataclass(frozen=True, kw_only=True)
class Output(Activation):
    """An activation of the output layer."""

    problems: Sequence[str]
    """The kinds of problems that it fits."""


def _like(name: str, *problems: str) -> Output:
    hidden = ACTIVATIONS[name]
    return Output(**{field.name: getattr(hidden, field.name) for field in fields(hidden)}, problems=problems)


def _sign(z: Array, a: Array) -> None:
    np.copyto(a, np.where(z >= 0, 1.0, -1.0))


def _flat(z: Array, a: Array) -> None:
    z.fill(0.0)


def softmax(z: Array, a: Array) -> None:
    """a = e^z / sum e^z over the outputs, (..., K, N); shifted by the largest sum, so that nothing overflows."""
    np.subtract(z, z.max(axis=-2, keepdims=True), out=a)
    np.exp(a, out=a)
    np.divide(a, a.sum(axis=-2, keepdims=True), out=a)


def _softmax_derivative(z: Array, a: Array) -> None:
    """Each output's derivative by its own sum: a (1 - a)."""
    np.subtract(1.0, a, out=z)
    np.multiply(a, z, out=z)


def _softmax_pull_back(a: Array, dz: Array) -> None:
    """dL/dz = a (dL/da - sum a dL/da)."""
    np.subtract(dz, np.sum(a * dz, axis=-2, keepdims=True), out=dz)
    np.multiply(a, dz, out=dz)


OUTPUTS: dict[str, Output] = {
    "tanh": _like("tanh", "classification", "regression"),
    "linear": _like("linear", "classification", "regression"),
    "step": Output(
        label="Step",
        formula="1 where z >= 0, else -1",
        latex=r"\begin{cases} 1 & z \ge 0 \\ -1 & z < 0 \end{cases}",
        hint="Rosenblatt's hard decision between the two labels; the perceptron criterion trains it all the same.",
        problems=("classification",),
        f=_sign,
        derivative=_flat,
        bound=1.0,
    ),
    "softmax": Output(
        label="Softmax",
        formula="e^z_k / sum_j e^z_j",
        latex=r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
        hint="Makes of all sums together the probability of each class: none below 0, and 1 in all.",
        problems=("multiclass", "images"),
        f=softmax,
        derivative=_softmax_derivative,
        pull_back=_softmax_pull_back,
        bound=1.0,
    ),
}
