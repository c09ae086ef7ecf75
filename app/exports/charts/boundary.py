"""The decision boundary as a PNG."""

from __future__ import annotations

from engine import Trainer, boundary
from engine.pictures.boundary import SIZE
from engine.pictures.png import encode


def boundary_png(trainer: Trainer, unit: str | None = None, size: int = SIZE) -> bytes:
    """The plane of a run as PNG; sizes, units and errors as in `engine.pictures.boundary.boundary`."""
    return encode(boundary(trainer, size, unit))
