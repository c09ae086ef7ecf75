"""The points of updates that follow each other.

Shapes: U updates, D features, N points of an update, K outputs.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.tables import Array


class Batches(NamedTuple):
    """Batches of the same number of points, one behind the other."""

    X: Array
    """(D + 1, U N)"""
    Y: Array
    """(K, U N)"""
    loss_inputs: Array
    """(K, U N), where what the loss takes is kept."""
    points: int
    """N"""
    updates: int
    """U"""

    def at(self, update: int) -> tuple[Array, Array, Array]:
        """Inputs (D + 1, N), labels (K, N), and where to keep what the loss takes of them (K, N)."""
        part = slice(update * self.points, (update + 1) * self.points)
        return self.X[:, part], self.Y[:, part], self.loss_inputs[:, part]

    @property
    def first(self) -> Batches:
        """The first of them alone."""
        return Batches(*self.at(0), self.points, 1)
