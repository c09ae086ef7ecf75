"""Images drawn by code from the seed: places, sizes, shades and grain are random, each image's own.

Shapes: N images, H rows, W columns. A canvas goes from -1 to 1 on both axes, y downwards.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.images.image_set import Labelled
from engine.random_draws import uniform
from engine.tables import Array

Draw = Callable[[Array, Array, Array], Array]
"""draw(labels (N,), numbers (N, R) in [0, 1), grain (N, ...) in [0, 1)) -> pixels from 0 to 1."""


def drawing(
    name: str, classes: int, numbers: int, grain: tuple[int, ...], draw: Draw
) -> Callable[[str, int, int], tuple[Labelled, Labelled]]:
    """What draws an image set: its classes take turns, and each image has its own random numbers and grain."""

    def part(seed: str, which: str, count: int) -> Labelled:
        labels = np.arange(count) % classes  # (N,)
        own = (uniform(f"{name} {which} {what} {seed}", 0, shape)
               for what, shape in (("numbers", (count, numbers)), ("grain", (count, *grain))))  # fmt: skip
        shades = np.clip(draw(labels, *own), 0, 1).reshape(count, -1)  # (N, D)
        return Labelled(np.rint(255 * shades).astype(np.uint8), labels.astype(np.uint8))

    return lambda seed, train, test: (part(seed, "train", train), part(seed, "test", test))


def canvas(side: int) -> tuple[Array, Array]:
    """x and y of the middles of pixels, (1, 1, W) and (1, H, 1)."""
    middles = (np.arange(side) + 0.5) * 2 / side - 1
    return middles[None, None, :], middles[None, :, None]


HALVES = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]])
"""Which of 2 x 2 pixels are bright: left, right, top, bottom."""


def halves(labels: Array, numbers: Array, grain: Array) -> Array:
    """2 x 2 images, one half of which is bright; every pixel has its own shade, (N, 4)."""
    return 0.6 * HALVES[labels] + 0.4 * grain


def _stroke(distance: Array, thickness: float) -> Array:
    """The shade of a line where it is so far away, softened over about a pixel."""
    return np.clip((thickness - np.abs(distance)) * 10 + 0.5, 0, 1)


def _cross(x: Array, y: Array, radius: Array) -> Array:
    arms = _stroke(np.minimum(np.abs(x - y), np.abs(x + y)) / np.sqrt(2), 0.08)
    return arms * (np.maximum(np.abs(x), np.abs(y)) < radius)


SHAPES: dict[str, Callable[[Array, Array, Array], Array]] = {
    "cross": _cross,
    "circle": lambda x, y, radius: _stroke(np.hypot(x, y) - radius, 0.08),
    "square": lambda x, y, radius: _stroke(np.maximum(np.abs(x), np.abs(y)) - 0.85 * radius, 0.08),
    "triangle": lambda x, y, radius: _stroke(np.maximum(y, 0.866 * np.abs(x) - 0.5 * y) - radius / 2, 0.08),
}
"""Each by x and y from its middle and by its radius, (N, H, W) -> shades."""


def shapes(labels: Array, numbers: Array, grain: Array) -> Array:
    """Outlines of a random radius at a random place, (N, H, W), on a ground with a little grain."""
    x, y = canvas(grain.shape[-1])
    radius = 0.35 + 0.3 * numbers[:, 0]  # (N,)
    middle = (2 * numbers[:, 1:3] - 1) * (0.9 - radius)[:, None]  # (N, 2), so that nothing is cut off
    shades = 0.1 * grain
    for label, shape in enumerate(SHAPES.values()):
        own = labels == label
        dx, dy = x - middle[own, 0, None, None], y - middle[own, 1, None, None]
        shades[own] = np.maximum(shades[own], shape(dx, dy, radius[own, None, None]))
    return shades


Colour = tuple[float, float, float]
SCENES: dict[str, tuple[Colour, Colour, Colour | None]] = {
    "sea": ((0.60, 0.80, 0.95), (0.10, 0.35, 0.60), None),
    "meadow": ((0.60, 0.80, 0.95), (0.35, 0.65, 0.25), (1.0, 0.95, 0.60)),
    "desert": ((0.70, 0.85, 0.95), (0.90, 0.75, 0.45), (1.0, 1.0, 0.85)),
    "sunset": ((0.95, 0.55, 0.30), (0.35, 0.20, 0.35), (1.0, 0.85, 0.40)),
    "night": ((0.05, 0.08, 0.20), (0.02, 0.04, 0.08), (0.90, 0.90, 0.85)),
    "snow": ((0.75, 0.80, 0.88), (0.95, 0.96, 1.0), None),
    "forest": ((0.15, 0.40, 0.20), (0.30, 0.22, 0.12), None),
    "city": ((0.55, 0.58, 0.62), (0.30, 0.30, 0.33), None),
    "field": ((0.60, 0.80, 0.95), (0.92, 0.82, 0.20), None),
    "fire": ((0.25, 0.08, 0.05), (0.95, 0.45, 0.10), None),
}
"""The colours above and below the horizon, red, green, blue; and of a sun or moon, where there is one."""


def scenes(labels: Array, numbers: Array, grain: Array) -> Array:
    """Colour scenes, (N, H, W, 3): two colours that meet at a random height, and a disc somewhere above."""
    x, y = canvas(grain.shape[1])
    horizon = (0.8 * numbers[:, 0] - 0.4)[:, None, None]  # (N, 1, 1)
    light = (0.75 + 0.35 * numbers[:, 1])[:, None, None, None]  # (N, 1, 1, 1)
    above, below, discs = (np.array([scene[part] or (0, 0, 0) for scene in SCENES.values()]) for part in range(3))
    has_disc = np.array([scene[2] is not None for scene in SCENES.values()])[labels][:, None, None]  # (N, 1, 1)
    cx, cy = (1.4 * numbers[:, 2] - 0.7)[:, None, None], (0.4 * numbers[:, 3] - 0.75)[:, None, None]
    in_disc = has_disc & (np.hypot(x - cx, y - cy) < 0.22) & (y < horizon)  # (N, H, W)
    pictures = np.where((y < horizon)[..., None], above[labels][:, None, None], below[labels][:, None, None])
    pictures = np.where(in_disc[..., None], discs[labels][:, None, None], pictures)  # (N, H, W, 3)
    return np.asarray(pictures * light + 0.2 * (grain - 0.5))
