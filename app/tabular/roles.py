"""What each column of a table is for: an input, the label, the part of the data, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from app.tabular.columns import Column
from app.tabular.heading import LABELS
from engine.errors import InputError, Problem, shown, with_suggestion

Role = Literal["x1", "x2", "label", "part"]
ROLES: tuple[Role, ...] = get_args(Role)
SYNONYMS: dict[str, Role] = {"x": "x1", "y": "x2", "class": "label", "target": "label", "split": "part"}
"""What a role may be called where a person names columns."""
FIRST = frozenset(["x", "x1", "x_1", "x0", "x_0", "xs", "f1", "feature1", "feature_1", "lon", "longitude"])
SECOND = frozenset(["y", "x2", "x_2", "ys", "f2", "feature2", "feature_2", "lat", "latitude"])
PARTS = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("test", "testing", "te"), "test"),
    **dict.fromkeys(("validation", "validate", "val", "valid", "dev"), "validation"),
}
"""What a cell of a part column may say."""
PART_NAMES = frozenset(["part", "split", "set", "subset", "partition"])
INDEX_NAMES = frozenset(["unnamed: 0", *["id", "index", "idx", "no", "nr", "row", "#", "rownames", "level_0"]])
MOST_CLASSES = 10
CHOICE = re.compile(r"\s*([^=,]+?)\s*=\s*([^,]*?)\s*(?:,|$)")

Roles = dict[Role, int]
"""The place of the column that has each role, of those that are there."""


def guessed(columns: Sequence[Column]) -> Roles:
    """The first choice: by names that tell, then by what the columns hold, then by their order."""
    roles: Roles = {}
    free = [place for place, column in enumerate(columns) if not _is_index(column, place, columns)]
    if (part := next((place for place in free if _is_part(columns[place])), None)) is not None:
        roles["part"] = part
        free.remove(part)
    numeric = [place for place in free if columns[place].numeric]
    if len(free) > 1 and (label := _label(columns, free, numeric)) is not None:
        roles["label"] = label
        numeric = [place for place in numeric if place != label]
    inputs = _inputs(columns, numeric)
    return {**dict(zip(("x1", "x2"), inputs, strict=False)), **roles}


def _is_index(column: Column, place: int, columns: Sequence[Column]) -> bool:
    """Whether a column only numbers or names the rows."""
    if len(columns) < 3:
        return False
    if column.named:
        return column.name.lower() in INDEX_NAMES
    others_named = any(other.named for other in columns)
    return place == 0 and (others_named or (len(columns) > 3 and column.counts_rows and len(column.numbers) > 2))


def _is_part(column: Column) -> bool:
    return bool(column.words) and column.words.keys() <= PARTS.keys() and column.name.lower() in PART_NAMES


def _label(columns: Sequence[Column], free: Sequence[int], numeric: Sequence[int]) -> int | None:
    names = {place: columns[place].name.lower() for place in free if columns[place].named}
    called = [place for place, name in names.items() if name in LABELS]
    if called := [place for place in called if _can_label(columns[place])] or called:
        return called[0]
    words = [place for place in free if place not in numeric and _can_label(columns[place])]
    if words:
        return words[-1]
    if len(numeric) < 2:
        return None
    first, last = columns[free[0]], columns[free[-1]]
    if not first.named and len(numeric) > 2 and _few(first) and last.fractional and not first.fractional:
        return free[0]
    return numeric[-1]


def _can_label(column: Column) -> bool:
    return column.numeric or 1 < len(column.words) <= max(MOST_CLASSES, len(column.numbers) // 4)


def _few(column: Column) -> bool:
    """Whether its values recur, as those of classes do."""
    return len(column.words) <= min(MOST_CLASSES, len(column.numbers) - 1)


def _inputs(columns: Sequence[Column], numeric: Sequence[int]) -> list[int]:
    """Two columns by their names, or the first two that vary."""
    names = {columns[place].name.lower(): place for place in reversed(numeric)}
    first = next((names[name] for name in names if name in FIRST), None)
    second = next((names[name] for name in names if name in SECOND), None)
    if first is not None and second is not None:
        return [first, second]
    varied = [place for place in numeric if len(set(columns[place].values)) > 1]
    return (varied if len(varied) > 1 else list(numeric))[:2]


def chosen(text: str, columns: Sequence[Column]) -> Roles:
    """The roles that a person gave: x1=height,x2=weight,label=sex; a column by its name or its number from 1."""
    roles: Roles = {}
    names = {column.name: place for place, column in enumerate(columns)}
    for given, wanted in CHOICE.findall(text):
        role = SYNONYMS.get(given, given)
        if role not in ROLES:
            raise InputError(Problem("columns", f"one of {', '.join(ROLES)} before =", with_suggestion(given, ROLES)))
        if wanted in names:
            roles[role] = names[wanted]
        elif wanted.isdecimal() and 0 < int(wanted) <= len(columns):
            roles[role] = int(wanted) - 1
        else:
            expected = f"one of the columns {', '.join(map(repr, names))}, or a number up to {len(columns)}"
            raise InputError(Problem(f"columns.{role}", expected, with_suggestion(wanted, names)))
    if "x1" not in roles:
        raise InputError(Problem("columns", "a column for x1, as x1=height,x2=weight,label=sex", shown(text)))
    return roles
