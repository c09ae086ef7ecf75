"""What the tests of training share: a small run, all of its bits, and the original's loop in its plainest form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from engine.config import Config
from engine.data.datasets import Point
from engine.data.points import encode
from engine.random_stream import Stream
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.tables.tasks import TASKS
from engine.trainer import Trainer
from engine.training.network import Pass

PLANE_TASKS = [name for name in TASKS if name != "images"]
"""The problems whose inputs are points of the plane."""


def small(**values: Any) -> Config:
    """A run of 25 training points, so that batches of 10 leave 5 over."""
    return Config.model_validate({"numSamples": 100, "percTrainData": 25, "networkShape": (3, 2), **values})


def own(points: Sequence[Point], **values: Any) -> Config:
    """A run on a person's own points."""
    sets = {"dataset": "own", "regDataset": "reg-own", "classDataset": "class-own"}
    return Config.model_validate({**sets, "points": encode(points), **values})


def state(trainer: Trainer) -> bytes:
    """Every bit that changes while a run trains, and whether it came to an end."""
    return trainer.snapshot().to_bytes() + repr((trainer.diverged, trainer.stopped)).encode()


def at_one_place(stream: Stream, other: Stream) -> bool:
    """Whether two streams of one seed have given as many numbers: then the next few are the same."""
    return [stream.random() for _ in range(3)] == [other.random() for _ in range(3)]


def theta(trainer: Trainer) -> list[float]:
    """All parameters."""
    values: list[float] = trainer.network.theta.tolist()
    return values


class PointByPoint:
    """The original's loop in its plainest form: every point adds its gradient, and every `batch` points of the epoch
    each weight is moved on its own."""

    def __init__(self, trainer: Trainer) -> None:
        self.config = trainer.config
        self.network = trainer.network.like(np.float64)
        self.network.theta[:] = trainer.network.theta
        self.data = trainer.train_data
        self.dead = [False] * len(self.network.theta)
        self.waiting, self.total = 0, np.zeros_like(self.network.theta)
        self.passed = 0

    def go(self, batches: Iterable[int]) -> Array:
        """theta after as many points as there are batch sizes, one for each point."""
        buffers, size = Pass(self.network, 1), len(self.data.points)
        for batch in batches:
            i = self.passed % size
            X, Y = self.data.X[:, i : i + 1], self.data.Y[:, i : i + 1]
            buffers.forward(X)
            self.total += buffers.backward(X, Y, LOSSES["squared"])
            self.waiting += 1
            self.passed += 1
            if (i + 1) % batch == 0:
                self.update()
        return self.network.theta

    def update(self) -> None:
        for i, is_weight in enumerate(self.network.weight_mask()):
            if not self.dead[i]:
                self.move(i, bool(is_weight))
        self.waiting, self.total = 0, np.zeros_like(self.total)

    def move(self, i: int, is_weight: bool) -> None:
        config, vector = self.config, self.network.theta
        before = float(vector[i])
        slope = {"none": 0.0, "L1": float(np.sign(before)), "L2": before}[config.regularization] * is_weight
        stepped = before - config.learningRate * float(self.total[i]) / self.waiting
        pulled = stepped - config.learningRate * config.regularizationRate * slope
        if config.regularization == "L1" and stepped * pulled < 0:
            pulled, self.dead[i] = 0.0, True
        vector[i] = pulled
