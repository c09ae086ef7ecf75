"""Normalization: each input minus its mean, divided by its standard deviation, both over the training points.

Shapes: D features, N points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.tables import Array
from engine.tables.features import design_matrix


class Scaling(NamedTuple):
    """What each input is normalized by."""

    mean: Array  # (D,)
    sigma: Array  # (D,)

    @classmethod
    def identity(cls, features: int) -> Scaling:
        """The one that leaves inputs as they are, to the bit."""
        return cls(np.zeros(features), np.ones(features))

    @classmethod
    def of(cls, X: Array) -> Scaling:
        """That of some points, X (D + 1, N) with a last row of ones. An input that never changes is only moved."""
        rows = X[:-1]  # (D, N)
        if rows.shape[1] < 2:
            return cls.identity(len(rows))
        varies = rows.min(axis=1) < rows.max(axis=1)  # (D,); told by rounding alone, sigma may be above 0 without
        return cls(rows.mean(axis=1), np.where(varies, rows.std(axis=1, ddof=1), 1.0))

    def apply(self, X: Array) -> Array:
        """Normalize inputs X (D + 1, N) in place; gives X."""
        rows = X[:-1]  # (D, N)
        rows -= self.mean[:, None]
        rows /= self.sigma[:, None]
        return X

    def design_matrix(self, names: Sequence[str], points: Sequence[tuple[float, float]]) -> Array:
        """The network's normalized input for some points, (D + 1, N)."""
        return self.apply(design_matrix(names, points))
