"""Regularization: what large weights cost, beside the loss. Biases are free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.tables import Array, Entry


@dataclass(frozen=True, kw_only=True)
class Penalty(Entry):
    """r(w) of each weight and its derivative."""

    f: Callable[[Array], Array]
    """f(w): the penalty of each weight, in the shape of w."""
    derivative: Callable[[Array], Array]
    """derivative(w): r'(w), in the shape of w."""
    sparse: bool = False
    """Whether a weight that the penalty pushes across zero stays there for good."""


PENALTIES: dict[str, Penalty | None] = {
    "none": None,
    "L1": Penalty(
        label="L1",
        formula="|w|",
        latex="|w|",
        hint="Pulls every weight towards zero at the same pace, so that the needless ones end at exactly zero.",
        f=np.abs,
        derivative=np.sign,
        sparse=True,
    ),
    "L2": Penalty(
        label="L2",
        formula="1/2 w^2",
        latex=r"\frac{1}{2} w^2",
        hint="Pulls every weight towards zero in proportion to its size, so that none grows far.",
        f=lambda w: np.asarray(0.5 * w * w),
        derivative=np.positive,
    ),
}
