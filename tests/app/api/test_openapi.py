"""The OpenAPI document: complete, with examples that fit, and true, as generated requests to a real server find.

Each operation is sent ten generated requests; `API_CASES=1000 pytest tests/app/api/test_openapi.py` sends more.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from app.http.problem_json import MEDIA_TYPE
from app.schemas.run_request import Plan, RunRequest
from app.schemas.sweep_request import SweepRequest
from tests.app.conftest import OpenPage
from tests.app.scripted import Json
from tests.server import ROOT, Serve, Server

CASES = os.environ.get("API_CASES", "10")
VERB = re.compile("(cancel|check|delete|draw|extend|get|label|list|open|predict|read|resume|start|steer|wait|watch)_")
JAVASCRIPT_ESCAPES = r"^$\\.*+?()[]{}|/-dDsSwWbB"
"""What may stand behind a backslash by the flag `u` of JavaScript's patterns."""
WITHOUT_STORE = (
    "/healthz",
    *(f"/api/v1/{name}" for name in ("points", "models", "lessons", "schema", "limits", "line")),
)


@pytest.fixture(scope="module")
def own_server(serve: Serve) -> Iterator[Server]:
    """A server that is asked all kinds of things."""
    with serve(
        workers=1, processes=1, max_runs=50, max_sweep=50, resume_seconds=3_600, requests_per_second=10_000
    ) as server:
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


def test_every_refusal_refers_to_the_one_schema_of_problems(document: Json, operations: list[Operation]) -> None:
    shared = document["components"]["responses"]
    used = set()
    for name, operation in operations:
        for status, response in operation["responses"].items():
            assert response["description"], (name, status)
            if int(status) >= HTTPStatus.BAD_REQUEST:
                one = response["$ref"].removeprefix("#/components/responses/")
                used.add(one)
                assert list(shared[one]["content"]) == [MEDIA_TYPE]
                assert shared[one]["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert shared[one]["content"][MEDIA_TYPE]["example"]["status"] == int(status)
    assert used == set(shared)


def medias(operation: Json, shared: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """Each body that an operation takes or gives, after its media type; refusals are shared."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values(), *shared):
        yield from holder.get("content", {}).items()


def examples(document: Json, media: Json) -> list[Any]:
    """All examples of a body."""
    schema = media["schema"]
    named = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    own = [media["example"]] if "example" in media else []
    return [*own, *(one["value"] for one in media.get("examples", {}).values()), *named.get("examples", [])]


def test_every_json_body_has_examples_and_all_of_them_fit(document: Json, operations: list[Operation]) -> None:
    for name, operation in operations:
        for kind, media in medias(operation, document["components"]["responses"].values()):
            found = examples(document, media)
            if kind == "application/json":
                assert found, name
            if kind in ("application/json", MEDIA_TYPE):
                validator = jsonschema_rs.validator_for({**media["schema"], "components": document["components"]})
                for example in found:
                    validator.validate(example)


def test_operations_are_named_by_a_verb_once(operations: list[Operation]) -> None:
    names = [operation["operationId"] for _, operation in operations]
    assert len(set(names)) == len(names)
    assert {"start_run", "list_runs", "get_run", "cancel_run", "start_sweep", "steer_session"} <= set(names)
    assert all(VERB.match(name) for name in names)


def test_the_document_says_who_wrote_it_where_it_is_served_and_how_to_prove_oneself(
    document: Json, operations: list[Operation]
) -> None:
    assert document["info"]["contact"]["name"]
    assert document["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert document["servers"][0]["url"] == "/"
    assert document["security"] == []
    assert document["components"]["securitySchemes"]["SteeringToken"]["scheme"] == "bearer"
    steered = {name for name, operation in operations if operation.get("security") == [{"SteeringToken": []}]}
    assert steered == {"GET /api/v1/sessions/{id}", "PATCH /api/v1/sessions/{id}"}


def test_every_tag_is_described_and_in_use(document: Json, operations: list[Operation]) -> None:
    assert all(tag["description"] for tag in document["tags"])
    assert {tag["name"] for tag in document["tags"]} == {tag for _, one in operations for tag in one["tags"]}


def referred(part: Any) -> set[str]:
    """The names of all schemas that a part refers to."""
    if isinstance(part, dict):
        own = {part["$ref"].rpartition("/")[2]} if "$ref" in part else set()
        return own.union(*map(referred, part.values()))
    return set().union(*map(referred, part)) if isinstance(part, list) else set()


def test_what_is_asked_for_has_no_defaults_and_what_is_told_is_whole(
    document: Json, operations: list[Operation]
) -> None:
    schemas = document["components"]["schemas"]

    def reached(names: set[str]) -> set[str]:
        further = referred([schemas[name] for name in names]) - names
        return reached(names | further) if further else names

    asked = reached(referred([one.get("requestBody") for _, one in operations]))
    told = set(schemas) - asked
    for name in asked:
        assert not [key for key, one in schemas[name].get("properties", {}).items() if "default" in one], name
    for name in told:
        assert set(schemas[name].get("required", [])) == set(schemas[name].get("properties", {})), name
    assert {"RunRequest", "SweepRequest", "Config"} <= asked
    assert {"RunView", "SweepView", "ConfigView", "Problem"} <= told
    assert "By default `0.03`." in schemas["Config"]["properties"]["learningRate"]["description"]


@pytest.mark.parametrize("name", ["RunRequest", "SweepRequest"])
def test_either_source_may_be_null_in_the_schema_as_on_the_server(document: Json, name: str) -> None:
    assert "oneOf" not in document["components"]["schemas"][name]
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    models: dict[str, type[Plan]] = {"RunRequest": RunRequest, "SweepRequest": SweepRequest}
    for asked in ({"config": None, "link": "dataset=xor"}, {"config": {"dataset": "xor"}, "link": None}):
        jsonschema_rs.validator_for(schema).validate(asked)
        assert models[name].model_validate(asked).opened[0].dataset == "xor"


def patterns(part: Any) -> Iterator[str]:
    """Every pattern within a part of a document."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from patterns(one)


def test_patterns_escape_only_what_javascript_lets_them(document: Json) -> None:
    found = set(patterns(document))
    assert len(found) >= 4
    for pattern in found:
        assert set(re.findall(r"\\(.)", pattern)) <= set(JAVASCRIPT_ESCAPES), pattern


@pytest.mark.long
@pytest.mark.parametrize("phases", ["examples,coverage", "fuzzing", "stateful"])
def test_every_operation_answers_generated_questions_as_it_is_documented_to(
    own_server: Server, open_page: OpenPage, tmp_path: Path, phases: str
) -> None:
    page = open_page(own_server)
    hello = page.greet("dataset=xor")
    page.drop()  # its session stays for an hour
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", ROOT / "tests/app/api/openapi.toml"),
            *("run", f"{own_server.address}/openapi.json", "--phases", phases),
            *("--max-examples", CASES, "--checks", "all", "--no-color"),
        ],
        cwd=tmp_path,  # where it leaves its notes
        env={**os.environ, "PYTHONPATH": str(ROOT), "SESSION": hello["id"], "SESSION_TOKEN": hello["session"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "No issues found" in ended.stdout
    assert "Tested: " in ended.stdout or "Scenarios: " in ended.stdout
