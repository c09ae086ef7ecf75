"""What several routes of the scripted runs need: the runner, a run that is there, results worked out beside."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from app.problem_json import RefusedError, Responses
from app.runner import Runner
from app.store import Row
from engine.problems import Problem, shown

BUSY = 5
"""Seconds after which to try again."""
Id = Annotated[str, Path(description="The id of a run or sweep.", pattern="^[0-9a-f]{16}$")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        description="Any text of your own. The same request with the same key is accepted once, for a week.",
    ),
]
NOT_FOUND = {404: "There is no such run."}
ACCEPTED: Responses = {
    202: {"headers": {"Location": {"description": "Where to see how it goes.", "schema": {"type": "string"}}}}
}
"""What an accepted run or sweep is answered with, for the OpenAPI document."""
ACCEPTING = {
    422: "The request cannot be met, or its Idempotency-Key came before with another body.",
    429: "Too many runs wait already; Retry-After says when to try again.",
    503: "The run store cannot be written.",
}


def runner_of(request: Request) -> Runner:
    """The application's runner."""
    runner: Runner = request.app.state.runner
    return runner


def _most_of(request: Request) -> int:
    return int(request.app.state.settings.max_runs)


TheRunner = Annotated[Runner, Depends(runner_of)]
MostRuns = Annotated[int, Depends(_most_of)]


async def known_run(id: Id, runner: TheRunner) -> Row:
    """The run of the address; RefusedError where there is none."""
    row = await runner.call(runner.store.run, id)
    if row is None:
        raise RefusedError(404, detail=f"There is no run {shown(id)}.")
    return row


TheRun = Annotated[Row, Depends(known_run)]


def digest_of(request: Request, body: Any) -> str:
    """What tells one request from another: its path and what its body says."""
    return hashlib.sha256(f"{request.url.path}\n{body.model_dump_json()}".encode()).hexdigest()


async def admit(runner: Runner, most: int, more: int) -> None:
    """RefusedError where so many more runs would be too many waiting ones."""
    waiting = await runner.call(runner.store.waiting)
    if waiting + more > most:
        raise RefusedError(
            429,
            Problem("runs", f"at most {most:,} that have not ended", f"{waiting:,} and {more:,} more"),
            headers={"Retry-After": str(BUSY)},
        )


def tagged(request: Request, response: Response, tag: str) -> None:
    """Set the ETag of what is told; ends with 304 where the asker has that already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    given = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in given or "*" in given:
        raise RefusedError(304, headers=headers)
    response.headers.update(headers)


async def worked_out(runner: Runner, name: str, **question: Any) -> bytes:
    """A result by its name; RefusedError where the question was a bad one."""
    try:
        return await runner.work_out(name, json.dumps(question))
    except ValueError as error:
        if ": expected " in str(error):
            raise RefusedError(422, Problem.of(error)) from None
        raise RefusedError(422, detail=str(error)) from None
