"""Sweeps over HTTP: many runs from one base, started, watched and ended together."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zlib import crc32

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.api.dependencies import (
    Cursor,
    Id,
    Key,
    MostRuns,
    Omitted,
    TheRunner,
    accepting,
    digest_of,
    number_before,
    set_etag,
    whole_id,
)
from app.api.filters import Text, labelled
from app.api.responses import ACCEPTED, ACCEPTING, BODY, NOT_CHANGED, SEVERAL, STORED
from app.api.row_views import cursor_of, sweep_view
from app.exports.files import parquet
from app.http.problem_json import RefusedError, refusals
from app.runs.runner import Runner
from app.schemas import examples
from app.schemas.labels import LabelChange, labels_of
from app.schemas.run_request import Tag
from app.schemas.run_view import LABELS
from app.schemas.sweep_request import SweepRequest
from app.schemas.sweep_view import SweepEntry, Sweeps, SweepView
from app.search.extension import Extension, further
from app.search.optuna_study import check_installed
from app.search.results import FORMATS, OUTCOME, columns, table
from app.store.rows import Labels, Row
from app.store.step import Ended
from engine.errors import Problem, shown

NOT_FOUND = {404: "There is no such sweep.", 422: "This is not an id of a sweep."} | SEVERAL | STORED
REQUEST_EXAMPLES = {
    "grid": {
        "value": {
            "link": "dataset=spiral&seed=0.5",
            "epochs": 200,
            "grid": {"learningRate": [0.01, 0.03, 0.1], "networkShape": [[2], [4], [4, 2]]},
            "seeds": 5,
        }
    },
    "random": {
        "value": {
            "config": {"dataset": "xor"},
            "random": {
                "samples": 20,
                "keys": {"learningRate": {"low": 0.001, "high": 1, "log": True}, "activation": ["tanh", "relu"]},
            },
        }
    },
    "tpe": {
        "value": {
            "config": {"dataset": "xor", "percValidationData": 20},
            "search": {
                "kind": "tpe",
                "samples": 40,
                "keys": {"learningRate": {"low": 0.001, "high": 1, "log": True}, "networkShape": [[2], [4], [4, 2]]},
            },
            "prune": {"kind": "median"},
        }
    },
}

EXTENSION_EXAMPLES = {"samples": {"value": {"samples": 20}}, "grid": {"value": {"grid": {"learningRate": [0.3, 1]}}}}

router = APIRouter(prefix="/api/v1/sweeps", tags=["sweeps"])


def _most_of(request: Request) -> int:
    return int(request.app.state.settings.max_sweep)


async def requested_sweep(id: Id, runner: TheRunner) -> Row:
    """The sweep of the address; RefusedError where there is none."""
    row = await runner.call(runner.store.sweep, await whole_id(runner, "sweep", id))
    if row is None:
        raise RefusedError(404, detail=f"There is no sweep {shown(id)}.")
    return row


TheSweep = Annotated[Row, Depends(requested_sweep)]


async def view_of(runner: Runner, sweep: Row, members: list[Row] | None = None) -> SweepView:
    """What the API answers of a sweep."""
    if members is None:
        members = await runner.call(runner.store.members, sweep["id"])
    return sweep_view(sweep, members, SweepRequest.model_validate(sweep["request"]))


@router.post(
    "",
    status_code=202,
    responses=ACCEPTED | refusals(ACCEPTING),
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": REQUEST_EXAMPLES}}}},
)
async def start_sweep(
    body: SweepRequest,
    request: Request,
    response: Response,
    runner: TheRunner,
    most_runs: MostRuns,
    most: Annotated[int, Depends(_most_of)],
    key: Key = None,
) -> SweepView:
    """Accept a sweep with all its runs, or none of them."""
    kept = body.model_dump(mode="json", exclude_defaults=True, exclude={*LABELS})
    with accepting(key):
        check_installed(body)
        body.check_link()
        members, notes = await run_in_threadpool(body.members, most)
        labels, digest = labels_of(body)._replace(notes=tuple(notes)), digest_of(request, body)
        sweep = await runner.call(runner.store.add_sweep, kept, members, key, digest, most_runs, labels, _of_each(body))
    runner.wake()
    response.headers["Location"] = f"/api/v1/sweeps/{sweep}"
    row = await runner.call(runner.store.sweep, sweep)
    if row is None:
        raise RefusedError(422, Problem("Idempotency-Key", "the key of a sweep that is still kept", key or ""))
    return await view_of(runner, row)


def _of_each(request: SweepRequest) -> Labels:
    """What each run of a sweep keeps: the notes about the link."""
    return Labels(notes=tuple(request.opened[2]))


@router.get("", responses=refusals({422: "A bad limit or cursor.", **STORED}))
async def list_sweeps(
    runner: TheRunner,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
    cursor: Cursor = None,
    tag: Annotated[
        list[Tag], Query(description="Only those with this tag; with all of them if there are several.")
    ] = [],  # noqa: B006
    name: Annotated[Text | Omitted, Query(description="Only those whose name contains this.")] = None,
) -> Sweeps:
    """Sweeps, the newest first."""
    conditions, values = labelled("sweeps", tag, name)
    rows = await runner.call(runner.store.sweeps, number_before(cursor), limit + 1, tuple(conditions), tuple(values))
    entries = [
        SweepEntry(
            id=row["id"], created=row["created"], page=f"/sweeps/{row['id']}", **{name: row[name] for name in LABELS}
        )
        for row in rows[:limit]
    ]
    return Sweeps(sweeps=entries, next=cursor_of(rows[limit - 1]) if len(rows) > limit else None)


@router.get("/{id}", responses=refusals(NOT_FOUND) | NOT_CHANGED)
async def get_sweep(row: TheSweep, request: Request, response: Response, runner: TheRunner) -> SweepView:
    """A sweep and a summary of its runs. Its ETag changes whenever one of them does."""
    members = await runner.call(runner.store.members, row["id"])
    labels = crc32(repr([row[label] for label in LABELS]).encode())
    versions = sum(member["version"] for member in members)
    set_etag(request, response, f"{row['id']}-{len(members)}-{versions}-{labels:x}")
    return await view_of(runner, row, members)


@router.patch("/{id}", responses=refusals({**NOT_FOUND, **BODY, 422: "This is not a name, a tag or a note."}))
async def label_sweep(change: LabelChange, row: TheSweep, runner: TheRunner) -> SweepView:
    """Change a sweep's name, tags or note."""
    await runner.call(runner.store.label, "sweeps", row["id"], change.applied(row))
    return await view_of(runner, await requested_sweep(row["id"], runner))


