"""Reading a person's own points: CSV or JSON in, the `points` of a configuration out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.http.body_limit import whole_body
from app.http.problem_json import RefusedError, refusals
from engine.data.point_records import PointsError
from engine.data.points import encode
from engine.data.points import read_points as read_text
from engine.problems import Problem

MAX_BYTES = 1_000_000
EXAMPLES = {
    "text/csv": "x,y,label\n1.5,-2,1\n-3,0.25,-1\n",
    "application/json": [[1.5, -2, 1], {"x": -3, "y": 0.25, "label": -1}],
    "text/plain": "1;-2;cat\n-3;3;dog\n",
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The points in UTF-8, whatever the content type says: CSV (x, y, label a line; a header may "
        "name them in another order) or JSON (a list of lists or objects).",
        "content": {
            kind: {"schema": {} if kind == "application/json" else {"type": "string"}, "example": example}
            for kind, example in EXAMPLES.items()
        },
    }
}
ANSWER: JsonDict = {
    "points": "sNQTywdjwTywsNQicQ",
    "count": 2,
    "scale": {"x1": {"factor": 2.5, "offset": 2.5}, "x2": {"factor": 2, "offset": -1}},
    "notes": ["The label 'cat' was taken as -1 and 'dog' as 1."],
}

router = APIRouter(prefix="/api/v1", tags=["points"])


class Axis(BaseModel):
    """How an axis was rescaled: ours = factor * theirs + offset."""

    factor: float
    offset: float


class OwnPoints(BaseModel):
    """Points that were read."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [ANSWER]})

    points: str
    """The points as a configuration's `points` has them."""
    count: int
    """How many there are."""
    scale: dict[str, Axis] | None
    """How x1, x2 and, where it had to be, label were rescaled; null where that was not asked for."""
    notes: list[str]
    """What else to know, in sentences."""


@router.post(
    "/points",
    openapi_extra=BODY,
    responses=refusals(
        {
            400: "The body is no UTF-8 text.",
            413: f"The body has more than {MAX_BYTES:,} bytes.",
            422: "The text has no points, or bad ones; each problem by its line or the number of its point.",
        }
    ),
)
async def read_points(
    request: Request,
    problem: Annotated[
        Literal["classification", "multiclass", "regression"],
        Query(description="Whether labels are two classes, up to six, or numbers."),
    ] = "classification",
    rescale: Annotated[
        bool, Query(description="Whether values of any size are mapped into the plotted plane, -5 to 5 on each axis.")
    ] = False,
) -> OwnPoints:
    """Read points of one's own for the data sets `own`, `class-own` and `reg-own`."""
    body = await whole_body(request, MAX_BYTES)
    return await run_in_threadpool(_read, body, problem, rescale)


def _read(body: bytes, problem: str, rescale: bool) -> OwnPoints:
    try:
        points, scale, notes = read_text(body.decode(), problem, rescale)
    except UnicodeDecodeError as error:
        byte = f"the byte {body[error.start]:#04x} at place {error.start}"
        raise RefusedError(400, Problem("body", "text in UTF-8", byte)) from None
    except PointsError as error:
        raise RefusedError(422, *error.problems, detail=str(error)) from None
    axes = {name: Axis(**axis._asdict()) for name, axis in scale.items()} if scale else None
    return OwnPoints(points=encode(points), count=len(points), scale=axes, notes=notes)
