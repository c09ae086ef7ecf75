"""The axes of a chart of losses: which epochs and losses it shows, where they stand, and their ticks.

As `static/chart/axes.js` has them. Shapes: N rows of a history.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.numbers import powered
from engine.tables import Array

FLOOR, CEILING = 1e-9, 1e200  # losses beyond are drawn there: 0 has no logarithm, and some runs explode
PAD = 0.05  # of what the losses span, above them and, on a logarithmic axis, below
WIDE = 8  # powers of ten from which on small ticks would be too many

Interval = tuple[float, float]


class Box(NamedTuple):
    """Where the lines are drawn, in pixels."""

    left: float
    top: float
    width: float
    height: float


class Axes(NamedTuple):
    """From epochs and losses to pixels."""

    box: Box
    epochs: Interval
    losses: Interval
    log: bool

    def x(self, epochs: Array) -> Array:
        """Where epochs of any shape stand."""
        first, last = self.epochs
        return np.asarray(self.box.left + (epochs - first) / (last - first) * self.box.width)

    def y(self, losses: Array) -> Array:
        """Where losses of any shape stand; those above the axis, as infinite ones, at its top."""
        bottom, top = _measured(np.array(self.losses), self.log)
        part = (top - _measured(losses, self.log)) / (top - bottom)
        return np.asarray(self.box.top + np.clip(part, 0, 1) * self.box.height)


def axes_of(epochs: Array, losses: Array, log: bool, box: Box) -> Axes:
    """Axes for some rows: epochs (N,) and their losses, of any shape; a linear one begins at 0."""
    first, last = (int(epochs[0]), int(epochs[-1])) if epochs.size else (0, 0)
    if first == last:
        first, last = 0, max(1, last)
    return Axes(box, (first, last), _extent(losses, log), log)


def _measured(losses: Array, log: bool) -> Array:
    """What an axis is even in."""
    kept = np.clip(losses, FLOOR if log else 0, CEILING)
    return np.asarray(np.log10(kept) if log else kept)


def _extent(losses: Array, log: bool) -> Interval:
    shown = losses[np.isfinite(losses)]
    if not shown.size:
        shown = np.array([0.1, 1.0])
    measured = _measured(shown, log)
    low, high = (float(measured.min()) if log else 0.0), float(measured.max())
    span = max(high - low, 0.2 if log else 1e-6)
    if log:
        return 10 ** (low - PAD * span), 10 ** (low + (1 + PAD) * span)
    return 0.0, (1 + PAD) * span


def steps(interval: Interval, most: float, least: float = 0) -> list[float]:
    """The multiples of 1, 2 or 5 times a power of ten in an interval: about `most`, with a step of `least` or more."""
    low, high = interval
    rough = max((high - low) / most, least)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999), rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{place * step:.12g}") for place in range(first, last + 1)]


def log_ticks(interval: Interval, most: int) -> tuple[list[float], list[float]]:
    """The ticks of a logarithmic axis: those with a number, and the small ones between them."""
    low, high = interval
    span = math.log10(high / low)
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    all_ticks = [(digit, power, float(f"{digit}e{power}")) for power in powers for digit in range(1, 10)]
    ticks = [tick for tick in all_ticks if low <= tick[2] <= high]
    minor = [] if span > WIDE else [loss for _, _, loss in ticks]
    if span < 0.7:
        return steps(interval, most), minor
    if span <= 0.4 * most:
        return [loss for digit, _, loss in ticks if digit in (1, 2, 5)], minor
    every = math.ceil(span / most)
    return [loss for digit, power, loss in ticks if digit == 1 and power % every == 0], minor


def tick_text(loss: float) -> str:
    """The number at a tick, short: 0, 0.25, 2e-5."""
    if loss and not 1e-3 <= loss < 1e5:
        digits, exponent = f"{loss:.11e}".split("e")
        return powered(f"{float(digits):g}e{exponent}")
    return f"{loss:.12g}"
