"""Reading points of one's own over HTTP, as a page or a script has it done."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.tabular.formats import MAX_BYTES
from engine import Config
from engine.data.datasets import Point
from engine.data.points import decode, encode
from tests.server import PATIENCE, Server

Json = dict[str, Any]
CASES: list[Json] = json.loads((Path(__file__).parents[2] / "golden" / "tables.json").read_text())
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


def test_points_come_back_as_a_configuration_has_them_beside_what_they_were_taken_for(client: httpx.Client) -> None:
    answer = client.post(PATH, content="height,weight,sex\n-5,4,m\n5,-4,f\n")
    assert answer.status_code == 200
    assert answer.json() == {
        "format": "delimited text",
        "columns": [
            {"name": "height", "role": "x1", "numeric": True},
            {"name": "weight", "role": "x2", "numeric": True},
            {"name": "sex", "role": "label", "numeric": False},
        ],
        "head": [["-5", "4", "m"], ["5", "-4", "f"]],
        "problem": "classification",
        "classes": ["f", "m"],
        "points": encode([Point(-5, 4, 1), Point(5, -4, -1)]),
        "count": 2,
        "scale": {},
        "notes": [],
    }
    assert Config(dataset="own", points=answer.json()["points"]).samples == 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_table_is_read_as_a_person_would(client: httpx.Client, case: Json) -> None:
    body = base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode()
    answer = client.post(PATH, content=body).json()
    assert (answer["problem"], answer["count"]) == (case["problem"], len(case["rows"]))
    scale = {name: (axis["factor"], axis["offset"]) for name, axis in answer["scale"].items()}
    values = [-1, 1] if case["problem"] == "classification" else range(len(answer["classes"]))
    names: dict[float, str] = dict(zip(values, answer["classes"], strict=False)) if answer["classes"] else {}
    for point, (x1, x2, label) in zip(decode(answer["points"]), case["rows"], strict=True):
        for name, ours, theirs in (("x1", point.x, x1), ("x2", point.y, x2 or 0)):
            factor, offset = scale.get(name, (1, 0))
            assert ours == pytest.approx(factor * theirs + offset, abs=1e-4)
        factor, offset = scale.get("label", (1, 0))
        assert names[point.label] == label if names else point.label == pytest.approx(factor * label + offset, abs=1e-4)


@pytest.mark.parametrize(
    "kind", ["text/csv", "text/plain; charset=utf-8", "application/json", "text/tab-separated-values", "", "nonsense"]
)
def test_the_content_type_does_not_matter(client: httpx.Client, kind: str) -> None:
    bodies = (CSV, json.dumps([[1.5, -2, 1], [-3, 0.25, -1]]), "\ufeff" + CSV.replace(",", ";"))
    answers = [client.post(PATH, content=body.encode(), headers={"Content-Type": kind}).json() for body in bodies]
    assert [answer["count"] for answer in answers] == [2, 2, 2]
    assert len({answer["points"] for answer in answers}) == 1


def test_columns_and_the_problem_are_chosen_in_the_query(client: httpx.Client) -> None:
    table = "sl,sw,pl,pw,species\n5.1,3.5,1.4,0.2,a\n6.1,2.5,4.4,1.2,b\n"
    answer = client.post(PATH, params={"columns": "x1=pl,x2=4,label=sl", "problem": "regression"}, content=table).json()
    assert [column["role"] for column in answer["columns"]] == ["label", None, "x1", "x2", None]
    assert (answer["problem"], answer["classes"], set(answer["scale"])) == ("regression", [], {"x1", "x2", "label"})


# --- what is refused ----------------------------------------------------------------------------------------------


def test_a_file_without_a_table_is_refused(client: httpx.Client) -> None:
    assert problem(client.post(PATH), 422)["errors"] == [
        {"field": "file", "expected": "rows of numbers", "got": "an empty file"}
    ]
    assert problem(client.post(PATH, content=b"\x89PNG\r\n\0\0"), 422)["detail"] == (
        "file: expected a table (text, JSON, .xlsx, .npy, .npz), got other binary data."
    )


def test_json_with_an_error_is_refused_by_line_and_column(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content="[[1, 2, 1],\n[1,, 2]]"), 422)
    assert document["detail"] == "line 2, column 4: expected JSON, got ', 2]]'."


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            "problem=clustering",
            "problem: expected 'classification', 'multiclass' or 'regression', got 'clustering'.",
        ),
        ("columns=x1%3Dheight", "columns.x1: expected one of the columns 'x', 'y', 'label', or a number up to 3, "),
    ],
)
def test_a_bad_query_is_refused_by_its_name(client: httpx.Client, query: str, detail: str) -> None:
    document = problem(client.post(f"{PATH}?{query}", content=CSV), 422)
    assert document["detail"].startswith(detail)
    assert [error["field"] for error in document["errors"]] == [detail.partition(":")[0]]


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    document = problem(client.post(PATH, content=b"#" * (MAX_BYTES + 1)), 413)
    assert document["detail"] == "body: expected at most 2,000,000 bytes, got more."


def test_a_body_without_a_length_is_refused_before_its_end(server: Server) -> None:
    chunk = b"#" * 50_000
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: {server.host}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(41):  # and none that ends it
            connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_a_client_that_leaves_within_its_body_does_no_harm(server: Server, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 99\r\n\r\n1,2".encode())
    assert client.post(PATH, content=CSV).status_code == 200
    assert "Traceback" not in server.said


# --- what the documentation says ----------------------------------------------------------------------------------


def test_the_documentation_names_everything_that_goes_in_and_out(described: Json) -> None:
    assert {parameter["name"] for parameter in described["parameters"]} == {"columns", "problem", "seed"}
    assert all(parameter["description"] for parameter in described["parameters"])
    assert described["requestBody"]["required"] is True
    assert set(described["responses"]) == {"200", "400", "413", "422"}
    for status in ("400", "413", "422"):
        assert described["responses"][status]["$ref"].startswith("#/components/responses/")


def test_the_documented_examples_are_read(client: httpx.Client, described: Json) -> None:
    examples = {
        kind: entry["example"] for kind, entry in described["requestBody"]["content"].items() if "example" in entry
    }
    assert set(examples) == {"text/csv", "application/json", "text/plain"}
    for kind, example in examples.items():
        body = example if isinstance(example, str) else json.dumps(example)
        answer = client.post(PATH, content=body, headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["count"]) == (200, 2)


def test_the_documented_answer_is_that_to_the_first_example(client: httpx.Client, described: Json) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["OwnPoints"]
    example = described["requestBody"]["content"]["text/csv"]["example"]
    assert schema["examples"] == [client.post(PATH, content=example).json()]
