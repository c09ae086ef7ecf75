"""What a cell says: a number in any of the ways in which people and programs write them, or nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

MISSING = frozenset({"", "?", "-", ".", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing"})
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
POINT_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?", re.ASCII)
COMMA_DECIMAL = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+([eE][+-]?\d+)?", re.ASCII)
SPACED_GROUPS = re.compile(r"(?<=\d)[ '’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "-": "-"})
AROUND = " \t\u00a0%$€£"
"""What may stand before or after a number and does not change it; a percentage counts in percent."""


def missing(cell: str) -> bool:
    """Whether a cell says nothing."""
    return cell.strip().lower() in MISSING


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """The finite number that a cell says, if it says one."""
    if not NUMBER.fullmatch(cell):
        cell = SPACED_GROUPS.sub("", cell.translate(MINUS).strip(AROUND))
        if decimal_comma:
            cell = cell.replace(".", "") if "," in cell or POINT_GROUPS.fullmatch(cell) else cell
            cell = cell.replace(",", ".")
        elif COMMA_GROUPS.fullmatch(cell):
            cell = cell.replace(",", "")
        if not NUMBER.fullmatch(cell):
            return None
    value = float(cell)
    return value if math.isfinite(value) else None


def has_decimal_comma(cells: Iterable[str], *, comma_separates: bool) -> bool:
    """Whether a table writes 1,5 for one and a half.

    `1,234` may be either: it is a thousand where commas part the fields (it was quoted then), or where other numbers
    have decimal points.
    """
    either, points = False, False
    for raw in cells:
        cell = SPACED_GROUPS.sub("", raw.translate(MINUS).strip(AROUND))
        if "," not in cell:
            points = points or bool(NUMBER.fullmatch(cell) and "." in cell)
        elif COMMA_GROUPS.fullmatch(cell):
            either = True
            points = points or "." in cell
        elif COMMA_DECIMAL.fullmatch(cell):
            return True
    return either and not points and not comma_separates
