"""What a route does not take is refused, and HEAD is answered wherever GET is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.app.scripted import ENDLESS, XOR, Api, Json, problem, speaking
from tests.server import Server


@pytest.fixture(scope="module")
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


@pytest.fixture(scope="module")
def document(server: Server) -> Json:
    """The OpenAPI document."""
    found: Json = httpx.get(f"{server.address}/openapi.json", trust_env=False).json()
    return found


def addresses(document: Json, method: str, run: str, sweep: str) -> list[str]:
    """The address of each operation, about a run or a sweep where it is about one."""
    names = {"{name}.csv": "spiral.csv", "{name}.png": "digits8.png", "{name}": "spiral"}
    found = []
    for path, ways in document["paths"].items():
        if method in ways:
            there = path.replace("{id}", sweep if "/sweeps/" in path else run)
            for name, value in names.items():
                there = there.replace(name, value)
            found.append(there)
    return found


def test_an_unknown_query_parameter_is_refused_by_every_route_with_the_nearest_name(api: Api, document: Json) -> None:
    base = str(api.http.base_url).removesuffix("/api/v1/")
    for method in ("get", "post", "delete", "patch"):
        for path in addresses(document, method, "0" * 16, "0" * 16):
            if path.startswith("/api/v1"):
                answer = api.http.request(method, f"{base}{path}?colour=red")
                (error,) = problem(answer, 422)["errors"]
                assert error["field"] == "colour", path
    (error,) = problem(api.get("/runs?limt=3"), 422)["errors"]
    assert error == {
        "field": "limt",
        "expected": "one of the parameters limit, status, sweep, tag, name, where, sort, cursor",
        "got": "'limt' (did you mean 'limit'?)",
    }
    (error,) = problem(api.get("/limits?a=1"), 422)["errors"]
    assert error["expected"] == "no parameters at this address"


def test_a_query_parameter_that_comes_twice_is_refused(api: Api) -> None:
    found = problem(api.get("/runs?limit=3&limit=4"), 422)
    assert found["detail"] == "limit: expected one value, got 2."


def test_what_a_page_asks_for_its_pictures_is_known(api: Api) -> None:
    run = api.trained(link=XOR, epochs=1)["id"]
    assert api.get(f"/runs/{run}/boundary.png?size=32&version=7").status_code == 200


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_body_that_is_not_sent_as_json_is_refused_with_what_to_do(api: Api, media_type: str) -> None:
    for path in ("/runs", "/sweeps", "/line"):
        answer = api.http.post(path, content='{"link": "dataset=xor"}', headers={"Content-Type": media_type})
        (error,) = problem(answer, 415)["errors"]
        assert error["field"] == "Content-Type"
        assert "curl" in error["expected"]
        assert error["got"] == (media_type or "none")


def test_kinds_of_json_are_read_and_bodies_of_files_are_left_alone(api: Api) -> None:
    kind = {"Content-Type": "Application/Merge-Patch+JSON; charset=utf-8"}
    assert api.http.post("/line", content='{"ticket": null}', headers=kind).status_code == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert api.http.post("/points", content="1,1,1\n-1,-1,-1\n" * 10, headers=form).status_code == 200


@pytest.mark.parametrize("path", ["/runs", "/sweeps", "/line"])
def test_an_unknown_field_of_a_body_is_refused(api: Api, path: str) -> None:
    fields = [error["field"] for error in api.refused(path, {"colour": "red"})["errors"]]
    assert "colour" in fields


# --- HEAD -------------------------------------------------------------------------------------------------------------


def test_head_is_answered_as_get_without_the_body_at_every_address(api: Api, document: Json) -> None:
    sweep = api.sweep(link=XOR, epochs=2)
    run = api.swept(sweep)["runs"][0]["id"]
    base = str(api.http.base_url).removesuffix("/api/v1/")
    pages = ["/", "/docs", "/sweeps", f"/sweeps/{sweep}", "/favicon.ico", "/openapi.json", "/metrics"]
    there = [path for path in addresses(document, "get", run, sweep) if "/sessions/" not in path]
    assert len(there) > 15
    for path in [*pages, *there]:
        head = api.http.head(base + path)
        assert head.content == b"", path
        assert head.status_code == (303 if path.endswith("/page") else 200), path
        if not path.endswith(("/events", "/metrics")):
            got = api.http.get(base + path)
            names = ("content-type", "content-length", "etag", "location")
            assert [head.headers.get(name) for name in names] == [got.headers.get(name) for name in names], path


def test_head_of_a_stream_ends_at_once_though_the_run_goes_on(api: Api) -> None:
    run = api.start(**ENDLESS)
    assert api.http.head(f"/runs/{run}/events").headers["content-type"].startswith("text/event-stream")
    assert api.post(f"/runs/{run}/cancel").status_code == 200


def test_head_where_there_is_nothing_to_get_is_refused(api: Api) -> None:
    assert api.http.head("/runs/0123456789abcdef").status_code == 404
    answer = api.http.head("/points")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "POST", b"")
    allowed: Any = api.http.delete("/limits").headers["allow"]
    assert allowed == "GET, HEAD"


# --- sentences --------------------------------------------------------------------------------------------------------


INNER = ("<", "^", "null", "one:", "list:", ".one", ".list", "None", "tuple", "validation,", "Input", "type=")
"""What no person has to know of."""


@pytest.mark.parametrize(
    "path",
    [
        "/runs?status=done",
        "/runs?cursor=x",
        "/runs/xyz",
        "/sweeps/xyz/results?format=xml",
        "/datasets/spiral.csv?samples=3",
        "/datasets/arms.csv?classes=9",
        "/datasets/spirl.csv",
        "/lessons/sprial",
    ],
)
def test_no_inner_name_is_in_a_sentence_about_an_address(api: Api, path: str) -> None:
    answer = api.get(path)
    detail = problem(answer, answer.status_code)["detail"]
    assert not [word for word in INNER if word in detail], detail
    fields = [error["field"] for error in answer.json()["errors"]]
    assert len(fields) == len(set(fields))  # each value is refused once


RANGE = {"low": 1, "high": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"random": {"samples": 3, "keys": {"learningRate": RANGE}}}, "random.keys.learningRate"),
        ({"random": {"samples": 3, "keys": {"learningRate": {"low": "a", "high": 1}}}}, "random.keys.learningRate.low"),
        ({"random": {"samples": 3, "keys": {"learningRate": []}}}, "random.keys.learningRate"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": [3]}, "seeds.0"),
        ({"grid": {letter: [1] for letter in "abcdefgh"}}, "grid"),
        ({"grid": {"nois": [1]}}, "nois"),
        ({"config": {"networkShape": 3}}, "config.networkShape"),
    ],
)
def test_no_inner_name_is_in_a_sentence_about_a_body(api: Api, body: Json, field: str) -> None:
    found = api.refused("/sweeps", {"config": {}, "epochs": 1, **body})
    assert [error["field"] for error in found["errors"]] == [field]
    assert not [word for word in INNER if word in found["detail"]], found["detail"]


def test_a_key_that_no_visible_text_is_is_refused_in_words(api: Api) -> None:
    answer = api.post("/runs", {"config": {}}, headers={"Idempotency-Key": "a b"})
    assert problem(answer, 422)["detail"] == "Idempotency-Key: expected ASCII characters without blanks, got 'a b'."
