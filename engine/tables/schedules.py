"""Learning-rate schedules: how the rate falls from epoch to epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.tables import Entry


@dataclass(frozen=True, kw_only=True)
class Schedule(Entry):
    """The share of the first learning rate that is left."""

    f: Callable[[float, float], float]
    """f(t, k): the share after t periods, whole or not, with the factor k of a period."""
    uses_factor: bool = True
    uses_period: bool = True


def _exponential(t: float, k: float) -> float:
    return float(k**t)


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(
        label="Constant",
        formula="rate",
        latex=r"\eta",
        hint="The same learning rate from first to last.",
        f=lambda t, k: 1.0,
        uses_factor=False,
        uses_period=False,
    ),
    "step": Schedule(
        label="Steps",
        formula="rate k^floor(epoch / period)",
        latex=r"\eta\, k^{\lfloor t / T \rfloor}",
        hint="The rate is multiplied by the factor at the end of each period, and stays until the next.",
        f=lambda t, k: _exponential(math.floor(t), k),
    ),
    "exponential": Schedule(
        label="Exponential",
        formula="rate k^(epoch / period)",
        latex=r"\eta\, k^{t / T}",
        hint="The rate falls by the same factor in each period, a little with every epoch.",
        f=_exponential,
    ),
    "inverse": Schedule(
        label="Inverse time",
        formula="rate / (1 + k epoch / period)",
        latex=r"\frac{\eta}{1 + k\,t / T}",
        hint="Falls soon at first and then ever more slowly, without ever coming to nothing.",
        f=lambda t, k: 1 / (1 + k * t),
    ),
    "cosine": Schedule(
        label="Cosine",
        formula="rate (1 + cos(pi epoch / period)) / 2, and 0 after the period",
        latex=r"\frac{\eta}{2} \left(1 + \cos \frac{\pi t}{T}\right)",
        hint="Falls along half a wave, slowly at both ends, to zero at the end of the period.",
        f=lambda t, k: (1 + math.cos(math.pi * min(t, 1.0))) / 2,
        uses_factor=False,
    ),
}


def learning_rate(schedule: str, rate: float, epoch: int, factor: float, period: int) -> float:
    """The learning rate in an epoch, counted from 0; no number is too large for it."""
    try:
        return rate * SCHEDULES[schedule].f(epoch / period, factor)
    except OverflowError:
        return math.inf if rate else 0.0
