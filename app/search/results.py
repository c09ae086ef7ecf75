"""A sweep's results as a table: a row for each run, told as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from app.exports.files import parquet
from app.exports.files.parquet import as_parquet
from app.schemas.sweep_request import SweepRequest
from app.search import objective
from app.store.rows import Row
from engine import Measures

OUTCOME = ("id", "status", "epoch", "updates", "seconds", *Measures._fields)
"""How a run came out, behind the values of its keys. What is newer stands behind these, for those who count columns."""
NEWER = ("rank", "name", "tags")
"""`rank` is 1 for the best run, and null for one that has not succeeded."""


def columns(request: SweepRequest) -> list[str]:
    """The names of the columns."""
    return list(dict.fromkeys([*request.keys, "seed", *OUTCOME, *NEWER]))


def table(request: SweepRequest, members: list[Row]) -> list[dict[str, Any]]:
    """A row for each run in the order of their places: the values of the keys, then how it came out."""
    names = columns(request)
    rows = [{**member, **member["place"], **member["progress"], "rank": None} for member in members]
    measure = objective.deciding_measure(request, (member["progress"] for member in members))
    for rank, row in enumerate(objective.ranked(rows, measure), start=1):
        row["rank"] = rank
    return [{name: row.get(name) for name in names} for row in rows]


def as_json(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    """The rows as a list of objects."""
    return json.dumps(rows).encode()


def as_csv(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    """The rows under a line with the names; a list as a link writes it."""
    text = io.StringIO()
    lines = csv.DictWriter(text, names, lineterminator="\n")
    lines.writeheader()
    lines.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    return ",".join(map(str, value)) if isinstance(value, list) else value


FORMATS = {
    "json": (as_json, "application/json"),
    "csv": (as_csv, "text/csv"),
    "parquet": (as_parquet, parquet.MEDIA_TYPE),
}
"""How the table may be written, each with its media type."""
