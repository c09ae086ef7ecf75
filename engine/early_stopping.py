"""Early stopping: a run ends where its validation loss has not been lower for long."""

from __future__ import annotations

import math
from typing import NamedTuple


class Best(NamedTuple):
    """The lowest validation loss so far, and when it was."""

    loss: float = math.inf
    epoch: int = 0
    since: int = 0
    """The epoch from which patience counts: the same, or a later one where a run that had stopped was let go on."""

    def judged(self, loss: float, epoch: int) -> Best:
        """The lowest after another epoch's loss."""
        return Best(loss, epoch, epoch) if loss < self.loss else self


NO_BEST = Best()


class Stop(NamedTuple):
    """Where early stopping ended a run, and the lowest validation loss until then."""

    epoch: int
    updates: int
    best: Best
