"""The boundary as a picture: what the network, one of its units or a feature says at every pixel of the plane.

Shapes: S pixels a side, M places, D features, H units of a layer.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from engine.colors import INK, SCALE, SURFACE, places
from engine.datasets import Point
from engine.features import FEATURES
from engine.grid import Grid
from engine.network import Pass
from engine.problems import shown
from engine.tables import Array

if TYPE_CHECKING:
    from engine.trainer import Trainer

SIZE = 300
MIN_SIZE, MAX_SIZE = 16, 1_000
MIN_SIZE_OF_POINTS = 100
CHUNK = 4_000  # places in one pass: its arrays then stay in the processor's caches
RADIUS, EDGE, USUAL = 3.0, 1.0, 346  # a point and its edge in pixels, as the page draws them on a map of this size
CROWD = 1_500  # from more training points on, all points are smaller
UNIT = re.compile(r"([1-9]\d?)\.([1-9]\d?)", re.ASCII)


def boundary(trainer: Trainer, size: int = SIZE, unit: str | None = None, points: bool = True) -> Array:
    """The plane of a run in the page's colours, uint8 (S, S, 3), rows from the top down.

    `unit` is None for the output, "2.3" for the third unit of the second hidden layer, or a feature's name. Points are
    drawn from a size of 100 on. ValueError for a size or a unit that is none.
    """
    pixels = SCALE[levels(trainer, size, unit)]  # (S, S, 3)
    if points and size >= MIN_SIZE_OF_POINTS:
        return _with_points(pixels, trainer)
    return np.asarray(pixels)


def levels(trainer: Trainer, size: int = SIZE, unit: str | None = None) -> Array:
    """The same before it is coloured: uint8 (S, S), from 1 for -1 or less over 128 for 0 to 255 for 1 or more.

    The output is itself; a discretized one is 1 or 255. A unit or feature is divided by its range: its activation's
    bound or, without one, the largest absolute value on its small map, as on the page.
    """
    if not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
        raise ValueError(f"size: expected a whole number from {MIN_SIZE} to {MAX_SIZE}, got {shown(size)}")
    if unit is None:
        values = _activations(trainer, size, -1, 0)  # (S, S)
        if trainer.config.discretize:
            values = np.where(values < 0, -1.0, 1.0)
    elif unit in FEATURES:
        values = _feature(trainer, size, unit)
    else:
        values = _hidden(trainer, size, *_place(trainer, unit))
    return places(values)


def _place(trainer: Trainer, unit: str) -> tuple[int, int]:
    """Layer and unit, counted from 0, of "2.3"."""
    shape = trainer.config.networkShape
    found = UNIT.fullmatch(unit)
    if found:
        layer, place = int(found[1]), int(found[2])
        if layer <= len(shape) and place <= shape[layer - 1]:
            return layer - 1, place - 1
    names = ", ".join(FEATURES)
    hidden = f"a hidden unit of {shape} such as 1.{shape[0]}, or " if shape else ""
    raise ValueError(f"unit: expected {hidden}one of {names}, got {shown(unit)}")


def _hidden(trainer: Trainer, size: int, layer: int, unit: int) -> Array:
    """A hidden unit's activations by its range, (S, S)."""
    limit = trainer.network.layers[layer].activation.bound
    if limit is None:
        small = Grid(trainer.config, side=1).outputs(trainer.network)[layer][unit, 1:]  # (s s,)
        limit = float(np.abs(_finite(small)).max()) or 1.0
    return _activations(trainer, size, layer, unit) / limit


def _feature(trainer: Trainer, size: int, name: str) -> Array:
    """A feature by its range, (S, S)."""
    _, limit = Grid(trainer.config, side=1).features()[name]
    x, y = _plane(trainer, size)  # (S S,), (S S,)
    return np.asarray(FEATURES[name].f(x, y, np) / limit).reshape(size, size)


