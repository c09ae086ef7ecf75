"""The split of a run's data into training, validation and test points.

Shapes: D features, N points of a part, K outputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from engine.config import Config
from engine.data.datasets import DATASETS, Point, datasets_of, with_noise
from engine.data.points import encode
from engine.errors import InputError, Problem, shown
from engine.random_stream import Stream
from engine.tables import Array
from engine.tables.features import design_matrix
from engine.tables.tasks import TASKS
from engine.training.scaling import Scaling

PartName = Literal["train", "validation", "test"]
PART_NAMES: tuple[PartName, ...] = ("train", "validation", "test")


class Part(NamedTuple):
    """Points, and the same as arrays."""

    points: list[Point]
    X: Array  # (D + 1, N), normalized
    Y: Array  # (K, N)

    @property
    def size(self) -> int:
        """N: of images, which are no points, too."""
        return int(self.X.shape[1])


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


def with_moved_point(config: Config, data: Parts, part: PartName, place: int, x: float, y: float) -> Config:
    """A configuration of the same data with one point elsewhere. The points are one's own, without noise, and are drawn
    into the same parts in the same order; a link keeps four decimals of them.

    ValueError for a place at which there is no point, and where the points do not fit a link.
    """
    points = {name: getattr(data, name).points for name in PART_NAMES}
    if not 0 <= place < len(points[part]):
        expected = f"0 to {len(points[part]) - 1}" if points[part] else "none, as there are no points of this part"
        raise InputError(Problem("point", expected, shown(place)))
    points[part] = [*points[part]]
    points[part][place] = points[part][place]._replace(x=x, y=y)
    drawn = [point for name in PART_NAMES for point in points[name]]
    own = next(name for name in datasets_of(config.problem) if DATASETS[name].own)
    change = {TASKS[config.problem].dataset: own, "classes": config.class_count, "noise": 0}
    return Config.model_validate({**config.model_dump(), **change, "points": encode(_unshuffled(drawn, config.seed))})


def _unshuffled(points: list[Point], seed: str) -> list[Point]:
    """One's own points in the order which `parts` will mix into the given one."""
    stream, order = Stream(seed), list(range(len(points)))
    with_noise(points, 0, stream)  # draws as many numbers as will be drawn
    shuffle(order, stream)
    return [point for _, point in sorted(zip(order, points, strict=True))]


def _part(config: Config, points: list[Point]) -> Part:
    X = design_matrix(config.features, [(point.x, point.y) for point in points])
    return Part(points, X, targets(config, [point.label for point in points]))


def targets(config: Config, labels: Sequence[float]) -> Array:
    """What the outputs shall be for some labels, (K, N): of many classes 1 in the row of the class, else the label."""
    if not config.has_many_classes:
        return np.array([labels], float)
    return np.asarray(np.arange(config.class_count)[:, None] == np.array(labels, float), float)


def shuffle(points: list[Any], stream: Stream) -> None:
    """Mix the points in place: Fisher and Yates's shuffle from the end."""
    counter = len(points)
    while counter > 0:
        index = math.floor(stream.random() * counter)
        counter -= 1
        points[counter], points[index] = points[index], points[counter]
