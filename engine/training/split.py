"""The split of a run's data into training, validation and test points.

Shapes: D features, N points of a part, K outputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.data.datasets import Point
from engine.random_stream import Stream
from engine.tables import Array
from engine.tables.features import design_matrix
from engine.training.scaling import Scaling


class Part(NamedTuple):
    """Points, and the same as arrays."""

    points: list[Point]
    X: Array  # (D + 1, N), normalized
    Y: Array  # (K, N)


class Parts(NamedTuple):
    """All of the data, and what its inputs are normalized by."""

    train: Part
    validation: Part
    test: Part
    scaling: Scaling


def parts(config: Config, stream: Stream) -> Parts:
    """The parts of a configuration's data, drawn and mixed from a stream."""
    points = config.draw(stream)
    shuffle(points, stream)
    first = int(len(points) * config.percTrainData / 100)
    second = first + int(len(points) * config.percValidationData / 100)
    train, validation, test = (_part(config, part) for part in (points[:first], points[first:second], points[second:]))
    scaling = Scaling.of(train.X) if config.normalize else Scaling.identity(len(config.features))
    for part in (train, validation, test):
        scaling.apply(part.X)
    return Parts(train, validation, test, scaling)


def _part(config: Config, points: list[Point]) -> Part:
    X = design_matrix(config.features, [(point.x, point.y) for point in points])
    return Part(points, X, targets(config, [point.label for point in points]))


def targets(config: Config, labels: Sequence[float]) -> Array:
    """What the outputs shall be for some labels, (K, N): of many classes 1 in the row of the class, else the label."""
    if config.problem != "multiclass":
        return np.array([labels], float)
    return np.asarray(np.arange(config.class_count)[:, None] == np.array(labels, float), float)


def shuffle(points: list[Point], stream: Stream) -> None:
    """Mix the points in place: Fisher and Yates's shuffle from the end."""
    counter = len(points)
    while counter > 0:
        index = math.floor(stream.random() * counter)
        counter -= 1
        points[counter], points[index] = points[index], points[counter]
