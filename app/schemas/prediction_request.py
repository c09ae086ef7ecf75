"""The points or images that a network is to predict."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator

from app.schemas.run_request import Request
from engine.images.image_sets import MAX_PIXELS

MAX_POINTS = 10_000
Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Place = Annotated[
    tuple[Coordinate, Coordinate],
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
MAX_IMAGES = 100
Image = Annotated[list[Annotated[float, Field(strict=True, ge=0, le=1)]], Field(min_length=1, max_length=MAX_PIXELS)]


def _one_of_two(schema: dict[str, Any]) -> None:
    """One property, and no null: what the validator below says."""
    for name, described in schema["properties"].items():
        given, _null = described.pop("anyOf")
        schema["properties"][name] = {**given, **{key: value for key, value in described.items() if key != "default"}}
    schema |= {"minProperties": 1, "maxProperties": 1, "examples": [{"points": [[0.5, -1], [2, 3]]}]}


class Points(Request):
    """Places of the plane, or images, for a network that takes these."""

    model_config = ConfigDict(json_schema_extra=_one_of_two)

    points: Annotated[list[Place], Field(min_length=1, max_length=MAX_POINTS, fail_fast=True)] | None = None
    images: Annotated[list[Image], Field(min_length=1, max_length=MAX_IMAGES, fail_fast=True)] | None = None
    """Images as rows of pixels from 0 to 1, in place of points."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Points:
        if len(self.model_fields_set) != 1 or (self.points is None and self.images is None):
            raise ValueError("either points or images")
        return self
