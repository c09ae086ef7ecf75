"""Scripted runs over HTTP: start, list, watch, cancel, resume, delete."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from app.api.dependencies import (
    Key,
    MostRuns,
    Omitted,
    TheRun,
    TheRunner,
    accepting,
    digest_of,
    requested_run,
    set_etag,
)
from app.api.filters import Filters, filters
from app.api.responses import ACCEPTED, ACCEPTING, BODY, NOT_CHANGED, NOT_FOUND, STORED
from app.api.row_views import entry, run_view
from app.exports.files import parquet
from app.exports.files.parquet import as_parquet
from app.http.patterns import Pattern
from app.http.problem_json import RefusedError, refusals
from app.runs.runner import Runner
from app.schemas import examples
from app.schemas.labels import LabelChange, labels_of
from app.schemas.run_request import MAX_ROWS, RunRequest
from app.schemas.run_view import History, Runs, RunView
from app.store.rows import Row
from app.store.step import COLUMNS, FINAL, Ended
from engine.errors import Problem

KEEP_ALIVE_SECONDS = 15
AT_ONCE = 500
"""Events that are sent in one piece."""
END = "end"
EventId = Annotated[str, Pattern(f"^([0-9]{{1,15}}|{END})$", f"the id of an event: an epoch, or {END}")]
EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["epoch", END]},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "id", "data"],
}
REQUEST_EXAMPLES = {
    "link": {"value": {"link": "dataset=spiral&seed=0.5", "epochs": 500, "stop": {"test_loss": 0.05}}},
    "config": {"value": {"config": {"dataset": "xor", "networkShape": [4, 2]}, "epochs": 100}},
}

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])


async def view_of(runner: Runner, row: Row) -> RunView:
    """What the API answers of a run."""
    return run_view(row, await runner.call(runner.store.snapshots, row["id"]))


async def reloaded(runner: Runner, run: str) -> RunView:
    """A run as it is now; RefusedError where it has been deleted meanwhile."""
    return await view_of(runner, await requested_run(run, runner))


@router.post(
    "",
    status_code=202,
    responses=ACCEPTED | refusals(ACCEPTING),
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": REQUEST_EXAMPLES}}}},
)
async def start_run(
    body: RunRequest, request: Request, response: Response, runner: TheRunner, most: MostRuns, key: Key = None
) -> RunView:
    """Accept a run. It is stored before the answer is sent, and trained when its turn comes."""
    config, _, notes = body.opened
    with accepting(key):
        body.check_link()
        spec, begin = body.spec(config), await run_in_threadpool(body.begin)
        labels = labels_of(body)._replace(notes=tuple(notes))
        run = await runner.call(runner.store.add_run, spec, key, digest_of(request, body), most, *begin, labels)
    runner.wake()
    response.headers["Location"] = f"/api/v1/runs/{run}"
    row = await runner.call(runner.store.run, run)
    if row is None:
        raise RefusedError(422, Problem("Idempotency-Key", "the key of a run that is still kept", key or ""))
    return await view_of(runner, row)


@router.get("", responses=refusals({422: "A bad filter, limit or cursor.", **STORED}))
async def list_runs(
    runner: TheRunner,
    wanted: Annotated[Filters, Depends(filters)],
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
) -> Runs:
    """Runs, the newest first, or sorted by any measure."""
    order = wanted.order
    rows = await runner.call(runner.store.found_runs, wanted.conditions, wanted.values, order.sql, limit + 1)
    shown = [await view_of(runner, row) for row in rows[:limit]]
    return Runs(runs=shown, next=order.cursor(rows[limit - 1]) if len(rows) > limit else None)


@router.get("/{id}", responses=refusals(NOT_FOUND) | NOT_CHANGED)
async def get_run(row: TheRun, request: Request, response: Response, runner: TheRunner) -> RunView:
    """A run: its progress, its measures, and why it ended. Its ETag changes whenever the run does."""
    set_etag(request, response, f"{row['id']}-{row['version']}")
    return await view_of(runner, row)


@router.patch("/{id}", responses=refusals({**NOT_FOUND, **BODY, 422: "This is not a name, a tag or a note."}))
async def label_run(change: LabelChange, row: TheRun, runner: TheRunner) -> RunView:
    """Change a run's name, tags or note."""
    await runner.call(runner.store.label, "runs", row["id"], change.applied(row))
    runner.notify(row["id"])
    return await reloaded(runner, row["id"])


