"""Dependencies of several routes: the runner, an existing run, results computed in another process."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.http.patterns import Pattern
from app.http.problem_json import RefusedError
from app.runs.runner import Runner, WorkerDiedError
from app.schemas.run_view import BEFORE, CURSOR
from app.store.database import StoreError
from app.store.errors import FullError, KeyReusedError
from app.store.rows import Row
from engine.errors import InputError, Problem, shown

RETRY_HEADERS = {"Retry-After": "5"}
"""Seconds after which a client may try a full or failing server again."""
ID_DIGITS, LEAST_DIGITS = 16, 4
"""Characters of a whole id, and of the shortest abbreviation."""
MAX_LISTED_IDS = 5
"""How many ids a refusal lists if several begin alike."""
Id = Annotated[
    str,
    Path(
        description="The id of a run or sweep, or its first characters (at least 4) if no other id begins with them.",
    ),
    Pattern(
        f"^[0-9a-f]{{{LEAST_DIGITS},{ID_DIGITS}}}$",
        f"an id of {ID_DIGITS} of the digits 0-9 and a-f, or its first {LEAST_DIGITS} and more",
    ),
]
Omitted = SkipJsonSchema[None]
"""Added to the type of a parameter that may be left out, but may not be null."""
Key = Annotated[
    Annotated[str, Field(min_length=1, max_length=255), Pattern("^[!-~]+$", "ASCII characters without blanks")]
    | Omitted,
    Header(
        alias="Idempotency-Key",
        description="Any text of your own. The same request with the same key is accepted once, for a week.",
    ),
]
Cursor = Annotated[
    Annotated[str, Pattern(CURSOR, "the `next` of the page before")] | Omitted,
    Query(description="The `next` of the page before."),
]


def runner_of(request: Request) -> Runner:
    """The application's runner."""
    runner: Runner = request.app.state.runner
    return runner


def _most_of(request: Request) -> int:
    return int(request.app.state.settings.max_runs)


TheRunner = Annotated[Runner, Depends(runner_of)]
MostRuns = Annotated[int, Depends(_most_of)]


async def whole_id(runner: Runner, noun: str, id: str) -> str:
    """The id of the only run or sweep that begins like this, or the same where there is none; RefusedError where there
    are several."""
    if not LEAST_DIGITS <= len(id) < ID_DIGITS:
        return id
    found = await runner.call(runner.store.beginning_with, f"{noun}s", id, MAX_LISTED_IDS + 1)
    if len(found) > 1:
        listed = ", ".join([*found[:MAX_LISTED_IDS], *(["and others"] if len(found) > MAX_LISTED_IDS else [])])
        raise RefusedError(409, detail=f"Several {noun}s begin with {shown(id)}: {listed}. Say more of the id.")
    return found[0] if found else id


async def requested_run(id: Id, runner: TheRunner) -> Row:
    """The run of the address; RefusedError where there is none."""
    row = await runner.call(runner.store.run, await whole_id(runner, "run", id))
    if row is None:
        raise RefusedError(404, detail=f"There is no run {shown(id)}.")
    return row


TheRun = Annotated[Row, Depends(requested_run)]


def number_before(cursor: str | None) -> int | None:
    """The number of the row that a page begins after; RefusedError where the cursor is none of ours."""
    if cursor is None:
        return None
    if not re.fullmatch(CURSOR, cursor):
        raise RefusedError(422, Problem("cursor", "the `next` of a page before", shown(cursor)))
    return int(cursor.removeprefix(BEFORE))


def digest_of(request: Request, body: Any) -> str:
    """What tells one request from another: its path and what its body says."""
    return hashlib.sha256(f"{request.url.path}\n{body.model_dump_json()}".encode()).hexdigest()


@contextmanager
def accepting(key: str | None) -> Iterator[None]:
    """Makes a RefusedError of whatever keeps a run or a sweep from being accepted."""
    try:
        yield
    except InputError as error:
        raise RefusedError(422, *error.problems) from None
    except KeyReusedError:
        raise RefusedError(422, Problem("Idempotency-Key", "a new key for another body", shown(key))) from None
    except FullError as error:
        problem = Problem(
            "runs", f"at most {error.most:,} that have not ended", f"{error.waiting:,} and {error.more:,} more"
        )
        raise RefusedError(429, problem, headers=RETRY_HEADERS) from None


def set_etag(request: Request, response: Response, tag: str) -> None:
    """Set the ETag of what is told; ends with 304 where the asker has that already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    given = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in given or "*" in given:
        raise HTTPException(304, headers=headers)
    response.headers.update(headers)


async def computed(runner: Runner, name: str, **question: Any) -> bytes:
    """A result by its name; RefusedError where the question was a bad one."""
    try:
        return await runner.compute(name, json.dumps(question))
    except InputError as error:
        raise RefusedError(422, *error.problems) from None
    except ValueError as error:
        raise RefusedError(422, detail=str(error)) from None


def answer_without_store(app: FastAPI) -> None:
    """Answer 503 wherever the store, or who works something out, is out of order."""

    @app.exception_handler(StoreError)
    async def unusable(request: Request, error: StoreError) -> Response:
        return RefusedError(503, detail=str(error), headers=RETRY_HEADERS).answer()

    @app.exception_handler(WorkerDiedError)
    async def died(request: Request, error: WorkerDiedError) -> Response:
        return RefusedError(503, detail=f"It could not be worked out: {error}.", headers=RETRY_HEADERS).answer()
