"""Reading a person's own points: a file of any table in, a preview and the `points` of a configuration out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from app.http.body_limit import whole_body
from app.http.problem_json import RefusedError, refusals
from app.schemas.points_view import OwnPoints, preview_of
from app.tabular.formats import MAX_BYTES
from app.tabular.reading import read
from app.tabular.table import TableError
from engine.data.points import MAX_CLASSES, MAX_POINTS
from engine.errors import InputError

EXAMPLES = {
    "text/csv": "height,weight,sex\n180,80,m\n160,60,f\n",
    "application/json": [[1.5, -2, 1], [-3, 0.25, -1]],
    "text/plain": "1;-2;cat\n-3;3;dog\n",
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file, whatever the content type says: delimited text (comma, semicolon, tab, pipe, spaces; "
        "decimal points or commas), JSON in the shapes of pandas, ARFF, libsvm, GeoJSON, .xlsx, .xls, .ods, .npy, "
        ".npz, .mat.",
        "content": {
            **{
                kind: {"schema": {} if kind == "application/json" else {"type": "string"}, "example": example}
                for kind, example in EXAMPLES.items()
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
router = APIRouter(prefix="/api/v1", tags=["points"])


@router.post(
    "/points",
    openapi_extra=BODY,
    responses=refusals(
        {
            400: "The body did not arrive completely.",
            413: f"The body has more than {MAX_BYTES:,} bytes.",
            422: "The file holds no table, or none with a column of numbers and one of labels.",
        }
    ),
)
async def read_points(
    request: Request,
    columns: Annotated[
        str,
        Query(
            description="Which column is what, by name or by number from 1: `x1=height,x2=weight,label=sex`. "
            "Guessed where it is left out.",
            max_length=1_000,
        ),
    ] = "",
    problem: Annotated[
        Literal["classification", "multiclass", "regression"] | None,
        Query(description=f"Two classes, up to {MAX_CLASSES}, or numbers; guessed where it is left out."),
    ] = None,
    seed: Annotated[
        str, Query(description=f"By which rows are drawn where there are more than {MAX_POINTS:,}.", max_length=100)
    ] = "",
) -> OwnPoints:
    """Read your own points for the data sets `own`, `class-own` and `reg-own`."""
    body = await whole_body(request, MAX_BYTES)
    return await run_in_threadpool(_read, body, columns, problem or "", seed)


def _read(body: bytes, columns: str, problem: str, seed: str) -> OwnPoints:
    try:
        reading = read(body, columns=columns, problem=problem, seed=seed)
    except TableError as error:
        raise RefusedError(422, error.problem) from None
    except InputError as error:
        raise RefusedError(422, *error.problems) from None
    return preview_of(reading)
