"""The decision boundary as a picture: the value of the network, a unit or a feature at every pixel.

Shapes: S pixels a side, M places, D features, H units of a layer, K classes where there are many.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np

from engine.data.datasets import Point
from engine.errors import InputError, Problem, shown, shown_exactly
from engine.names import Whole
from engine.pictures import decision_line
from engine.pictures.colors import CLASS_SCALES, CLASSES, INK, LABEL_SCALE, SCALE, SURFACE, mixed, places
from engine.pictures.grid import Grid
from engine.tables import Array
from engine.tables.features import FEATURES
from engine.training.network import Pass
from engine.training.trained import TrainedNetwork

SIZE = 300
MIN_SIZE, MAX_SIZE = 16, 1_000
MIN_SIZE_OF_POINTS = 100
CHUNK = 4_000  # places in one pass: its arrays then stay in the processor's caches
RADIUS, EDGE, USUAL = 3.0, 1.0, 346  # a point and its edge in pixels, as the page draws them on a map of this size
MANY_POINTS = 1_500  # from more training points on, all points are smaller
Away = Callable[[Array, Array], Array]
"""How far places are from a point's middle, by how far they are down and to the right."""
UNIT = re.compile(r"([1-9]\d?)\.([1-9]\d?)", re.ASCII)


def boundary(
    trainer: TrainedNetwork, size: Whole = SIZE, unit: str | None = None, points: bool = True, line: bool = True
) -> Array:
    """The plane of a run in the page's colours, uint8 (S, S, 3), rows from the top down.

    `unit` is None for the output, "2.3" for the third unit of the second layer, or a feature's name. The layers are the
    hidden ones and, where there are many classes, that of the outputs, with a unit for each class. From a size of 100
    on the line is drawn where the decision changes or a unit crosses zero, and so are the points. ValueError for a size
    or a unit that is none.
    """
    if trainer.config.image_set:
        raise InputError(Problem("problem", "one with points of a plane", "images, which have templates instead"))
    check(size)
    size = int(size)
    pixels = _many(trainer, size) if unit is None and is_many(trainer) else _one(trainer, size, unit)  # (S, S, 3)
    if line and size >= MIN_SIZE_OF_POINTS and unit not in FEATURES:
        cover = _line(trainer, size, unit)[..., None]  # (S, S, 1)
        pixels = np.floor(pixels + cover * (np.array(INK) - pixels) + 0.5).astype(np.uint8)
    if points and size >= MIN_SIZE_OF_POINTS:
        return with_points(pixels, trainer)
    return np.asarray(pixels)


def _line(trainer: TrainedNetwork, size: int, unit: str | None) -> Array:
    """How much of each pixel the line of the output or of a unit covers, (S, S)."""
    layer, place = (-1, 0) if unit is None else _place(trainer, unit)
    if is_many(trainer) and layer in (-1, len(trainer.config.networkShape)):
        _, z = passed(trainer, size, layer, slice(None))
        return decision_line.of_classes(z) if unit is None else decision_line.of_class(z, place)
    (a,), (z,) = passed(trainer, size, layer, slice(place, place + 1))
    return decision_line.of_unit(a, z)


def levels(trainer: TrainedNetwork, size: int = SIZE, unit: str | None = None) -> Array:
    """The same before it is coloured: uint8 (S, S), from 1 for -1 or less over 128 for 0 to 255 for 1 or more.

    The output is itself; a discretized one is 1 or 255. A unit or feature is divided by its range: its activation's
    bound or, without one, the largest absolute value on its small map, as on the page. ValueError where there are many
    classes and none of them is chosen: see `decisions`.
    """
    check(size)
    if unit is None and not is_many(trainer):
        values = _activations(trainer, size, -1, slice(1))[0]  # (S, S)
        if trainer.config.discretize:
            values = np.where(values < 0, -1.0, 1.0)
    elif unit in FEATURES:
        values = _feature(trainer, size, unit)
    else:
        values = _unit(trainer, size, *_place(trainer, unit))
    return places(values)


def decisions(trainer: TrainedNetwork, size: int = SIZE) -> Array:
    """The class, counted from 0, that the network decides for at every pixel, where there are many, (S, S)."""
    check(size)
    return np.asarray(_activations(trainer, size, -1, slice(None)).argmax(axis=0))


