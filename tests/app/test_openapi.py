"""The OpenAPI document: complete, with examples that fit, and true, as generated requests to a real server find.

Each operation is asked twenty generated questions; `API_CASES=1000 pytest tests/app/test_openapi.py` asks more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from app.problem_json import MEDIA_TYPE
from tests.app.conftest import OpenPage
from tests.app.scripted import Json
from tests.server import ROOT, Serve, Server

CASES = os.environ.get("API_CASES", "20")
WITHOUT_STORE = (
    "/healthz",
    *(f"/api/v1/{name}" for name in ("points", "models", "lessons", "schema", "limits", "line")),
)


@pytest.fixture(scope="module")
def own_server(serve: Serve) -> Iterator[Server]:
    """A server that is asked all kinds of things."""
    with serve(workers=1, processes=1, max_runs=50, max_sweep=50, resume_seconds=3_600) as server:
        yield server


@pytest.fixture(scope="module")
def document(own_server: Server) -> Json:
    """Its OpenAPI document."""
    found: Json = httpx.get(f"{own_server.address}/openapi.json", trust_env=False).json()
    return found


Operation = tuple[str, Json]


@pytest.fixture(scope="module")
def operations(document: Json) -> list[Operation]:
    """Each operation after its method and path."""
    return [
        (f"{method.upper()} {path}", one) for path, ways in document["paths"].items() for method, one in ways.items()
    ]


def test_every_operation_says_what_it_does_and_takes(operations: list[Operation]) -> None:
    assert len(operations) >= 32
    for name, operation in operations:
        assert operation["summary"], name
        assert operation["description"], name
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])


def test_every_operation_names_the_statuses_of_its_refusals(operations: list[Operation]) -> None:
    for name, operation in operations:
        needed = set()
        path = name.partition(" ")[2]
        if operation.get("parameters"):
            needed |= {"422"}
        if "requestBody" in operation:
            needed |= {"400", "413", "422"}
        if "{" in path:
            needed |= {"404"}
        if not path.startswith(WITHOUT_STORE):
            needed |= {"503"}
        assert needed <= set(operation["responses"]), name


def test_every_refusal_is_a_problem_document_with_an_example(operations: list[Operation]) -> None:
    for name, operation in operations:
        for status, response in operation["responses"].items():
            assert response["description"], (name, status)
            if int(status) >= HTTPStatus.BAD_REQUEST:
                assert list(response["content"]) == [MEDIA_TYPE], (name, status)
                assert response["content"][MEDIA_TYPE]["example"]["status"] == int(status)


def medias(operation: Json) -> Iterator[tuple[str, Json]]:
    """Each body that an operation takes or gives, after its media type."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from holder.get("content", {}).items()


def examples(document: Json, media: Json) -> list[Any]:
    """All examples of a body."""
    schema = media["schema"]
    named = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    own = [media["example"]] if "example" in media else []
    return [*own, *(one["value"] for one in media.get("examples", {}).values()), *named.get("examples", [])]


def test_every_json_body_has_examples_and_all_of_them_fit(document: Json, operations: list[Operation]) -> None:
    for name, operation in operations:
        for kind, media in medias(operation):
            found = examples(document, media)
            if kind == "application/json":
                assert found, name
            if kind in ("application/json", MEDIA_TYPE):
                validator = jsonschema_rs.validator_for({**media["schema"], "components": document["components"]})
                for example in found:
                    validator.validate(example)


def test_every_operation_answers_generated_questions_as_it_is_documented_to(
    own_server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(own_server)
    hello = page.greet("dataset=xor")
    page.drop()  # its session stays for an hour
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", ROOT / "tests/app/openapi.toml"),
            *("run", f"{own_server.address}/openapi.json", "--max-examples", CASES, "--checks", "all", "--no-color"),
        ],
        cwd=tmp_path,  # where it leaves its notes
        env={**os.environ, "PYTHONPATH": str(ROOT), "SESSION": hello["id"], "SESSION_TOKEN": hello["session"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "No issues found" in ended.stdout
    assert "Tested: " in ended.stdout
