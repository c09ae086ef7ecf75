"""A file of points, read: what it was taken for, its rows in their own units, and the points on the plane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from app.tabular.cells import missing
from app.tabular.columns import Column, columns_of
from app.tabular.formats import read_table
from app.tabular.labels import classes_of, guessed_problem, written
from app.tabular.plane import AxisScale, on_plane
from app.tabular.roles import PARTS, Roles, chosen, guessed
from app.tabular.table import Table, TableError, counted
from engine.data.datasets import Point
from engine.data.points import MAX_CLASSES, MAX_POINTS
from engine.errors import Problem

HEAD = 8
"""Rows that a preview shows."""


class Row(NamedTuple):
    """A row in the table's own units: the label the name of a class or, for a regression, a number."""

    x1: float
    x2: float | None
    label: str | float
    part: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a file holds, as far as it was understood."""

    format: str
    columns: Sequence[Column]
    head: Sequence[Sequence[str]]
    """The first rows of the file, all columns."""
    roles: Roles
    problem: str
    classes: Sequence[str]
    """The names of the classes in the order of their labels: two are -1 and 1, many are counted from 0."""
    rows: Sequence[Row]
    points: Sequence[Point]
    scale: Mapping[str, AxisScale]
    """Of the axes that had to be rescaled: x1, x2, label."""
    notes: Sequence[str]


def read(data: bytes, *, columns: str = "", problem: str = "", seed: str = "") -> Reading:
    """The points of a file.

    Args:
        data: the file.
        columns: which column is what, as x1=height,x2=weight,label=sex; guessed where it is empty.
        problem: classification, multiclass or regression; guessed where it is empty.
        seed: by which rows are drawn where there are more than a data set may have.

    Raises:
        TableError: the file holds no table, or none with numbers and labels.
        InputError: `columns` names what is not there.
    """
    table, format_name = read_table(data)
    looked = columns_of(table)
    roles = chosen(columns, looked) if columns else guessed(looked)
    if "x1" not in roles or "label" not in roles:
        numbers = sum(column.numeric for column in looked)
        expected = "a column of numbers for x1 and a column of labels" + (" in columns" if columns else "")
        raise TableError(Problem("columns", expected, f"{counted(numbers, 'column')} of numbers among {len(looked)}"))
    rows, notes = _rows(table, looked, roles)
    numeric, inputs = looked[roles["label"]].numeric, 2 if "x2" in roles else 1
    labels = [str(row.label) for row in rows]
    problem = problem or guessed_problem(labels, numeric=numeric, inputs=inputs)
    classes: list[str] = []
    if problem == "regression":
        rows = _numbered(rows)
    else:
        classes, more = classes_of(labels, 2 if problem == "classification" else MAX_CLASSES)
        rows, notes = _classified(rows, classes), [*notes, *more]
    if len(rows) > MAX_POINTS:
        notes.append(f"{MAX_POINTS:,} of {len(rows):,} rows taken, drawn by the seed.")
        rows = _drawn(rows, seed)
    points, scale = on_plane(rows, problem, classes)
    notes = [*table.notes, *notes]
    return Reading(format_name, looked, table.rows[:HEAD], roles, problem, classes, rows, points, scale, notes)


def _rows(table: Table, columns: Sequence[Column], roles: Roles) -> tuple[list[Row], list[str]]:
    """The rows that say all that is needed, and a note for each kind of those that do not."""
    rows, left = list[Row](), Counter[str]()
    x1, label = columns[roles["x1"]], roles["label"]
    x2 = columns[roles["x2"]] if "x2" in roles else None
    part = roles.get("part")
    for place, cells in enumerate(table.rows):
        first, second = x1.numbers[place], x2.numbers[place] if x2 else None
        if first is None or (x2 and second is None):
            bad, name = (roles["x1"], x1.name) if first is None else (roles["x2"], x2.name if x2 else "")
            left[f"{name} {'missing' if missing(cells[bad]) else 'is no number'}"] += 1
        elif missing(cells[label]):
            left[f"{columns[label].name} missing"] += 1
        else:
            label_text = written(cells[label], table.decimal_comma)
            rows.append(Row(first, second, label_text, PARTS.get(cells[part].lower()) if part is not None else None))
    if not rows:
        raise TableError(Problem("rows", "one with numbers and a label", "none (" + ", ".join(left) + ")"))
    return rows, [f"{counted(count, 'row')} left out: {reason}." for reason, count in left.items()]


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """The rows with their labels as numbers."""
    try:
        return [row._replace(label=float(row.label)) for row in rows]
    except ValueError as error:
        expected = "numbers for a regression (or choose classes)"
        raise TableError(Problem("label", expected, str(error).rsplit(": ", 1)[-1])) from None


def _classified(rows: Sequence[Row], classes: Sequence[str]) -> list[Row]:
    """The rows of these classes, each by its class's name."""
    names = {name.lower(): name for name in classes}
    return [row._replace(label=names[label]) for row in rows if (label := str(row.label).lower()) in names]


def _drawn(rows: Sequence[Row], seed: str) -> list[Row]:
    """As many rows as a data set may have, in their order."""
    return [rows[place] for place in sorted(Random(seed).sample(range(len(rows)), MAX_POINTS))]
