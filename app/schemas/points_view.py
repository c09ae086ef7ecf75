"""What a file of points was taken for, as the HTTP API and the command line give it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.tabular.columns import Column
from app.tabular.reading import Reading
from app.tabular.roles import Role
from engine.data.points import encode

ANSWER: JsonDict = {
    "format": "delimited text",
    "columns": [
        {"name": "height", "role": "x1", "numeric": True},
        {"name": "weight", "role": "x2", "numeric": True},
        {"name": "sex", "role": "label", "numeric": False},
    ],
    "head": [["180", "80", "m"], ["160", "60", "f"]],
    "problem": "classification",
    "classes": ["f", "m"],
    "points": "sNQsNQicQTywTywdjw",
    "count": 2,
    "scale": {"x1": {"factor": 0.5, "offset": -85}, "x2": {"factor": 0.5, "offset": -35}},
    "notes": [],
}


class Axis(BaseModel):
    """How an axis was rescaled: ours = factor * theirs + offset."""

    factor: float
    offset: float


class TableColumn(BaseModel):
    """A column of the file."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    """Its heading, or `column 3` if it has none."""
    role: Role | None
    """Its role; null if it is left out."""
    numeric: bool
    """Whether it holds numbers."""


class OwnPoints(BaseModel):
    """How a file was read."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [ANSWER]})

    format: str
    """The format that it was read as."""
    columns: list[TableColumn]
    """All its columns, in order."""
    head: list[list[str]]
    """Its first rows, as they are written."""
    problem: Literal["classification", "multiclass", "regression"]
    """The requested problem, or the one that the labels suggest."""
    classes: list[str]
    """The names of the classes in the order of their labels: two are -1 and 1, many are counted from 0."""
    points: str
    """The points as a configuration's `points` has them."""
    count: int
    """How many there are."""
    scale: dict[str, Axis]
    """How x1, x2 and label were rescaled, if they exceeded the plotted plane or left it nearly empty."""
    notes: list[str]
    """What was left out or changed, in sentences."""


def preview_of(reading: Reading) -> OwnPoints:
    """A reading as the API gives it."""
    roles = {place: role for role, place in reading.roles.items()}
    return OwnPoints(
        format=reading.format,
        columns=[_column(column, roles.get(place)) for place, column in enumerate(reading.columns)],
        head=[list(row) for row in reading.head],
        problem=reading.problem,  # type: ignore[arg-type]
        classes=list(reading.classes),
        points=encode(reading.points),
        count=len(reading.points),
        scale={name: Axis(**axis._asdict()) for name, axis in reading.scale.items()},
        notes=list(reading.notes),
    )


def _column(column: Column, role: Role | None) -> TableColumn:
    return TableColumn(name=column.name, role=role, numeric=column.numeric)
