"""The definition of an image set: images of one size in named classes.

Shapes: N images, C classes, D = height * width * channels pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from engine.data.dataset import Dataset, Point
from engine.random_stream import Stream
from engine.tables import Array


class Labelled(NamedTuple):
    """Images and the class of each."""

    pixels: Array  # (N, D) uint8, row by row, the channels of a pixel side by side
    labels: Array  # (N,) uint8, counted from 0

    def first(self, count: int) -> Labelled:
        """The first so many of them."""
        return Labelled(self.pixels[:count], self.labels[:count])


def _no_points(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    return []  # images are no points of a plane


@dataclass(frozen=True, kw_only=True)
class ImageSet(Dataset):
    """Images to train with, and others to test with. They do not depend on how many of them train."""

    height: int
    width: int
    channels: int = 1
    names: tuple[str, ...]
    """What each class is called."""
    most: int
    """How many images there are to train with, at most."""
    draw: Callable[[str, int, int], tuple[Labelled, Labelled]]
    """draw(seed, train, test): so many images of each."""
    tests: int = 1_000
    """How many images test."""
    drawn: bool = True
    """Whether the images come from the seed."""
    problem: str = "images"
    make: Callable[[int, float, Stream, int], list[Point]] = _no_points

    @property
    def pixels(self) -> int:
        """D."""
        return self.height * self.width * self.channels
