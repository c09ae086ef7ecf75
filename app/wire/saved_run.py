"""The file format of a saved run."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.wire.history import COLUMNS, ROWS, LossHistory

FORMAT: Literal["neural-playground"] = "neural-playground"


def _whole(row: list[float | None]) -> list[float | None]:
    """A row in which nothing is left open but what may be: the validation and what follows it."""
    if None in row[:SHORTEST]:
        raise ValueError(f"{SHORTEST} numbers")
    return row


Loss = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SHORTEST = 5
"""Columns of a history without validation and learning rate, as files had it before there were any."""
Losses = Annotated[
    list[Loss | None], Field(min_length=SHORTEST, max_length=COLUMNS, fail_fast=True), AfterValidator(_whole)
]

LossRows = Annotated[list[Losses], Field(max_length=ROWS + 1, fail_fast=True)]
"""Rows of epoch, training loss, test loss, lowest and highest loss of a batch, validation loss, learning rate."""


def _finite(fields: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(fields, allow_nan=False)
    except ValueError:
        raise ValueError("finite numbers") from None
    return fields


Fields = Annotated[dict[str, Any], Field(max_length=64), AfterValidator(_finite)]
"""Fields of a configuration, checked when they are put into one."""


def rows_of(history: LossHistory, after: float) -> list[list[float | None]]:
    """The rows after an epoch, as a file has them."""
    return [[None if math.isnan(cell) else cell for cell in row] for row in history.since(after).tolist()]


class SavedRun(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_serialization_defaults_required=True)

    format: Literal["neural-playground"]
    version: Literal[1]
    config: Fields
    state: str
    """As `engine.state` writes it."""
    history: LossRows = []
