"""The lines of a chart of losses: what each is called and how it looks, and where the labels at their ends stand.

As `static/chart/lines.js` has them. Shapes: N places of a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.pictures.colors import INK
from engine.tables import Array

MUTED, VIOLET = (101, 109, 118), (138, 63, 168)
LABEL_GAP = 16  # pixels between two labels, at least

Color = tuple[int, int, int]


class ChartLine(NamedTuple):
    """How a measure is drawn."""

    label: str
    color: Color
    width: float
    dash: tuple[float, float] | None = None
    """How long each dash is, and how far from the next."""
    strong: float = 0
    """How much thicker the label's strokes are."""


LINES = {
    "train_loss": ChartLine("train", MUTED, 1.25),
    "validation_loss": ChartLine("validation", VIOLET, 1.75, (6, 3)),
    "test_loss": ChartLine("test", INK, 2.25, strong=0.35),
}
"""By the field of a history, each drawn over those before."""


def dashes(x: Array, y: Array, drawn: float, left_out: float) -> list[tuple[Array, Array]]:
    """A line (N,), (N,) in pieces of one length with gaps between them."""
    along = np.concatenate([[0.0], np.hypot(np.diff(x), np.diff(y)).cumsum()])  # (N,)
    pieces = []
    for start in np.arange(0.0, along[-1], drawn + left_out):
        ends = np.array([start, min(start + drawn, along[-1])])
        inner = np.flatnonzero((along > ends[0]) & (along < ends[1]))
        across, down = (np.insert(np.interp(ends, along, line), 1, line[inner]) for line in (x, y))
        pieces.append((across, down))
    return pieces


def spread(wanted: Sequence[float], low: float, high: float, least: float = LABEL_GAP) -> list[float]:
    """Where labels go that want to be at some places: in their order, as near as they can, and `least` apart."""
    gap = min(least, (high - low) / (len(wanted) - 1)) if len(wanted) > 1 else 0.0
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    groups: list[list[float]] = []  # of labels that push each other, where each of them would have the first
    for rank, place in enumerate(order):
        groups.append([wanted[place] - rank * gap])
        while len(groups) > 1 and np.mean(groups[-2]) >= np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    firsts = [float(np.mean(group)) for group in groups for _ in group]
    most = high - (len(wanted) - 1) * gap
    places = [0.0] * len(wanted)
    for rank, place in enumerate(order):
        places[place] = min(max(firsts[rank], low), most) + rank * gap
    return places