@router.post("/{id}/cancel", responses=refusals({**NOT_FOUND, 409: "It has ended already."}))
async def cancel_run(row: TheRun, runner: TheRunner) -> RunView:
    """Cancel a run; its results so far are kept."""
    if not await runner.finish(row["id"], Ended("cancelled", "It was cancelled.")):
        now = await reloaded(runner, row["id"])
        raise RefusedError(409, detail=f"The run has ended already: it is {now.status}.")
    return await reloaded(runner, row["id"])


@router.post("/{id}/resume", responses=refusals({**NOT_FOUND, 409: "It was not interrupted."}))
async def resume_run(row: TheRun, runner: TheRunner) -> RunView:
    """Continue an interrupted run from its last stored state, to the same bits."""
    if not await runner.call(runner.store.resume, row["id"]):
        now = await reloaded(runner, row["id"])
        raise RefusedError(409, detail=f"The run was not interrupted: it is {now.status}.")
    runner.wake()
    return await reloaded(runner, row["id"])


@router.delete("/{id}", status_code=204, responses=refusals({**NOT_FOUND, 409: "It has not ended: cancel it first."}))
async def delete_run(row: TheRun, runner: TheRunner) -> None:
    """Delete a run that has ended."""
    if not await runner.call(runner.store.delete_run, row["id"]):
        await reloaded(runner, row["id"])
        raise RefusedError(409, detail="The run has not ended: cancel it first.")


@router.get(
    "/{id}/history",
    response_model=History,
    responses=refusals({**NOT_FOUND, 422: "A bad number or format."})
    | {
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": ",".join(COLUMNS)},
                parquet.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
            }
        }
    },
)
async def get_history(
    row: TheRun,
    runner: TheRunner,
    after: Annotated[int, Query(ge=-1, le=2**53, description="Only epochs beyond this one.")] = -1,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS, description="How many rows at most.")] = MAX_ROWS,
    format: Annotated[Literal["json", "csv", "parquet"], Query(description="The format.")] = "json",
) -> Response:
    """The recorded losses and scores."""
    rows = await runner.call(runner.store.history, row["id"], after, limit)
    if format == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
        return Response(text.getvalue(), media_type="text/csv")
    # Without models, which would hold up the live pages where there are many rows.
    entries = [dict(zip(COLUMNS, one, strict=True)) for one in rows]
    if format == "parquet":
        with accepting(None):
            content = await run_in_threadpool(as_parquet, list(COLUMNS), entries)
        return Response(content, media_type=parquet.MEDIA_TYPE)
    return Response(json.dumps({"history": entries}), media_type="application/json")


@router.get(
    "/{id}/events",
    response_class=StreamingResponse,
    responses=refusals({**NOT_FOUND, 422: "A bad Last-Event-ID."})
    | {
        200: {
            "description": "Server-sent events: `epoch` for each recorded epoch, its number as id and its losses as "
            "data; at last `end` with the run.",
            "content": {"text/event-stream": {"schema": EVENT, "example": examples.EVENT}},
        },
        204: {"description": "The `end` of this run was sent already."},
    },
)
async def watch_run(
    row: TheRun,
    runner: TheRunner,
    last: Annotated[EventId | Omitted, Header(alias="Last-Event-ID", description="Continue after this event.")] = None,
) -> Response:
    """Watch a run: first what was recorded so far, then every new epoch, without a gap."""
    if last == END and row["status"] in FINAL:
        return Response(status_code=204)
    after = -1 if last in (None, END) else int(last)  # all again where it was resumed since
    return StreamingResponse(_events(runner, row["id"], after), media_type="text/event-stream")


async def _events(runner: Runner, run: str, after: int) -> AsyncIterator[str]:
    async with aclosing(runner.changes(run, KEEP_ALIVE_SECONDS)) as changes:
        async for changed in changes:
            if not changed:
                yield ": still there\n\n"
                continue
            row = await runner.call(runner.store.run, run)  # before the losses: what it ended with is among them
            while rows := await runner.call(runner.store.history, run, after, AT_ONCE):
                after = rows[-1][0]
                yield "".join(_event("epoch", str(one[0]), entry(one).model_dump_json()) for one in rows)
            if row is None:
                return
            if row["status"] in FINAL:
                yield _event(END, END, (await view_of(runner, row)).model_dump_json())
                return


def _event(name: str, id: str, data: str) -> str:
    return f"event: {name}\nid: {id}\ndata: {data}\n\n"
