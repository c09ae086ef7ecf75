"""A run as a file, to be opened again at the very state that it was saved in."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from app.history import ROWS

FORMAT: Literal["neural-playground"] = "neural-playground"
Loss = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Losses = Annotated[
    tuple[Loss, Loss, Loss, Loss, Loss],
    WithJsonSchema({"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 5, "maxItems": 5}),
]


def _finite(fields: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(fields, allow_nan=False)
    except ValueError:
        raise ValueError("finite numbers") from None
    return fields


Fields = Annotated[dict[str, Any], Field(max_length=64), AfterValidator(_finite)]
"""Fields of a configuration, checked when they are put into one."""


class SavedRun(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal["neural-playground"]
    version: Literal[1]
    config: Fields
    state: str
    """As `engine.state` writes it."""
    history: Annotated[list[Losses], Field(max_length=ROWS + 1)] = []
    """Rows of epoch, training loss, test loss, lowest and highest loss of a batch."""
