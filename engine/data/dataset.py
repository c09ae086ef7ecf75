"""The definition of a data set, and helpers that draw points."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from engine.random_stream import Stream
from engine.tables import Entry

Interval = tuple[float, float]


class Point(NamedTuple):
    """A place in the plane and what the network shall say there: -1 or 1 for two classes, the class counted from 0 for
    many, any number for a regression."""

    x: float
    y: float
    label: float


@dataclass(frozen=True, kw_only=True)
class Dataset(Entry):
    """How to draw n points at a noise from 0 to 1, and the part of the plane to show."""

    problem: str
    make: Callable[[int, float, Stream, int], list[Point]]
    """make(n, noise, stream, classes): the points; only sets of many classes use `classes`."""
    domain: tuple[Interval, Interval] = ((-6.0, 6.0), (-6.0, 6.0))
    """The plotted interval of x and of y."""
    classes: int | None = None
    """How many classes, where a set of many has always as many."""
    own: bool = False
    """Whether the points are the person's own: `make` gives none, they stand in the configuration."""


def half(n: int) -> range:
    """One class's share; of an odd number both classes get the larger half."""
    return range(math.ceil(n / 2))


def jitter(radius: float, noise: float, stream: Stream) -> tuple[float, float]:
    """A move on both axes of up to the radius times the noise."""
    return stream.uniform(-radius, radius) * noise, stream.uniform(-radius, radius) * noise


def distance(x: float, y: float, cx: float, cy: float) -> float:
    """From one place to another."""
    return math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy))