def check(size: Whole) -> None:
    if not isinstance(size, (int, np.integer)) or not MIN_SIZE <= size <= MAX_SIZE:
        raise InputError(Problem("size", f"a whole number from {MIN_SIZE} to {MAX_SIZE}", shown_exactly(size)))


def is_many(trainer: TrainedNetwork) -> bool:
    return trainer.config.has_many_classes


def _many(trainer: TrainedNetwork, size: int) -> Array:
    """All classes at once, (S, S, 3): mixed by their probabilities or, discretized, the most likely one."""
    if trainer.config.discretize:
        return np.asarray(CLASS_SCALES[:, -1][decisions(trainer, size)])
    check(size)
    return mixed(_activations(trainer, size, -1, slice(None)))


def _one(trainer: TrainedNetwork, size: int, unit: str | None) -> Array:
    """The output, a unit or a feature, (S, S, 3)."""
    scale = SCALE
    if unit is not None and unit not in FEATURES:
        layer, place = _place(trainer, unit)
        if layer == len(trainer.config.networkShape):
            scale = CLASS_SCALES[place]
    return np.asarray(scale[levels(trainer, size, unit)])


def _place(trainer: TrainedNetwork, unit: str | None) -> tuple[int, int]:
    """Layer and unit, counted from 0, of "2.3"."""
    config = trainer.config
    shape = config.shape[1:] if is_many(trainer) else config.networkShape
    found = UNIT.fullmatch(unit or "")
    if found:
        layer, place = int(found[1]), int(found[2])
        if layer <= len(shape) and place <= shape[layer - 1]:
            return layer - 1, place - 1
    names = ", ".join(FEATURES)
    hidden = f"a hidden unit of {shown(config.networkShape)} such as 1.{shape[0]}, or " if config.networkShape else ""
    if is_many(trainer):
        hidden += f"the output unit of a class from {len(shape)}.1 to {len(shape)}.{shape[-1]}, or "
    raise InputError(Problem("unit", f"{hidden}one of {names}", shown(unit)))


def _unit(trainer: TrainedNetwork, size: int, layer: int, unit: int) -> Array:
    """A unit's activations by its range, (S, S)."""
    limit = trainer.network.layers[layer].activation.bound
    if limit is None:
        grid = Grid(trainer.config, side=1, scaling=trainer.scaling)
        small = grid.outputs(trainer.network)[layer][unit, 1:]  # (s s,)
        limit = float(np.abs(_finite(small)).max()) or 1.0
    (values,) = _activations(trainer, size, layer, slice(unit, unit + 1))  # (S, S)
    return np.asarray(values / limit)


def _feature(trainer: TrainedNetwork, size: int, name: str) -> Array:
    """A feature by its range, (S, S)."""
    _, limit = Grid(trainer.config, side=1, scaling=trainer.scaling).features()[name]
    return np.asarray(_inputs(trainer, size, [name])[0] / limit).reshape(size, size)


def _inputs(trainer: TrainedNetwork, size: int, names: Sequence[str]) -> list[Array]:
    """Some features at every pixel, (S S,) each; those of the network as it gets them, normalized or not."""
    x, y = _plane(trainer, size)  # (S S,), (S S,)
    scaling = dict(zip(trainer.config.features, zip(*trainer.scaling, strict=True), strict=True))
    found = []
    for name in names:
        mean, sigma = scaling.get(name, (0.0, 1.0))
        found.append((FEATURES[name].f(x, y, np) - mean) / sigma)
    return found


def _plane(trainer: TrainedNetwork, size: int) -> tuple[Array, Array]:
    """The centres of size x size pixels, row by row from the top left: x (S S,), y (S S,)."""
    (left, right), (bottom, top) = trainer.config.data.domain
    middle = (np.arange(size) + 0.5) / size  # (S,)
    x, y = np.meshgrid(left + middle * (right - left), top - middle * (top - bottom))
    return x.ravel(), y.ravel()


def _activations(trainer: TrainedNetwork, size: int, layer: int, units: slice) -> Array:
    """What some units of a layer give at every pixel, (H, S, S) float32."""
    return passed(trainer, size, layer, units)[0]


