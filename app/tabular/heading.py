"""Whether the first row of a table names its columns."""

from __future__ import annotations

from collections.abc import Sequence

from app.tabular.cells import missing, number

LABELS = frozenset(
    [
        "label",
        "labels",
        "lbl",
        "class",
        "classes",
        "category",
        "categories",
        "target",
        "targets",
        "type",
        "kind",
        "species",
        "variety",
        "group",
        "cluster",
        "color",
        "colour",
        "outcome",
        "result",
        "output",
        "outputs",
        "sex",
        "gender",
        "diagnosis",
        "y_true",
    ]
)
"""What a column of labels may be called."""
SAMPLE = 100
MOSTLY = 0.7
"""The share of its cells from which on a column is one of numbers."""


def headed(rows: Sequence[list[str]], comma: bool, *, certain: bool) -> tuple[list[str], Sequence[list[str]]]:
    """The names of the columns, empty where there are none, and the rows that are left."""
    if certain or _is_heading(rows[0], rows[1 : SAMPLE + 1], comma):
        return rows[0], rows[1:]
    return [""] * len(rows[0]), rows


def _is_heading(first: Sequence[str], body: Sequence[Sequence[str]], comma: bool) -> bool:
    if not body:
        return False
    numeric = [_mostly_numbers([row[place] for row in body], comma) for place in range(len(first))]
    words = [not missing(cell) and number(cell, comma) is None for cell in first]
    if any(word and column for word, column in zip(words, numeric, strict=True)):
        return True
    counted = [cell for cell, word in zip(first, words, strict=True) if cell and not word]
    if counted != [str(place) for place in range(len(counted))]:
        return False
    if any(words):  # names beside columns of words: told by a name that labels have
        return any(cell.lower() in LABELS for cell in first)
    return len(counted) > 2 or (len(counted) > 1 and _any_fraction(body, comma))


def _mostly_numbers(cells: Sequence[str], comma: bool) -> bool:
    said = [cell for cell in cells if not missing(cell)]
    return bool(said) and sum(number(cell, comma) is not None for cell in said) >= MOSTLY * len(said)


def _any_fraction(rows: Sequence[Sequence[str]], comma: bool) -> bool:
    values = [number(cell, comma) for row in rows for cell in row]
    return any(value is not None and value % 1 for value in values)
