"""Reading points of one's own over HTTP, as a page or a script has it done."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from app.api.points import MAX_BYTES
from engine import Config
from engine.data.points import encode, read_points
from engine.stream import Stream
from tests.server import PATIENCE, Server

Json = dict[str, Any]
PATH = "/api/v1/points"
CSV = "x,y,label\n1.5,-2,1\n-3,0.25,-1\n"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def described(client: httpx.Client) -> Json:
    """What the OpenAPI document says of the route."""
    route: Json = client.get("/openapi.json").json()["paths"][PATH]["post"]
    return route


def problem(answer: httpx.Response, status: int) -> Json:
    """The problem document of a refusal."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document: Json = answer.json()
    assert set(document) == {"type", "title", "status", "detail", "errors"}
    assert (document["type"], document["title"]) == ("about:blank", HTTPStatus(status).phrase)
    assert document["status"] == status
    return document


# --- what is read -------------------------------------------------------------------------------------------------


def test_points_come_back_as_a_configuration_has_them(client: httpx.Client) -> None:
    answer = client.post(PATH, content=CSV)
    assert answer.status_code == 200
    text = encode(read_points(CSV, "classification", False).points)
    assert answer.json() == {"points": text, "count": 2, "scale": None, "notes": []}
    assert Config(dataset="own", points=answer.json()["points"]).samples == 2


@pytest.mark.parametrize(
    "kind", ["text/csv", "text/plain; charset=utf-8", "application/json", "text/tab-separated-values", "", "nonsense"]
)
def test_the_content_type_does_not_matter(client: httpx.Client, kind: str) -> None:
    bodies = (CSV, json.dumps([[1.5, -2, 1], [-3, 0.25, -1]]), "\ufeff" + CSV.replace(",", ";"))
    answers = [client.post(PATH, content=body.encode(), headers={"Content-Type": kind}).json() for body in bodies]
    assert [answer["count"] for answer in answers] == [2, 2, 2]
    assert len({answer["points"] for answer in answers}) == 1


def test_names_of_classes_are_noted(client: httpx.Client) -> None:
    answer = client.post(PATH, content="1,2,cat\n2,1,dog\n").json()
    assert answer["notes"] == ["The label 'cat' was taken as -1 and 'dog' as 1."]


def test_many_classes_are_asked_for_in_the_query(client: httpx.Client) -> None:
    answer = client.post(PATH, params={"problem": "multiclass"}, content="1,2,cat\n2,1,dog\n0,0,cow\n").json()
    assert answer["notes"] == ["The label 'cat' was taken as 0, 'dog' as 1 and 'cow' as 2: classes 1 to 3."]
    own = Config(problem="multiclass", classDataset="class-own", points=answer["points"])
    assert [point.label for point in own.draw(Stream("1"))] == [0, 1, 2]
    document = problem(client.post(PATH, params={"problem": "multiclass"}, content="1,2,6\n"), 422)
    assert document["detail"] == "line 1: label: expected a whole number from 0 to 5 (or up to 6 names), got '6'."


def test_a_regression_and_rescaling_are_asked_for_in_the_query(client: httpx.Client) -> None:
    answer = client.post(PATH, params={"problem": "regression", "rescale": "true"}, content="0,0,0\n1,1,400\n").json()
    assert answer["points"] == encode(read_points("-5,-5,-1\n5,5,1", "regression", False).points)
    assert answer["scale"] == {
        "x1": {"factor": 10, "offset": -5},
        "x2": {"factor": 10, "offset": -5},
        "label": {"factor": 0.005, "offset": -1},
    }
    answer = client.post(PATH, params={"rescale": "true"}, content="0,0,-1\n1,1,1\n").json()
    assert set(answer["scale"]) == {"x1", "x2"}


def test_a_body_may_have_a_million_bytes(client: httpx.Client) -> None:
    body = CSV.encode() + b"#"
    answer = client.post(PATH, content=body.ljust(MAX_BYTES, b" "))
    assert (answer.status_code, answer.json()["count"]) == (200, 2)


# --- what is refused ----------------------------------------------------------------------------------------------


