"""What a row of a run or of a sweep is, and how its columns of JSON are read."""

from __future__ import annotations

import json
import secrets
import sqlite3
from typing import Any, NamedTuple

from app.store.step import FINAL

ENDED = f"status IN {FINAL}"
COLUMNS = (
    "runs.number, runs.id, status, spec, place, runs.created, started, finished, version, progress, reason, "
    "runs.name, runs.tags, runs.note, runs.notes, owner"
)
"""Of a run, but for its state, which may be long."""
RUN_JSON, SWEEP_JSON = ("spec", "place", "progress", "tags", "notes"), ("request", "tags", "notes")

Row = dict[str, Any]
Place = dict[str, Any]


class Labels(NamedTuple):
    """The labels of a run or a sweep, and the notes on its link."""

    name: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    """A person's."""
    notes: tuple[str, ...] = ()
    """Sentences about the link."""

    @property
    def values(self) -> tuple[str, str, str, str]:
        """As they are kept, in the order of the fields."""
        return self.name, json.dumps(self.tags), self.note, json.dumps(self.notes)


NO_LABELS = Labels()
LABELS = ", ".join(Labels._fields)


def read_row(row: sqlite3.Row, *columns: str) -> Row:
    """A row as it is, but for some columns of JSON, which are read."""
    found = dict(row)
    return found | {name: json.loads(found[name]) for name in columns}


def new_id() -> str:
    """An id for a run or a sweep."""
    return secrets.token_hex(8)
