"""Data sets: labelled points in the plane, drawn from a random stream.

The first four and the first two regressions draw what TensorFlow Playground draws, number by number, so that its links
give the same points.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.data.class_datasets import CLASS_DATASETS
from engine.data.dataset import Dataset, Point, distance, half, jitter
from engine.random_stream import Stream

__all__ = ["DATASETS", "Dataset", "Point", "with_noise"]

CIRCLE_RADIUS = 5.0
XOR_PADDING = 0.3
PLANE_RADIUS = 6.0
BUMPS = ((-4.0, 2.5, 1), (0.0, 2.5, -1), (4.0, 2.5, 1), (-4.0, -2.5, -1), (0.0, -2.5, 1), (4.0, -2.5, -1))
SQUARE = 5.0
RING_RADIUS = 3.0
MODES = ((-2.6, 1.8), (2.7, 2.4), (0.3, -2.8))
MODE_RADIUS = 1.5
TALL = 1000.0


def _circle(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    points = []
    for low, high in ((0.0, CIRCLE_RADIUS * 0.5), (CIRCLE_RADIUS * 0.7, CIRCLE_RADIUS)):
        for _ in half(n):
            r = stream.uniform(low, high)
            angle = stream.uniform(0, 2 * math.pi)
            x, y = r * math.sin(angle), r * math.cos(angle)
            dx, dy = jitter(CIRCLE_RADIUS, noise, stream)
            inside = distance(x + dx, y + dy, 0, 0) < CIRCLE_RADIUS * 0.5
            points.append(Point(x, y, 1 if inside else -1))
    return points


def _xor(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    def coordinate() -> float:
        value = stream.uniform(-5, 5)
        return value + (XOR_PADDING if value > 0 else -XOR_PADDING)

    points = []
    for _ in range(n):
        x, y = coordinate(), coordinate()
        dx, dy = jitter(5, noise, stream)
        points.append(Point(x, y, 1 if (x + dx) * (y + dy) >= 0 else -1))
    return points


def _gauss(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    t = noise / 0.5
    variance = 0.5 * (1 - t) + 4 * t
    points = []
    for centre, label in ((2, 1), (-2, -1)):
        for _ in half(n):
            x = stream.normal(centre, variance)
            y = stream.normal(centre, variance)
            points.append(Point(x, y, label))
    return points


def _spiral(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    arm = n / 2
    points = []
    for phase, label in ((0.0, 1), (math.pi, -1)):
        for i in half(n):
            r = i / arm * 5
            t = 1.75 * i / arm * 2 * math.pi + phase
            x = r * math.sin(t) + stream.uniform(-1, 1) * noise
            y = r * math.cos(t) + stream.uniform(-1, 1) * noise
            points.append(Point(x, y, label))
    return points


def _above(f: Callable[[float], float]) -> Callable[[int, float, Stream, int], list[Point]]:
    """Evenly over a square; class 1 where the noisy position lies above the curve y = f(x)."""

    def make(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
        points = []
        for _ in range(n):
            x, y = jitter(SQUARE, 1, stream)
            dx, dy = jitter(SQUARE, noise, stream)
            points.append(Point(x, y, 1 if y + dy > f(x + dx) else -1))
        return points

    return make


def _scales(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Evenly over x1 from 0 to 1 and x2 from 0 to 1000; class 1 where the noisy position lies above the diagonal."""
    points = []
    for _ in range(n):
        x, y = stream.random(), stream.random()
        dx, dy = jitter(0.5, noise, stream)
        points.append(Point(x, y * TALL, 1 if (x + dx) + (y + dy) > 1 else -1))
    return points


