"""JSON in the shapes that pandas and people write: records, columns, split, index, pairs, X and y, lines, GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.tabular.delimited import shaped
from app.tabular.table import Table, TableError
from engine.errors import Problem, shown

Json = Any
CONSTANTS = {True: "true", False: "false", None: ""}


def read_json(text: str) -> Table:
    """The table that a JSON text holds; TableError where it is no JSON or no table."""
    try:
        return _table(_parsed(text))
    except RecursionError:
        raise TableError(Problem("file", "a list of rows", "lists within lists within lists")) from None


def _parsed(text: str) -> Json:
    """The value of a text, or the list of those of its lines. Numbers stay as they are written."""
    try:
        return _loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            if len(lines) > 1:
                return [_loads(line) for line in lines]
        except json.JSONDecodeError:
            pass
        got = shown(text[error.pos : error.pos + 20]) if error.pos < len(text) else "the end"
        raise TableError(Problem(f"line {error.lineno}, column {error.colno}", "JSON", got)) from None


def _loads(text: str) -> Json:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _table(value: Json) -> Table:
    if isinstance(value, list):
        return _of_list(value)
    if isinstance(value, dict):
        for read in SHAPES:
            if (table := read(value)) is not None:
                return table
    raise TableError(Problem("file", "a list of rows, or an object of columns", shown(value)))


def _of_list(items: Sequence[Json]) -> Table:
    if items and all(isinstance(item, dict) for item in items):
        return _of_records(items)
    return shaped([[*_flat(item)] for item in items])


def _of_records(items: Sequence[Mapping[str, Json]]) -> Table:
    """Rows by name; one that lacks a name has nothing there. A list in a row takes as many columns as it is long."""
    spread = [dict(_named_cells(item)) for item in items]
    names = list(dict.fromkeys(name for item in spread for name in item))
    return _named(names, [[item.get(name, "") for name in names] for item in spread])


def _named_cells(item: Mapping[str, Json]) -> list[tuple[str, str]]:
    cells = list[tuple[str, str]]()
    for name, value in item.items():
        inner = [*_flat(value)]
        places = [name] if len(inner) == 1 else [f"{name}{place}" for place in range(1, len(inner) + 1)]
        cells += zip(places, inner, strict=True)
    return cells


def _flat(value: Json) -> list[str]:
    if isinstance(value, list):
        return [cell for item in value for cell in _flat(item)]
    if isinstance(value, dict):
        return [cell for item in value.values() for cell in _flat(item)]
    return [_valid(value) if isinstance(value, str) else CONSTANTS[value]]


def _valid(text: str) -> str:
    """Text that can be written again: an escape may say half of a character."""
    return text.encode(errors="replace").decode()


def _named(names: Sequence[str], rows: Sequence[list[str]]) -> Table:
    return shaped([[*map(_valid, names)], *rows], headed_already=True)


# --- shapes of an object --------------------------------------------------------------------------------------------


def _geojson(value: Mapping[str, Json]) -> Table | None:
    features = value.get("features")
    if value.get("type") != "FeatureCollection" or not isinstance(features, list):
        return None
    points = [feature for feature in features if isinstance(feature, dict) and _place(feature)]
    if not points:
        raise TableError(Problem("features", "points", "other geometries alone"))
    return _of_records(
        [dict(zip(("x", "y"), _place(one), strict=False)) | (one.get("properties") or {}) for one in points]
    )


def _place(feature: Mapping[str, Json]) -> list[Json]:
    geometry = feature.get("geometry") or {}
    return geometry["coordinates"][:2] if geometry.get("type") == "Point" else []


def _split(value: Mapping[str, Json]) -> Table | None:
    """pandas' split: the names of the columns beside the rows."""
    names, rows = value.get("columns"), value.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return None
    return _named([*map(str, names)], [_flat(row) for row in rows])


def _inputs_and_labels(value: Mapping[str, Json]) -> Table | None:
    """Rows of inputs beside a list of labels, as scikit-learn's sets have them."""
    for inputs, label in (("X", "y"), ("x", "y"), ("data", "target"), ("inputs", "labels"), ("points", "labels")):
        rows: Json = value.get(inputs)
        labels: Json = value.get(label)
        if not (_lists(rows) and isinstance(labels, list) and len(rows) == len(labels)):
            continue
        inner = [_flat(row) for row in rows]
        given = value.get("feature_names")
        names = given if isinstance(given, list) else [f"x{place}" for place in range(1, len(inner[0]) + 1)]
        return _named([*names, "label"], [[*row, *_flat(one)] for row, one in zip(inner, labels, strict=True)])
    return None


def _columns(value: Mapping[str, Json]) -> Table | None:
    """A list of cells for each column."""
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list) and not _lists(cells)}
    if len(lists) < 2 or len(set(map(len, lists.values()))) != 1:
        return None
    return _named(list(lists), [[*map(_cell, row)] for row in zip(*lists.values(), strict=True)])


def _indexed(value: Mapping[str, Json]) -> Table | None:
    """pandas' columns (an object for each column) or index (an object for each row)."""
    inner = list(value.values())
    if not inner or not all(isinstance(one, dict) and one for one in inner):
        return None
    if all(name.isdecimal() for name in value) and not all(name.isdecimal() for name in inner[0]):
        return _of_records(inner)
    places = list(dict.fromkeys(place for one in inner for place in one))
    return _named(list(value), [[_cell(one.get(place)) for one in inner] for place in places])


def _within(value: Mapping[str, Json]) -> Table | None:
    """A single list of rows under some name."""
    lists = [inner for inner in value.values() if isinstance(inner, list) and inner]
    return _of_list(lists[0]) if len(lists) == 1 else None


SHAPES: tuple[Callable[[Mapping[str, Json]], Table | None], ...] = (
    _geojson,
    _split,
    _inputs_and_labels,
    _columns,
    _indexed,
    _within,
)


def _lists(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, (list, dict)) for one in value)


def _cell(value: Json) -> str:
    return " ".join(_flat(value))
