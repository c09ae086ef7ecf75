"""A person's own points, encoded as text in a link."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.data.datasets import Point
from engine.errors import InputError, Problem, shown

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
