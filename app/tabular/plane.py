"""Rows carried to the plane: each axis rescaled where its values exceed the plane or leave it nearly empty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from engine.data.datasets import Point
from engine.data.points import PLANE

SPAN, LABEL_SPAN = 5.0, 1.0
"""How far rescaled values reach to each side."""
NARROW = 4.0
"""A range of coordinates that leaves most of the plane empty: a third of its width."""


class AxisScale(NamedTuple):
    """How an axis was rescaled: ours = factor * theirs + offset."""

    factor: float
    offset: float


class Row(Protocol):
    """What is needed of a row."""

    @property
    def x1(self) -> float: ...
    @property
    def x2(self) -> float | None: ...
    @property
    def label(self) -> str | float: ...


def on_plane(rows: Sequence[Row], problem: str, classes: Sequence[str]) -> tuple[list[Point], dict[str, AxisScale]]:
    """The points, and how the axes that had to be were rescaled. A second input that is not there is 0."""
    axes = {
        "x1": [row.x1 for row in rows],
        "x2": [0.0 if row.x2 is None else row.x2 for row in rows],
        "label": _labels(rows, problem, classes),
    }
    scale = {name: fitted(axes[name], SPAN) for name in ("x1", "x2") if not _fills(axes[name])}
    if problem == "regression" and max(map(abs, axes["label"])) > LABEL_SPAN:
        scale["label"] = fitted(axes["label"], LABEL_SPAN)
    columns = [_scaled(values, scale.get(name)) for name, values in axes.items()]
    return [Point(*values) for values in zip(*columns, strict=True)], scale


def _labels(rows: Sequence[Row], problem: str, classes: Sequence[str]) -> list[float]:
    if problem == "regression":
        return [float(row.label) for row in rows]
    values: Sequence[float] = (-1.0, 1.0) if problem == "classification" else list(map(float, range(len(classes))))
    label: Mapping[str, float] = dict(zip((name.lower() for name in classes), values, strict=True))
    return [label[str(row.label).lower()] for row in rows]


def _fills(values: Sequence[float]) -> bool:
    """Whether values fit into the plane as they are; a constant does unless it is beyond."""
    low, high = min(values), max(values)
    return max(-low, high) <= PLANE and (low == high or high - low >= NARROW)


def fitted(values: Sequence[float], span: float) -> AxisScale:
    """What carries the least value to -span and the largest to span."""
    low, high = min(values), max(values)
    centre, half = high / 2 + low / 2, high / 2 - low / 2  # halved first: the largest floats have no sum
    factor = span / half if half else 1.0
    if not math.isfinite(factor):  # as good as constant
        factor = 1.0
    return AxisScale(factor, 0.0 - centre * factor)


def _scaled(values: Sequence[float], scale: AxisScale | None) -> list[float]:
    if scale is None:
        return list(values)
    centre = -scale.offset / scale.factor
    return [(value - centre) * scale.factor for value in values]
