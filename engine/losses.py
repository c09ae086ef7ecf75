"""Loss functions: how wrong an output is, and in which direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.tables import Array, Entry


@dataclass(frozen=True, kw_only=True)
class Loss(Entry):
    """The loss of each point, and its derivative by the outputs."""

    f: Callable[[Array, Array], Array]
    """f(output, label): (K, N), (K, N) -> (N,), one loss a point."""
    derivative: Callable[[Array, Array, Array], object]
    """derivative(output, label, out): writes dL/d(output) of each point into out, all (K, N)."""


def _squared(output: Array, label: Array) -> Array:
    error = output - label  # (K, N)
    return np.asarray(0.5 * np.einsum("kn,kn->n", error, error))  # (N,)


LOSSES: dict[str, Loss] = {
    "squared": Loss(
        label="Squared",
        formula="1/2 (output - label)^2",
        latex=r"\frac{1}{2} (\hat{y} - y)^2",
        hint="Half the squared distance from the label: far misses count much more than near ones.",
        f=_squared,
        derivative=np.subtract,
    ),
}
