"""Records of x, y and label in a text of CSV or JSON: their cells as they are written, and where each stands."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import chain

from engine.problems import Problem, shown

MOST_PROBLEMS = 5
LONGEST_LINE = 1_000
FIELDS = ("x", "y", "label")
SHAPE = "x, y and label, by name or in this order"
NAMES = {
    **dict.fromkeys(("x", "x1"), "x"),
    **dict.fromkeys(("y", "x2"), "y"),
    **dict.fromkeys(("label", "labels", "class", "target", "output", "value", "z"), "label"),
}
"""What a column of CSV or a key of JSON may be called."""
KINDS = {type(None): "null", bool: "true or false", list: "a list", dict: "an object"}
"""What JSON may have in place of a number or a text."""

Record = tuple[str, Sequence[object]] | Problem
"""Where a point stands and its three cells, or why it is none."""


class PointsError(ValueError):
    """A text without points or with bad ones: the first problems, and how many more there are."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        more = len(problems) - len(self.problems)
        rest = [f"{more} more problem{' was' if more == 1 else 's were'} found."] if more else []
        super().__init__(" ".join([*map(str, self.problems), *rest]))


def records(text: str) -> Iterator[Record]:
    """The records of a text; PointsError where it is none as a whole."""
    text = text.removeprefix("\ufeff")
    return _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_csv(text)


def number(cell: object) -> float | None:
    """The number that a cell says, finite or not."""
    try:
        return float(cell) if isinstance(cell, str) and cell.isascii() and "_" not in cell else None
    except ValueError:
        return None


def described(cell: object) -> str:
    """A cell as an error shows it."""
    return KINDS.get(type(cell)) or shown(cell)


def _of_csv(text: str) -> Iterator[Record]:
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        return
    separator = next((sign for sign in "\t;" if sign in first[1]), ",")
    place, names = first[0], _cells(first[1], separator)
    if any(number(name) is not None for name in names):  # no header
        lines, names = chain([first], lines), list(FIELDS)
    columns = _columns(names, place)
    for place, line in lines:
        cells = _cells(line, separator)
        if len(cells) == len(names):
            yield place, [cells[column] for column in columns]
        else:
            yield Problem(place, f"{len(names)} fields", str(len(cells)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Every line that says something, by its place."""
    for count, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield f"line {count}", line


def _cells(line: str, separator: str) -> list[str]:
    if len(line) > LONGEST_LINE:  # no point, and too much to take apart
        return [line]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]


def _columns(names: Sequence[str], place: str) -> tuple[int, ...]:
    """Which of the named are x, y and label; where there is an x2, y is a label."""
    known = [name.strip().lower() for name in names]
    fields = ["label" if name == "y" and "x2" in known else NAMES.get(name) for name in known]
    if any(fields.count(field) != 1 for field in FIELDS):
        raise PointsError(Problem(place, SHAPE, shown(list(names))))
    return tuple(map(fields.index, FIELDS))


def _of_json(text: str) -> Iterator[Record]:
    try:
        # Numbers stay as they are written, to be read and shown as those of CSV are.
        data = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        got = shown(text[error.pos : error.pos + 20]) if error.pos < len(text) else "the end"
        raise PointsError(Problem(f"line {error.lineno}, column {error.colno}", "JSON", got)) from None
    except RecursionError:
        raise PointsError(Problem("points", "a list of points", "lists within lists")) from None
    if isinstance(data, dict):
        data = data.get("points", data)
    if not isinstance(data, list):
        raise PointsError(Problem("points", "a list of points", described(data)))
    for count, item in enumerate(data, 1):
        yield _of_item(f"point {count}", item)


def _of_item(place: str, item: object) -> Record:
    if isinstance(item, list) and len(item) == len(FIELDS):
        return place, item
    if not isinstance(item, dict):
        got = f"a list of {len(item)}" if isinstance(item, list) else described(item)
        return Problem(place, SHAPE, got)
    cells = list(item.values())
    try:
        return place, [cells[column] for column in _columns(list(item), place)]
    except PointsError as bad:
        return bad.problems[0]
