"""Regularization: penalties on large weights, and their gradients. Biases are not penalized."""

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


MODES: dict[str, Entry] = {
    "decoupled": Entry(
        label="Weight decay",
        formula="w - rate lambda r'(w), beside the step that the optimizer makes of the gradient of L",
        latex=r"w \coloneqq w - \eta \lambda r'(w)",
        hint="The pull goes past the optimizer, straight to the weights, as in AdamW (Loshchilov and Hutter, 2019); a "
        "weight that L1 takes across zero stays at zero for good, as in the original playground.",
    ),
    "loss": Entry(
        label="In the loss",
        formula="the optimizer descends the gradient of L + lambda sum r(w)",
        latex=r"g \coloneqq \frac{\partial}{\partial w} \left(L + \lambda \sum_{w} r(w)\right)",
        hint="The pull is part of the gradient that is clipped and that the optimizer remembers, as an L2 penalty "
        "usually is; L1 goes by the sign of the weight, which then trembles about zero.",
    ),
}
"""Where the penalty's gradient goes: past the optimizer, or through it."""
