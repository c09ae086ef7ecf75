"""The measures of a network as a whole: losses and scores."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.tables import Array


class Losses(NamedTuple):
    """The mean loss over each part of the data."""

    train: float
    test: float


class Measures(NamedTuple):
    """How good a network is over each part of the data; a score is NaN where it has no meaning, and so is all of the
    validation where no points validate."""

    train_loss: float
    test_loss: float
    train_score: float
    test_score: float
    validation_loss: float = math.nan
    validation_score: float = math.nan


def mean(losses: Array) -> float:
    """The mean of some points' losses, (N,) -> one number; of no points 0."""
    with np.errstate(all="ignore"):
        return float(losses.mean()) if losses.size else 0.0
