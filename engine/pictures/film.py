"""The moments of a run as pictures that follow quickly: the map and the line change, the points are drawn once.

Shapes: S pixels a side, s of the map that is computed, K classes.
"""

from __future__ import annotations

import numpy as np

from engine.names import Whole
from engine.pictures import decision_line
from engine.pictures.boundary import MIN_SIZE_OF_POINTS, SIZE, check, is_many, passed, with_points
from engine.pictures.colors import CLASS_SCALES, INK, SCALE, mixed, places
from engine.tables import Array
from engine.training.trained import TrainedNetwork

SIDE = 100
"""Places a side at which the network is asked; between them it is interpolated, as on the page."""


class Painter:
    """Paints a run at its present epoch, again and again: `painter(trainer)` is uint8 (S, S, 3)."""

    def __init__(self, trainer: TrainedNetwork, size: Whole = SIZE) -> None:
        check(size)
        self.size = size = int(size)
        self._side = min(SIDE, size)
        self._between = _between(self._side, size)  # (S, s)
        self._points, self._seen = _overlay(trainer, size)  # (S, S, 3), (S, S, 3)

    def __call__(self, trainer: TrainedNetwork) -> Array:
        """The output with its line and the points, as `boundary` draws it from values at fewer places."""
        a, z = (self._larger(values) for values in passed(trainer, self._side, -1, slice(None)))  # (K, S, S) each
        many, discrete = is_many(trainer), trainer.config.discretize
        if many:
            pixels = CLASS_SCALES[:, -1][z.argmax(axis=0)] if discrete else mixed(np.clip(a, 0, 1))
        else:
            pixels = SCALE[places(np.where(a[0] < 0, -1.0, 1.0) if discrete else a[0])]  # (S, S, 3)
        cover = decision_line.of_classes(z) if many else decision_line.of_unit(a[0], z[0])  # (S, S)
        lined = pixels + cover[..., None].astype(np.float32) * (np.array(INK, np.float32) - pixels)
        return np.asarray((lined * self._seen + self._points + np.float32(0.5)).astype(np.uint8))

    def _larger(self, values: Array) -> Array:
        """Values (K, s, s) at all pixels, (K, S, S)."""
        return np.asarray(self._between @ values @ self._between.T)


def _between(side: int, size: int) -> Array:
    """The weights of linear interpolation from s places to the middles of S pixels, (S, s) float32."""
    at = np.clip((np.arange(size) + 0.5) * side / size - 0.5, 0, side - 1)  # (S,)
    return np.asarray(np.maximum(0, 1 - np.abs(at[:, None] - np.arange(side))), np.float32)


def _overlay(trainer: TrainedNetwork, size: int) -> tuple[Array, Array]:
    """The points on black, and how much of what is below them is seen, (S, S, 3) float32 each."""
    on_black, on_white = (np.full((size, size, 3), shade, np.uint8) for shade in (0, 255))
    if size >= MIN_SIZE_OF_POINTS:
        on_black, on_white = with_points(on_black, trainer), with_points(on_white, trainer)
    black = on_black.astype(np.float32)
    return black, (on_white - black) / np.float32(255)
