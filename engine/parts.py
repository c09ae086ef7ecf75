"""The data of a run: its points in their order, parted into those that train and those that test.

Shapes: D features, N points of a part, K outputs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.datasets import Point
from engine.features import design_matrix
from engine.stream import Stream
from engine.tables import Array


class Part(NamedTuple):
    """Points, and the same as arrays."""

    points: list[Point]
    X: Array  # (D + 1, N)
    Y: Array  # (K, N)


def parts(config: Config, stream: Stream) -> tuple[Part, Part]:
    """The training and the test points of a configuration, drawn and mixed from a stream."""
    points = config.draw(stream)
    shuffle(points, stream)
    split = int(len(points) * config.percTrainData / 100)
    return _part(config, points[:split]), _part(config, points[split:])


def _part(config: Config, points: list[Point]) -> Part:
    X = design_matrix(config.features, [(point.x, point.y) for point in points])
    return Part(points, X, np.array([[point.label for point in points]], float))


def shuffle(points: list[Point], stream: Stream) -> None:
    """Mix the points in place: Fisher and Yates's shuffle from the end."""
    counter = len(points)
    while counter > 0:
        index = math.floor(stream.random() * counter)
        counter -= 1
        points[counter], points[index] = points[index], points[counter]