def _plane(trainer: Trainer, size: int) -> tuple[Array, Array]:
    """The centres of size x size pixels, row by row from the top left: x (S S,), y (S S,)."""
    (left, right), (bottom, top) = trainer.config.data.domain
    middle = (np.arange(size) + 0.5) / size  # (S,)
    x, y = np.meshgrid(left + middle * (right - left), top - middle * (top - bottom))
    return x.ravel(), y.ravel()


def _activations(trainer: Trainer, size: int, layer: int, unit: int) -> Array:
    """What a unit gives at every pixel, (S, S) float32, some places at a time."""
    x, y = _plane(trainer, size)
    rows = [FEATURES[name].f(x, y, np) for name in trainer.config.features]
    X = np.array([*rows, np.ones_like(x)], np.float32)  # (D + 1, S S)
    twin = trainer.network.like(np.float32)
    values = np.empty(size * size, np.float32)  # (S S,)
    buffers = Pass(twin, CHUNK)
    with np.errstate(all="ignore"):
        twin.theta[:] = trainer.network.theta
        for start in range(0, len(values), CHUNK):
            part = X[:, start : start + CHUNK]  # (D + 1, M)
            if part.shape[1] < CHUNK:
                buffers = Pass(twin, part.shape[1])  # for what is left over
            buffers.forward(part)
            values[start : start + CHUNK] = buffers.outputs[layer][unit]
    return _finite(values).reshape(size, size)


def _finite(values: Array) -> Array:
    """Without what single precision cannot hold."""
    return np.nan_to_num(values, nan=0.0)


def _with_points(pixels: Array, trainer: Trainer) -> Array:
    """The picture (S, S, 3) with the data upon it: training points edged in white, test points in ink."""
    grow = math.sqrt(len(pixels) / USUAL)  # small pictures have small points, but not as small as that
    train, test = trainer.train_data.points, trainer.test_data.points
    radius, edge = (RADIUS - (len(train) > CROWD)) * grow, EDGE * grow
    canvas = pixels.astype(float)  # (S, S, 3)
    draw = _Points(canvas, trainer.config.data.domain)
    if trainer.config.showTestData:
        draw(test, radius + edge, edge, SURFACE)  # around the other edge, to be seen on any map
    draw(train, radius, edge, SURFACE)
    if trainer.config.showTestData:
        draw(test, radius, edge, INK)
    return np.asarray(np.floor(canvas + 0.5).astype(np.uint8))


class _Points:
    """Draws points on a canvas (S, S, 3) of floats, as discs with smooth edges."""

    def __init__(self, canvas: Array, domain: tuple[tuple[float, float], tuple[float, float]]) -> None:
        self.canvas, self.domain = canvas, domain

    def __call__(self, points: list[Point], radius: float, edge: float, color: tuple[int, int, int]) -> None:
        """Draw all points; the edge's middle lies on the radius."""
        (left, right), (bottom, top) = self.domain
        size = len(self.canvas)
        fills = SCALE[places(np.array([point.label for point in points]))]  # (N, 3)
        for point, fill in zip(points, fills, strict=True):
            x, y = (point.x - left) / (right - left) * size, (top - point.y) / (top - bottom) * size
            self._disc(x, y, radius + edge / 2, np.array(color))
            self._disc(x, y, radius - edge / 2, fill)

    def _disc(self, x: float, y: float, radius: float, color: Array) -> None:
        reach = radius + 1
        rows, columns = (slice(max(0, math.floor(at - reach)), max(0, math.ceil(at + reach))) for at in (y, x))
        patch = self.canvas[rows, columns]  # (h, w, 3), a view; nothing where the point lies outside
        down = np.arange(rows.start, rows.start + patch.shape[0])[:, None] + 0.5 - y  # (h, 1)
        right = np.arange(columns.start, columns.start + patch.shape[1]) + 0.5 - x  # (w,)
        cover = np.clip(radius + 0.5 - np.hypot(down, right), 0, 1)[..., None]  # (h, w, 1)
        patch += cover * (color - patch)