def passed(trainer: TrainedNetwork, size: int, layer: int, units: slice) -> tuple[Array, Array]:
    """The outputs and the weighted sums of some units of a layer at every pixel, (H, S, S) float32 each; some places at
    a time."""
    rows = _inputs(trainer, size, trainer.config.features)  # (S S,) each
    X = np.array([*rows, np.ones(size * size)], np.float32)  # (D + 1, S S)
    single = trainer.network.like(np.float32)
    found = np.empty((2, len(range(single.shape[1:][layer])[units]), size * size), np.float32)  # (2, H, S S)
    with np.errstate(all="ignore"):
        single.theta[:] = trainer.network.theta
        buffers = Pass(single, CHUNK)
        for start in range(0, size * size, CHUNK):
            part = X[:, start : start + CHUNK]  # (D + 1, M)
            if part.shape[1] < CHUNK:
                buffers = Pass(single, part.shape[1])  # for what is left over
            buffers.forward(part)
            for values, kept in zip((buffers.outputs, buffers.z), found, strict=True):
                kept[:, start : start + CHUNK] = values[layer][units]
    outputs, sums = _finite(found).reshape(2, -1, size, size)
    return outputs, sums


def _finite(values: Array) -> Array:
    """Without what single precision cannot hold."""
    return np.nan_to_num(values, nan=0.0)


def with_points(pixels: Array, trainer: TrainedNetwork) -> Array:
    """The picture (S, S, 3) with the data upon it: training points edged in white, test points in ink, and those that
    validate too, as squares."""
    grow = math.sqrt(len(pixels) / USUAL)  # small pictures have small points, but not as small as that
    train = trainer.train_data.points
    radius, edge = (RADIUS - (len(train) > MANY_POINTS)) * grow, EDGE * grow
    canvas = pixels.astype(float)  # (S, S, 3)
    draw = _Points(canvas, trainer.config.data.domain, is_many(trainer))
    others: list[tuple[list[Point], Away]] = []
    if trainer.config.showTestData:
        others = [(trainer.validation_data.points, _square), (trainer.test_data.points, np.hypot)]
    for points, away in others:
        draw(points, radius + edge, edge, SURFACE, away)  # around the other edge, to be seen on any map
    draw(train, radius, edge, SURFACE, np.hypot)
    for points, away in others:
        draw(points, radius, edge, INK, away)
    return np.asarray(np.floor(canvas + 0.5).astype(np.uint8))


def _square(down: Array, right: Array) -> Array:
    """How far a place is from the middle of a square that is as large as a disc, where 1 is the disc's radius."""
    return np.maximum(np.abs(down), np.abs(right)) * (2 / math.sqrt(math.pi))


class _Points:
    """Draws points on a canvas (S, S, 3) of floats, as discs or squares with smooth edges."""

    def __init__(self, canvas: Array, domain: tuple[tuple[float, float], tuple[float, float]], many: bool) -> None:
        self.canvas, self.domain, self.many = canvas, domain, many

    def __call__(
        self,
        points: list[Point],
        radius: float,
        edge: float,
        color: tuple[int, int, int],
        away: Away,
    ) -> None:
        """Draw all points; the edge's middle lies on the radius, and `away` says how far a place is from a middle."""
        (left, right), (bottom, top) = self.domain
        size = len(self.canvas)
        for point, fill in zip(points, self._fills(points), strict=True):
            x, y = (point.x - left) / (right - left) * size, (top - point.y) / (top - bottom) * size
            self._disc(x, y, radius + edge / 2, np.array(color), away)
            self._disc(x, y, radius - edge / 2, fill, away)

    def _fills(self, points: list[Point]) -> Array:
        """The colour of each label, (N, 3)."""
        labels = np.array([point.label for point in points])  # (N,)
        return np.asarray(np.array(CLASSES)[labels.astype(int)] if self.many else LABEL_SCALE[places(labels)])

    def _disc(self, x: float, y: float, radius: float, color: Array, away: Away) -> None:
        reach = radius + 1
        rows, columns = (slice(max(0, math.floor(at - reach)), max(0, math.ceil(at + reach))) for at in (y, x))
        patch = self.canvas[rows, columns]  # (h, w, 3), a view; nothing where the point lies outside
        down = np.arange(rows.start, rows.start + patch.shape[0])[:, None] + 0.5 - y  # (h, 1)
        right = np.arange(columns.start, columns.start + patch.shape[1]) + 0.5 - x  # (w,)
        cover = np.clip(radius + 0.5 - away(down, right), 0, 1)[..., None]  # (h, w, 1)
        patch += cover * (color - patch)