def _none(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    return []


def _plane(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    points = []
    for _ in range(n):
        x, y = jitter(PLANE_RADIUS, 1, stream)
        dx, dy = jitter(PLANE_RADIUS, noise, stream)
        t = ((x + dx) + (y + dy) + 10) / 20
        points.append(Point(x, y, -1 * (1 - t) + 1 * t))
    return points


def _bumps(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    def height(x: float, y: float) -> float:
        highest = 0.0
        for cx, cy, sign in BUMPS:
            t = min(1.0, max(0.0, distance(x, y, cx, cy) / 2))
            value = sign * (1 - t)
            if abs(value) > abs(highest):
                highest = value
        return highest

    points = []
    for _ in range(n):
        x, y = jitter(PLANE_RADIUS, 1, stream)
        dx, dy = jitter(PLANE_RADIUS, noise, stream)
        points.append(Point(x, y, height(x + dx, y + dy)))
    return points


def _ring(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Evenly over a disc of radius 3; class 1 where the noisy position has 1 <= norm <= 2."""
    points = []
    for _ in range(n):
        r = RING_RADIUS * math.sqrt(stream.random())
        angle = stream.uniform(0, 2 * math.pi)
        x, y = r * math.sin(angle), r * math.cos(angle)
        dx, dy = jitter(RING_RADIUS, noise, stream)
        points.append(Point(x, y, 1 if 1 <= distance(x + dx, y + dy, 0, 0) <= 2 else -1))
    return points


def _modes(n: int, noise: float, stream: Stream, classes: int) -> list[Point]:
    """Half in one of three discs, half anywhere; class 1 where the noisy position lies in a disc."""
    points = []
    for i in range(n):
        if i < n / 2:
            cx, cy = MODES[i % len(MODES)]
            r = MODE_RADIUS * math.sqrt(stream.random())
            angle = stream.uniform(0, 2 * math.pi)
            x, y = cx + r * math.sin(angle), cy + r * math.cos(angle)
        else:
            x, y = jitter(5, 1, stream)
        dx, dy = jitter(5, noise, stream)
        inside = any(distance(x + dx, y + dy, cx, cy) <= MODE_RADIUS for cx, cy in MODES)
        points.append(Point(x, y, 1 if inside else -1))
    return points


DATASETS: dict[str, Dataset] = {
    "circle": Dataset(
        label="Circle",
        formula="1 where |x| < 2.5, else -1",
        latex=r"y = \begin{cases} 1 & \lVert x \rVert < 2.5 \\ -1 & \text{else} \end{cases}",
        hint="A disc inside a band.",
        problem="classification",
        make=_circle,
    ),
    "xor": Dataset(
        label="Quadrants (XOR)",
        formula="1 where x1 x2 >= 0, else -1",
        latex=r"y = \begin{cases} 1 & x_1 x_2 \ge 0 \\ -1 & \text{else} \end{cases}",
        hint="Quadrants 1 and 3 against 2 and 4: no straight line can part them.",
        problem="classification",
        make=_xor,
    ),
    "gauss": Dataset(
        label="Two Gaussians",
        formula="1 round (2, 2), -1 round (-2, -2)",
        latex=r"x \sim \mathcal{N}\left(\pm (2, 2), \tfrac{1}{2} I\right)",
        hint="Two round clouds that a straight line can part while there is little noise.",
        problem="classification",
        make=_gauss,
    ),
    "spiral": Dataset(
        label="Spiral",
        formula="r = 5t, angle = 3.5 pi t, the second arm turned by pi",
        latex=r"x = 5t \, (\sin \varphi, \cos \varphi), \quad \varphi = 3.5 \pi t \; (+ \pi)",
        hint="Two arms wound into each other: the hardest of all.",
        problem="classification",
        make=_spiral,
    ),
    "ring": Dataset(
        label="Ring",
        formula="1 where 1 <= |x| <= 2, else -1",
        latex=r"y = \begin{cases} 1 & 1 \le \lVert x \rVert \le 2 \\ -1 & \text{else} \end{cases}",
        hint="A ring against its inside and its outside.",
        problem="classification",
        make=_ring,
        domain=((-3.3, 3.3), (-3.3, 3.3)),
    ),
    "modes": Dataset(
        label="Three modes",
        formula="1 within 1.5 of one of three centres, else -1",
        latex=r"y = \begin{cases} 1 & \min_i \lVert x - c_i \rVert \le 1.5 \\ -1 & \text{else} \end{cases}",
        hint="Three islands against everything else.",
        problem="classification",
        make=_modes,
    ),
    "sine": Dataset(
        label="Sine",
        formula="1 where x2 > 3 sin x1, else -1",
        latex=r"y = \begin{cases} 1 & x_2 > 3 \sin x_1 \\ -1 & \text{else} \end{cases}",
        hint="Above or below a wave.",
        problem="classification",
        make=_above(lambda x: 3 * math.sin(x)),
    ),
    "cubic": Dataset(
        label="Cubic",
        formula="1 where x2 > x1 (x1^2 - 16) / 10, else -1",
        latex=r"y = \begin{cases} 1 & x_2 > \frac{x_1 (x_1^2 - 16)}{10} \\ -1 & \text{else} \end{cases}",
        hint="Above or below a curve that rises, falls and rises again.",
        problem="classification",
        make=_above(lambda x: x * (x * x - 16) / 10),
    ),
    "abs": Dataset(
        label="Absolute value",
        formula="1 where x2 > 2 |x1| - 5, else -1",
        latex=r"y = \begin{cases} 1 & x_2 > 2 \lvert x_1 \rvert - 5 \\ -1 & \text{else} \end{cases}",
        hint="Within or outside a wedge: two straight lines with a corner.",
        problem="classification",
        make=_above(lambda x: 2 * abs(x) - 5),
    ),
    "scales": Dataset(
        label="Unequal axes",
        formula="1 where x1 + x2 / 1000 > 1, else -1",
        latex=r"y = \begin{cases} 1 & x_1 + \frac{x_2}{1000} > 1 \\ -1 & \text{else} \end{cases}",
        hint="A straight line would do, but x2 is a thousand times larger than x1: normalize the inputs.",
        problem="classification",
        make=_scales,
        domain=((-0.1, 1.1), (-100.0, 1100.0)),
    ),
    "own": Dataset(
        label="Your own",
        formula="a list of x1, x2 and the class, -1 or 1",
        latex=r"(x_1, x_2) \mapsto y \in \{-1, 1\}",
        hint="Points that you drew or brought along, each of one of two classes.",
        problem="classification",
        make=_none,
        own=True,
    ),
    **CLASS_DATASETS,
    "reg-plane": Dataset(
        label="Plane",
        formula="(x1 + x2) / 10",
        latex=r"y = \frac{x_1 + x_2}{10}",
        hint="A tilted plane: one linear unit is enough.",
        problem="regression",
        make=_plane,
    ),
    "reg-gauss": Dataset(
        label="Gaussian bumps",
        formula="sign (1 - distance / 2) of the nearest of six centres",
        latex=r"y = \pm \max\left(0, 1 - \frac{\lVert x - c_i \rVert}{2}\right)",
        hint="Three hills and three hollows.",
        problem="regression",
        make=_bumps,
    ),
    "reg-own": Dataset(
        label="Your own",
        formula="a list of x1, x2 and the value there",
        latex=r"(x_1, x_2) \mapsto y \in \mathbb{R}",
        hint="Points that you drew or brought along, each with a number to meet.",
        problem="regression",
        make=_none,
        own=True,
    ),
}


def with_noise(points: list[Point], noise: float, stream: Stream) -> list[Point]:
    """The points, each moved on both axes by up to the noise."""
    moved = []
    for x, y, label in points:
        dx, dy = jitter(1, noise, stream)
        moved.append(Point(x + dx, y + dy, label))
    return moved


def datasets_of(problem: str) -> list[str]:
    """The names of the data sets of a kind of problem."""
    return [name for name, dataset in DATASETS.items() if dataset.problem == problem]
