"""Recording a training history as a table: `pandas.DataFrame(trainer.record(300))`."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engine.errors import InputError, Problem, shown_exactly
from engine.names import Whole
from engine.tables import Array
from engine.training.measures import Measures

ROW = np.dtype([("epoch", np.int64), ("updates", np.int64), *((name, np.float64) for name in Measures._fields)])
"""One moment of a run; a score is the accuracy or R squared, NaN where it has no meaning."""


class Trainable(Protocol):
    """What trains epoch by epoch and can be measured."""

    epoch: int
    updates: int

    @property
    def ended(self) -> bool:
        """Whether it has stopped by itself."""

    def train(self, epochs: Whole = 1) -> None:
        """Train to the end of the present epoch, and of `epochs` - 1 more."""

    def measure(self) -> Measures:
        """Losses and scores now."""


def record(trainer: Trainable, epochs: Whole, every: Whole = 1) -> Array:
    """Train as `trainer.train(epochs)` does, to the same bits; gives what was measured on the way, (rows,) of ROW.

    A row for the present epoch, for each that `every` divides, and for the last, which is where the run stopped by
    itself if it does. ValueError, before anything is trained, for numbers that are none.
    """
    _check("epochs", epochs, 0)
    _check("every", every, 1)
    rows = [_row(trainer)]
    for left in reversed(range(epochs)):
        trainer.train()
        ends = left == 0 or trainer.ended
        if (ends or trainer.epoch % every == 0) and trainer.epoch > rows[-1][0]:
            rows.append(_row(trainer))
        if ends:
            break
    return np.array(rows, ROW)


def _row(trainer: Trainable) -> tuple[float, ...]:
    return (trainer.epoch, trainer.updates, *trainer.measure())


def _check(name: str, value: Whole, least: int) -> None:
    if not isinstance(value, (int, np.integer)) or value < least:
        raise InputError(Problem(name, f"a whole number of at least {least}", shown_exactly(value)))
