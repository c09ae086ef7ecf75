"""How numbers are written, as `static/draw/numbers.js` writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable

SMALLEST, LARGEST = 0.0001, 1e5
"""Beyond them with a power of ten."""


def short(value: float) -> str:
    """Three digits that matter: 0.000312, 0.0312, 1.20, 134, 2.50e-7."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "infinite"
    size = abs(value)
    if size and not SMALLEST <= size < LARGEST:
        return powered(f"{value:.2e}")
    digits = max(0, 2 - math.floor(math.log10(size))) if size else 4
    return f"{value:.{digits}f}".replace("-", "−")


def powered(text: str) -> str:
    """A number with an exponent in as few characters as say it: 2.50e-07 becomes 2.50e-7."""
    digits, exponent = text.split("e")
    return f"{digits}e{int(exponent)}".replace("-", "−", digits.count("-"))


def layout(shape: Iterable[int]) -> str:
    """The units of each layer from the inputs on: 2-4-2-1."""
    return "-".join(map(str, shape))


def percent(share: float) -> str:
    """A share in percent, or a dash where there is none."""
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