def test_bad_points_are_refused_by_their_lines(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content="1,2,1\n1,7,-1\nx,2\n"), 422)
    assert document["errors"] == [
        {"field": "line 2: y", "expected": "-6 to 6 (or rescale the points)", "got": "'7'"},
        {"field": "line 3", "expected": "3 fields", "got": "2"},
    ]
    assert document["detail"] == (
        "line 2: y: expected -6 to 6 (or rescale the points), got '7'. line 3: expected 3 fields, got 2."
    )


def test_the_detail_says_how_many_more_problems_there_are(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content="1,2\n" * 8), 422)
    assert len(document["errors"]) == 5
    assert document["detail"].endswith(" line 5: expected 3 fields, got 2. 3 more problems were found.")


def test_a_body_without_points_is_refused(client: httpx.Client) -> None:
    assert problem(client.post(PATH), 422)["detail"] == "points: expected at least one point, got none."


def test_json_with_an_error_is_refused_by_line_and_column(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content="[[1, 2, 1],\n[1,, 2]]"), 422)
    assert document["detail"] == "line 2, column 4: expected JSON, got ', 2]]'."


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("problem=clustering", "problem: expected 'classification', 'multiclass' or 'regression', got 'clustering'."),
        ("rescale=maybe", "rescale: expected true or false, got 'maybe'."),
    ],
)
def test_a_bad_query_is_refused_by_its_name(client: httpx.Client, query: str, detail: str) -> None:
    document = problem(client.post(f"{PATH}?{query}", content=CSV), 422)
    assert document["detail"] == detail
    assert [error["field"] for error in document["errors"]] == [detail.partition(":")[0]]


@pytest.mark.parametrize(
    ("body", "got"),
    [
        (b"1,2,\xff", "the byte 0xff at place 4"),
        (CSV.encode("utf-16"), "the byte 0xff at place 0"),
        ("1,2,é".encode("latin-1"), "the byte 0xe9 at place 4"),
        (b"\x89PNG\r\n", "the byte 0x89 at place 0"),
    ],
)
def test_bytes_that_are_no_text_are_refused(client: httpx.Client, body: bytes, got: str) -> None:
    document = problem(client.post(PATH, content=body), 400)
    assert document["detail"] == f"body: expected text in UTF-8, got {got}."


def test_a_body_of_more_than_a_million_bytes_is_refused(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content=b"#" * (MAX_BYTES + 1)), 413)
    assert document["detail"] == "body: expected at most 1,000,000 bytes, got more."


def test_a_body_without_a_length_is_refused_before_its_end(server: Server) -> None:
    chunk = b"#" * 50_000
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: {server.host}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(21):  # and none that ends it
            connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_a_client_that_leaves_within_its_body_does_no_harm(server: Server, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 99\r\n\r\n1,2".encode())
    assert client.post(PATH, content=CSV).status_code == 200
    assert "Traceback" not in server.said


# --- what the documentation says ----------------------------------------------------------------------------------


def test_the_documentation_names_everything_that_goes_in_and_out(described: Json) -> None:
    assert {parameter["name"] for parameter in described["parameters"]} == {"problem", "rescale"}
    assert all(parameter["description"] for parameter in described["parameters"])
    assert described["requestBody"]["required"] is True
    assert set(described["responses"]) == {"200", "400", "413", "422"}
    for status in ("400", "413", "422"):
        assert described["responses"][status]["$ref"].startswith("#/components/responses/")


def test_the_documented_examples_are_read(client: httpx.Client, described: Json) -> None:
    examples = described["requestBody"]["content"]
    assert set(examples) == {"text/csv", "application/json", "text/plain"}
    for kind, content in examples.items():
        example = content["example"]
        body = example if isinstance(example, str) else json.dumps(example)
        answer = client.post(PATH, content=body, headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["count"]) == (200, 2)


def test_the_documented_answer_is_that_to_the_example_with_names_rescaled(
    client: httpx.Client, described: Json
) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["OwnPoints"]
    example = described["requestBody"]["content"]["text/plain"]["example"]
    assert schema["examples"] == [client.post(PATH, params={"rescale": "true"}, content=example).json()]
