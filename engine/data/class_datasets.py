"""Data sets of many classes: the label of a point is its class, counted from 0."""

from __future__ import annotations

import math

from engine.data.dataset import Dataset, Point, distance, jitter
from engine.random_stream import Stream

BLOBS_RADIUS, BLOBS_VARIANCE = 3.2, 0.5
ARMS_RADIUS, ARMS_TURNS = 5.0, 3.5
"""How far the arms reach, and how often they all turn together: each turns so often by their number."""
QUADRANTS_RADIUS, QUADRANTS_PADDING = 5.0, 0.3
RINGS_RADIUS, RINGS_GAP = 5.0, 0.15
"""The gap at each edge of a ring, by its width."""


def _blobs(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Round clouds about centres that stand evenly on a circle, the first of them above."""
    variance = BLOBS_VARIANCE * (1 + 14 * noise)
    points = []
    for i in range(n):
        label = i % classes
        angle = 2 * math.pi * label / classes
        x = stream.normal(BLOBS_RADIUS * math.sin(angle), variance)
        y = stream.normal(BLOBS_RADIUS * math.cos(angle), variance)
        points.append(Point(x, y, label))
    return points


def _arms(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    points = []
    for i in range(n):
        label, t = i % classes, (i // classes) / math.ceil(n / classes)
        r = ARMS_RADIUS * t
        angle = 2 * math.pi * (ARMS_TURNS / classes * t + label / classes)
        dx, dy = jitter(1, noise, stream)
        points.append(Point(r * math.sin(angle) + dx, r * math.cos(angle) + dy, label))
    return points


def _quadrants(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Evenly over a square; the class is the quadrant of the noisy position, counted against the clock."""

    def coordinate() -> float:
        value = stream.uniform(-QUADRANTS_RADIUS, QUADRANTS_RADIUS)
        return value + (QUADRANTS_PADDING if value > 0 else -QUADRANTS_PADDING)

    points = []
    for _ in range(n):
        x, y = coordinate(), coordinate()
        dx, dy = jitter(QUADRANTS_RADIUS, noise, stream)
        right, up = x + dx >= 0, y + dy >= 0
        points.append(Point(x, y, (0 if right else 1) if up else (3 if right else 2)))
    return points


def _rings(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Rings of one width about each other, the first a disc; the class is that of the noisy position."""
    width = RINGS_RADIUS / classes
    points = []
    for i in range(n):
        ring = i % classes
        r = width * (ring + stream.uniform(RINGS_GAP, 1 - RINGS_GAP))
        angle = stream.uniform(0, 2 * math.pi)
        x, y = r * math.sin(angle), r * math.cos(angle)
        dx, dy = jitter(RINGS_RADIUS, noise, stream)
        points.append(Point(x, y, min(int(distance(x + dx, y + dy, 0, 0) / width), classes - 1)))
    return points


def _none(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    return []


CLASS_DATASETS: dict[str, Dataset] = {
    "blobs": Dataset(
        label="Blobs",
        formula="class i round 3.2 (sin, cos) of 2 pi i / k",
        latex=r"x \sim \mathcal{N}\left(c_i, \tfrac{1}{2} I\right), \quad c_i = 3.2\,(\sin, \cos) \tfrac{2 \pi i}{k}",
        hint="A round cloud for each class: straight lines part them while there is little noise.",
        problem="multiclass",
        make=_blobs,
    ),
    "arms": Dataset(
        label="Arms",
        formula="r = 5t, angle = 2 pi (3.5 t + i) / k",
        latex=r"x = 5t \, (\sin \varphi, \cos \varphi), \quad \varphi = \frac{2 \pi}{k} (3.5\,t + i)",
        hint="A spiral with an arm for each class, all wound about the origin.",
        problem="multiclass",
        make=_arms,
    ),
    "quadrants": Dataset(
        label="Quadrants",
        formula="the quadrant of x, counted from 0 against the clock",
        latex=r"(\operatorname{sign} x_1, \operatorname{sign} x_2)",
        hint="Four classes, one in each quadrant; no two of them have to be told from the rest by a bent line.",
        problem="multiclass",
        make=_quadrants,
        classes=4,
    ),
    "rings": Dataset(
        label="Rings",
        formula="floor(k |x| / 5)",
        latex=r"\left\lfloor \frac{k \lVert x \rVert}{5} \right\rfloor",
        hint="A disc and rings about it: no straight line parts any of them from the others.",
        problem="multiclass",
        make=_rings,
    ),
    "class-own": Dataset(
        label="Your own",
        formula="a list of x1, x2 and the class, counted from 0",
        latex=r"(x_1, x_2) \mapsto y \in \{0, 1, \dots\}",
        hint="Points that you drew or brought along, each of one of up to six classes.",
        problem="multiclass",
        make=_none,
        own=True,
    ),
}
