"""Early stopping: a run ends when its validation loss has not improved for some epochs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


class Weights(NamedTuple):
    """The parameters of an epoch: theta as float64, and a byte for each: whether it is dead."""

    theta: bytes
    dead: bytes

    def __repr__(self) -> str:
        return f"Weights({len(self.dead)} parameters)"


class Best(NamedTuple):
    """The best validation loss so far, and when it was: the last one that was an improvement."""

    loss: float = math.inf
    epoch: int = 0
    since: int = 0
    """The epoch from which patience counts: the same, or a later one where a stopped run was resumed."""
    weights: Weights | None = None
    """Those of that epoch, where they are to be restored."""

    def updated(
        self, loss: float, epoch: int, min_delta: float = 0.0, weights: Callable[[], Weights | None] = lambda: None
    ) -> Best:
        """The best after another epoch's loss, which is an improvement where it is lower by more than `min_delta`, as
        Keras and PyTorch Lightning have it; `weights` gives those of the epoch."""
        return Best(loss, epoch, epoch, weights()) if loss + min_delta < self.loss else self


NO_BEST = Best()


class Stop(NamedTuple):
    """Where early stopping ended a run, and the best validation loss until then."""

    epoch: int
    updates: int
    best: Best
