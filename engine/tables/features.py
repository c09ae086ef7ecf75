"""Input features: functions of a point (x, y) that feed the network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.tables import Array, Entry


@dataclass(frozen=True, kw_only=True)
class Feature(Entry):
    """One number computed from a point."""

    html: str
    """The label with its indices set as indices."""
    f: Callable[[Any, Any, Any], Any]
    """f(x, y, m), with its sines from the module m: `math` for single points, because its values are a browser's
    more often than NumPy's, and `numpy` for arrays."""
    extra: bool = False
    """Whether the original's links carry it without feeding it to the network."""


FEATURES: dict[str, Feature] = {
    "x": Feature(
        label="x1",
        html="<i>x</i><sub>1</sub>",
        formula="x1",
        latex="x_1",
        hint="The horizontal coordinate.",
        f=lambda x, y, m: x,
    ),
    "y": Feature(
        label="x2",
        html="<i>x</i><sub>2</sub>",
        formula="x2",
        latex="x_2",
        hint="The vertical coordinate.",
        f=lambda x, y, m: y,
    ),
    "xSquared": Feature(
        label="x1^2",
        html="<i>x</i><sub>1</sub>²",
        formula="x1^2",
        latex="x_1^2",
        hint="The square of the horizontal coordinate: the same to the left and to the right.",
        f=lambda x, y, m: x * x,
    ),
    "ySquared": Feature(
        label="x2^2",
        html="<i>x</i><sub>2</sub>²",
        formula="x2^2",
        latex="x_2^2",
        hint="The square of the vertical coordinate: the same above and below.",
        f=lambda x, y, m: y * y,
    ),
    "xTimesY": Feature(
        label="x1 x2",
        html="<i>x</i><sub>1</sub> <i>x</i><sub>2</sub>",
        formula="x1 x2",
        latex="x_1 x_2",
        hint="The product of both coordinates: positive in two opposite quadrants.",
        f=lambda x, y, m: x * y,
    ),
    "sinX": Feature(
        label="sin x1",
        html="sin <i>x</i><sub>1</sub>",
        formula="sin x1",
        latex=r"\sin(x_1)",
        hint="A wave from left to right.",
        f=lambda x, y, m: m.sin(x),
    ),
    "sinY": Feature(
        label="sin x2",
        html="sin <i>x</i><sub>2</sub>",
        formula="sin x2",
        latex=r"\sin(x_2)",
        hint="A wave from bottom to top.",
        f=lambda x, y, m: m.sin(y),
    ),
    "cosX": Feature(
        label="cos x1",
        html="cos <i>x</i><sub>1</sub>",
        formula="cos x1",
        latex=r"\cos(x_1)",
        hint="A wave from left to right with its crest in the middle.",
        f=lambda x, y, m: m.cos(x),
        extra=True,
    ),
    "cosY": Feature(
        label="cos x2",
        html="cos <i>x</i><sub>2</sub>",
        formula="cos x2",
        latex=r"\cos(x_2)",
        hint="A wave from bottom to top with its crest in the middle.",
        f=lambda x, y, m: m.cos(y),
        extra=True,
    ),
}


def design_matrix(names: Sequence[str], points: Sequence[tuple[float, float]]) -> Array:
    """The network's input for some points, with a last row of ones that meets the biases.

    Returns float64 of shape (D + 1, N) for D names and N points.
    """
    X = np.ones((len(names) + 1, len(points)))  # (D + 1, N)
    for row, name in enumerate(names):
        f = FEATURES[name].f
        X[row] = [f(x, y, math) for x, y in points]
    return X
