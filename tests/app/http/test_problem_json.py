"""Refusals of the HTTP API as problem documents, whatever raises them."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException

from app.http.problem_json import MEDIA_TYPE, TOO_LONG, RefusedError, answer_with_problems, components, refusals
from engine import Config
from engine.errors import MAX_LISTED, Problem

Json = dict[str, Any]
router = APIRouter()


@router.post("/runs", responses=refusals({404: "No such run.", 422: "A bad run."}))
async def runs(config: Config) -> str:
    """Accepts some runs."""
    if config.seed == "gone":
        raise HTTPException(404, "There is no such run.")
    if config.seed == "large":
        raise HTTPException(413)
    if config.seed == "full":
        raise RefusedError(503, detail="The server is full.")
    if config.seed == "bad":
        raise RefusedError(422, Problem("seed", "a good one", "'bad'"), Problem("x", "false", "true"))
    return config.seed


app = FastAPI()
answer_with_problems(app)
app.include_router(router)


def request(method: str, path: str, **options: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


def refused(**options: Any) -> tuple[int, str, list[Json]]:
    answer = request("POST", "/runs", **options)
    assert answer.headers["content-type"] == MEDIA_TYPE
    document = answer.json()
    assert document["type"] == "about:blank"
    assert document["status"] == answer.status_code
    assert document["title"] == HTTPStatus(answer.status_code).phrase
    return answer.status_code, document["detail"], document["errors"]


def test_what_is_not_refused_is_answered_as_ever() -> None:
    answer = request("POST", "/runs", json={"seed": "good"})
    assert (answer.status_code, answer.json()) == (200, "good")


def test_a_refusal_tells_its_problems_and_their_sentences() -> None:
    assert refused(json={"seed": "bad"}) == (
        422,
        "seed: expected a good one, got 'bad'. x: expected false, got true.",
        [
            {"field": "seed", "expected": "a good one", "got": "'bad'"},
            {"field": "x", "expected": "false", "got": "true"},
        ],
    )


def test_a_refusal_may_be_a_sentence_alone() -> None:
    assert refused(json={"seed": "full"}) == (503, "The server is full.", [])
    assert refused(json={"seed": "gone"}) == (404, "There is no such run.", [])


def test_what_the_framework_refuses_is_told_in_our_words_whatever_pythons_are() -> None:
    assert refused(json={"seed": "large"}) == (413, "The body is too large.", [])


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"noise": 101}', "noise: expected at most 100, got 101."),
        ('{"networkShape": [4, 0]}', "networkShape.1: expected at least 1, got 0."),
        ('{"colour": 1}', "colour: expected the name of a field, got 'colour'."),
        ('{"points": "A"}', "points: expected 9 characters for each point, got 'A'."),
        ('{"noise": 1e999}', "noise: expected a finite number, got inf."),
    ],
)
def test_a_bad_body_is_refused_in_the_words_of_the_engine(body: str, detail: str) -> None:
    status, told, (error,) = refused(content=body, headers={"Content-Type": "application/json"})
    assert (status, told) == (422, detail)
    assert f"{error['field']}: expected {error['expected']}, got {error['got']}." == detail


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"{", 422, "body: expected JSON, got a mistake at character 1."),
        (b"[1]", 422, "body: expected an object, got [1]."),
        (b"", 422, "body: expected a value, got nothing."),
        (b"{\xff", 400, f"body: expected JSON that can be read, got {TOO_LONG}."),
    ],
)
def test_a_body_that_is_no_object_is_refused(body: bytes, status: int, detail: str) -> None:
    told = refused(content=body, headers={"Content-Type": "application/json"})
    assert told[:2] == (status, detail)


def test_the_documentation_shows_a_problem_document_for_each_status() -> None:
    described = request("GET", "/openapi.json").json()["paths"]["/runs"]["post"]["responses"]
    assert set(described) == {"200", "404", "422"}
    assert described["404"]["description"] == "No such run."
    assert described["404"]["$ref"] == "#/components/responses/NotFound"
    shared = components([404])
    assert shared["responses"]["NotFound"]["content"][MEDIA_TYPE]["example"]["title"] == "Not Found"
    problem = shared["schemas"]["Problem"]
    assert set(problem["properties"]) == {"type", "title", "status", "detail", "errors"}
    assert problem["properties"]["errors"]["items"] == {"$ref": "#/components/schemas/FieldError"}
    assert set(shared["schemas"]["FieldError"]["properties"]) == {"field", "expected", "got"}


def test_of_very_many_mistakes_the_first_are_told_and_how_many_there_are() -> None:
    body = json.dumps({f"key{number}": 0 for number in range(1_000)})
    _, told, errors = refused(content=body, headers={"Content-Type": "application/json"})
    assert len(errors) == MAX_LISTED + 1
    assert told.endswith("request: expected no more mistakes, got 980 more.")


def test_a_mistyped_name_of_a_field_is_told_with_the_nearest() -> None:
    _, told, _ = refused(json={"noize": 1})
    assert told == "noize: expected the name of a field, got 'noize' (did you mean 'noise'?)."
