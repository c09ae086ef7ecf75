"""Points of one's own: as text in a link, and read from CSV or JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from engine.data.datasets import Point
from engine.data.point_records import PointsError, Record, described, number, records
from engine.problems import InputError, Problem, shown

MAX_POINTS = 3_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGITS = {char: digit for digit, char in enumerate(ALPHABET)}
CHARACTERS = 9
"""Characters a point: three for each of x, y and label."""
PATTERN = f"^([A-Za-z0-9_-]{{{CHARACTERS}}}){{0,{MAX_POINTS}}}$"
STEPS = 10_000  # to one: four decimals
ZERO = 2**17
LEAST, MOST = -ZERO / STEPS, (ZERO - 1) / STEPS

PLANE = 6.0
"""How far the plotted plane reaches to each side."""
FARTHEST_LABEL = 13.0
MAX_CLASSES = 6
"""Of many, how many classes there may be."""
SPAN, LABEL_SPAN = 5.0, 1.0
"""How far rescaled values reach to each side."""

Reader = Callable[[object], float]
"""The number that a cell means; ValueError that says what was expected."""
Classes = tuple[Reader, list[str]]
"""How to read a label, and what to know about it, in sentences."""


class AxisScale(NamedTuple):
    """How an axis was rescaled: ours = factor * theirs + offset."""

    factor: float
    offset: float


class ReadPoints(NamedTuple):
    """Points that were read, how each axis was rescaled if any was, and what else to know, in sentences."""

    points: list[Point]
    scale: dict[str, AxisScale] | None
    notes: list[str]


# --- points as text -----------------------------------------------------------------------------------------------


def encode(points: Sequence[Point]) -> str:
    """The points as text, rounded to four decimals; ValueError for what does not fit."""
    if len(points) > MAX_POINTS:
        raise InputError(Problem("points", f"at most {MAX_POINTS} points", str(len(points))))
    return "".join(
        _encoded(value, f"point {place}: {name}")
        for place, point in enumerate(points, 1)
        for name, value in zip(Point._fields, point, strict=True)
    )


def _encoded(value: float, field: str) -> str:
    """A number as three characters, the most significant first."""
    if not LEAST <= value <= MOST:
        raise InputError(Problem(field, f"{LEAST} to {MOST}", shown(value)))
    n = math.floor(value * STEPS + 0.5) + ZERO  # halves go up, as with a browser's Math.round
    return ALPHABET[n >> 12] + ALPHABET[n >> 6 & 63] + ALPHABET[n & 63]


def decode(text: str) -> list[Point]:
    """The points that `encode` wrote; ValueError for any other text."""
    try:
        digits = iter([DIGITS[char] for char in checked(text)])
    except ValueError as error:
        raise InputError(Problem("points", str(error), shown(text))) from None
    numbers = ((high << 12 | middle << 6 | low) for high, middle, low in zip(digits, digits, digits, strict=True))
    values = ((n - ZERO) / STEPS for n in numbers)
    return [Point(*point) for point in zip(values, values, values, strict=True)]


def checked(text: str) -> str:
    """The text as it is; ValueError that says what was expected where it is not one of points."""
    if not DIGITS.keys() >= set(text):
        raise ValueError("letters, digits, - and _ alone")
    if len(text) % CHARACTERS:
        raise ValueError(f"{CHARACTERS} characters for each point")
    if len(text) > MAX_POINTS * CHARACTERS:
        raise ValueError(f"at most {MAX_POINTS} points")
    return text


# --- points from a file -------------------------------------------------------------------------------------------


def read_points(text: str, problem: str, rescale: bool) -> ReadPoints:
    """The points in CSV or JSON; PointsError for what is wrong, each by its line or the number of its point.

    `problem` says what a label may be; with `rescale` values of any size are mapped into the plotted plane.
    """
    found = list(islice(records(text), MAX_POINTS + 1))
    if not found:
        raise PointsError(Problem("points", "at least one point", "none"))
    if len(found) > MAX_POINTS:
        raise PointsError(Problem("points", f"at most {MAX_POINTS} points", "more"))
    coordinate = _within(math.inf if rescale else PLANE)
    label, notes = _within(math.inf if rescale else FARTHEST_LABEL), list[str]()
    if problem in CLASSES:
        label, notes = CLASSES[problem]([record[1][2] for record in found if not isinstance(record, Problem)])
    points = _points(found, (coordinate, coordinate, label))
    scale = None
    if rescale:
        points, scale = _rescaled(points, problem)
    return ReadPoints(points, scale, notes)


def _points(found: Sequence[Record], readers: Sequence[Reader]) -> list[Point]:
    points, problems = list[Point](), list[Problem]()
    for record in found:
        if isinstance(record, Problem):
            problems.append(record)
            continue
        place, cells = record
        values = []
        for name, read, cell in zip(Point._fields, readers, cells, strict=True):
            try:
                values.append(read(cell))
            except ValueError as error:
                problems.append(Problem(f"{place}: {name}", str(error), described(cell)))
        if not problems:
            points.append(Point(*values))
    if problems:
        raise PointsError(*problems)
    return points


def _within(limit: float) -> Reader:
    def read(cell: object) -> float:
        value = number(cell)
        if value is None or not math.isfinite(value):
            raise ValueError("a finite number")
        if abs(value) > limit:
            raise ValueError(f"{-limit:g} to {limit:g} (or rescale the points)")
        return value

    return read


def _two_classes(labels: Sequence[object]) -> Classes:
    """How to read the labels of two classes: -1 and 1, 0 and 1, or two names in the order in which they come."""
    names = _names(labels)
    if names:
        return _named(dict(zip(names, (-1, 1), strict=False)))
    values = {number(label) for label in labels}
    if 0 in values and -1 not in values:
        return _choice({0: -1, 1: 1}, number, "0 or 1"), ["The label 0 was taken as -1."]
    return _choice({-1: -1, 1: 1}, number, "-1 or 1 (or 0 and 1 alone, or two names)"), []


def _many_classes(labels: Sequence[object]) -> Classes:
    """How to read the labels of many classes: whole numbers from 0, or names in the order in which they come."""
    names = _names(labels)
    if len(names) > MAX_CLASSES:
        raise PointsError(Problem("label", f"at most {MAX_CLASSES} classes", str(len(names))))
    if names:
        read, [note] = _named({name: place for place, name in enumerate(names)})
        return read, [f"{note[:-1]}: classes 1 to {len(names)}."]
    expected = f"a whole number from 0 to {MAX_CLASSES - 1} (or up to {MAX_CLASSES} names)"
    notes = [] if 0 in map(number, labels) else ["No label is 0, so class 1 has no points."]
    return _choice({place: place for place in range(MAX_CLASSES)}, number, expected), notes


CLASSES: dict[str, Callable[[Sequence[object]], Classes]] = {
    "classification": _two_classes,
    "multiclass": _many_classes,
}
"""How the labels of a problem are read, where they are classes."""


def _names(labels: Sequence[object]) -> list[str]:
    """The names of classes in the order in which they come; nothing where the labels are numbers."""
    texts = [label for label in labels if isinstance(label, str) and label]
    names = list(dict.fromkeys(text for text in texts if number(text) is None))
    if names and (set(texts) == set(names) or (names[0] == texts[0] and len(names) > 1)):
        return names
    return []


def _named(classes: Mapping[str, float]) -> Classes:
    """A reader of names, and a note that says what became of them."""
    names = list(map(shown, classes))
    if len(names) < 2:
        raise PointsError(Problem("label", "two classes", f"only {names[0]}"))
    read = _choice(classes, lambda cell: cell if isinstance(cell, str) else None, _listed(names, "or"))
    meant = list(classes.values())
    others = [f"{name} as {label}" for name, label in zip(names[1:], meant[1:], strict=True)]
    return read, [f"The label {_listed([f'{names[0]} was taken as {meant[0]}', *others], 'and')}."]


def _listed(words: Sequence[str], last: str) -> str:
    """Words in a sentence: a, b and c."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _choice(classes: Mapping[Any, float], key: Callable[[object], object], expected: str) -> Reader:
    def read(cell: object) -> float:
        value = key(cell)
        if value not in classes:
            raise ValueError(expected)
        return classes[value]

    return read


def _rescaled(points: Sequence[Point], problem: str) -> tuple[list[Point], dict[str, AxisScale]]:
    """The points with their coordinates from -5 to 5, and the labels of a regression from -1 to 1 if any is beyond."""
    x, y, label = zip(*points, strict=True)
    scale = {}
    scale["x1"], x = _fitted(x, SPAN)
    scale["x2"], y = _fitted(y, SPAN)
    if problem == "regression" and max(map(abs, label)) > LABEL_SPAN:
        scale["label"], label = _fitted(label, LABEL_SPAN)
    return list(map(Point, x, y, label)), scale


def _fitted(values: Sequence[float], span: float) -> tuple[AxisScale, tuple[float, ...]]:
    low, high = min(values), max(values)
    centre, half = high / 2 + low / 2, high / 2 - low / 2  # halved first: the largest floats have no sum
    factor = span / half if half else 1.0
    if not math.isfinite(factor):  # as good as constant
        factor = 1.0
    return AxisScale(factor, 0.0 - centre * factor), tuple((value - centre) * factor for value in values)