@router.get(
    "/{id}/results",
    response_model=list[dict[str, Any]],
    responses=refusals({**NOT_FOUND, 422: "A bad format."})
    | {
        200: {
            "content": {
                "application/json": {"example": [examples.RESULTS]},
                "text/csv": {"schema": {"type": "string"}, "example": ",".join(OUTCOME)},
                parquet.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
            }
        }
    },
)
async def get_results(
    row: TheSweep,
    runner: TheRunner,
    format: Annotated[Literal["json", "csv", "parquet"], Query(description="The format.")] = "json",
) -> Response:
    """A table with a row for each run: the values of the keys, then its results."""
    members = await runner.call(runner.store.members, row["id"])
    sweep_request = SweepRequest.model_validate(row["request"])
    write, media_type = FORMATS[format]
    with accepting(None):
        content = await run_in_threadpool(write, columns(sweep_request), table(sweep_request, members))
    return Response(content, media_type=media_type)


@router.post(
    "/{id}/samples",
    status_code=202,
    responses=refusals({**NOT_FOUND, **ACCEPTING, 409: "Somebody else changed the sweep meanwhile."}),
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": EXTENSION_EXAMPLES}}}},
)
async def extend_sweep(
    more: Extension,
    row: TheSweep,
    request: Request,
    runner: TheRunner,
    most_runs: MostRuns,
    most: Annotated[int, Depends(_most_of)],
    key: Key = None,
) -> SweepView:
    """Add runs to a sweep: samples, values of its grid, or seeds. Its present runs stay as they are."""
    sweep_request = SweepRequest.model_validate(row["request"])
    with accepting(key):
        extended = more.extended(sweep_request)
        members = await run_in_threadpool(further, sweep_request, extended, most)
        kept = extended.model_dump(mode="json", exclude_defaults=True)
        digest = digest_of(request, more)
        done = await runner.call(
            runner.store.extend_sweep, row, kept, members, key, digest, most_runs, _of_each(extended)
        )
    if not done:
        raise RefusedError(409, detail="Somebody else changed the sweep meanwhile: look at it, and try again.")
    runner.wake()
    return await view_of(runner, await requested_sweep(row["id"], runner))


@router.post("/{id}/cancel", responses=refusals(NOT_FOUND))
async def cancel_sweep(row: TheSweep, runner: TheRunner) -> SweepView:
    """Cancel all its runs that have not ended."""
    ended = Ended("cancelled", "Its sweep was cancelled.")
    for member in await runner.call(runner.store.finish_sweep, row["id"], ended):
        runner.notify(member)
    return await view_of(runner, row)


@router.post("/{id}/resume", responses=refusals(NOT_FOUND))
async def resume_sweep(row: TheSweep, runner: TheRunner) -> SweepView:
    """Continue its interrupted runs from their last stored states, to the same bits."""
    if await runner.call(runner.store.resume_sweep, row["id"]):
        runner.wake()
    return await view_of(runner, row)


@router.delete("/{id}", status_code=204, responses=refusals({**NOT_FOUND, 409: "It has not ended: cancel it first."}))
async def delete_sweep(row: TheSweep, runner: TheRunner) -> None:
    """Delete a sweep and all its runs."""
    while await runner.call(runner.store.delete_members, row["id"]):
        pass
    if not await runner.call(runner.store.delete_sweep, row["id"]):
        await requested_sweep(row["id"], runner)  # who was faster may have deleted it
        raise RefusedError(409, detail="The sweep has not ended: cancel it first.")
