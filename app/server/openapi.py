"""The OpenAPI document: what the framework writes, adapted for generated clients.

Refusals are one schema and a response for each status. A schema that is asked for has no `default`: generators take
what has one for always there, and would send it. What is told has every property required. Where one model is both,
what is told is named `...View`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.http.problem_json import components, refusals
from app.http.undeclared import API

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
REQUEST_SUFFIX, RESPONSE_SUFFIX = "-Input", "-Output"
"""What the framework adds to the names of a model that differs between requests and answers."""
NULL = {"type": "null"}
TAGS = {
    "runs": "Runs of scripts: start, watch, cancel. They have a lower priority than live pages, and are stored.",
    "results": "Results of a run: models, pictures, points, predictions.",
    "sweeps": "Many runs from one base, by a grid or at random.",
    "sessions": "The runs of pages: the waiting line, and control of a page's run by a script.",
    "points": "A person's own points, as a configuration holds them.",
    "lessons": "The course beside the page.",
    "reference": "What a configuration may say, and the data sets.",
    "health": "Health and readiness of the server, for monitoring.",
}
"""Each tag of the routes, and what it is about."""
INFO: dict[str, Any] = {
    "title": "Playground",
    "version": "1",
    "summary": "Train small neural networks, watch them, and take them away.",
    "description": "A run is described by a configuration or by a link of the page. What is refused is answered as "
    "`application/problem+json` (RFC 9457), with every value that was refused. Before a request is looked at it may be "
    "refused for its `Host` (400), for a page of somebody else that asks (403), for a body that does not come (408), "
    "because one address asks for too much (429), or because the server is full (503).",
    "contact": {"name": "The developers of neural-playground"},
    "license_info": {"name": "MIT", "identifier": "MIT"},
    "servers": [{"url": "/", "description": "The server that sent this document."}],
    "openapi_tags": [{"name": name, "description": text} for name, text in TAGS.items()],
}
UNDECLARED = {422: "An unknown or repeated parameter."}
"""What every route of the API refuses, in its own words or these."""
UNKNOWN_HOST = {400: "The server does not go by the name in `Host`."}
"""What routes beside the API refuse."""


class DocumentedAPI(FastAPI):
    """An application with this document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**INFO, generate_unique_id_function=_operation_id, **options)

    def openapi(self) -> Document:
        """The document, made once."""
        document = super().openapi()
        if "security" not in document:
            _finish(document)
        return document


def _operation_id(route: APIRoute) -> str:
    """A verb and what it is done to: the name of the function."""
    return route.name


def _finish(document: Document) -> None:
    document["security"] = []  # but for the operations that have their own
    for path, ways in document["paths"].items():
        everywhere = refusals(UNDECLARED if path.startswith(API) else UNKNOWN_HOST)
        refused = {str(status): response for status, response in everywhere.items()}
        for operation in ways.values():
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
            operation["responses"] = refused | operation["responses"]
    parts = components(_statuses(document))
    document["components"]["schemas"].update(parts["schemas"])
    document["components"]["responses"] = parts["responses"]
    _name_views(document)
    for schema in document["components"]["schemas"].values():
        for example in schema.get("examples", []):
            _fill_nulls(document, schema, example)
    for name in _request_schemas(document):
        _without_defaults(document["components"]["schemas"][name])


def _operations(document: Document) -> list[Document]:
    return [operation for ways in document["paths"].values() for operation in ways.values()]


def _statuses(document: Document) -> list[int]:
    """The statuses of all refusals, in order."""
    return sorted({int(status) for one in _operations(document) for status in one["responses"] if status >= "400"})


def _name_views(document: Document) -> None:
    """Name request schemas like the model, and answer schemas `...View`."""
    schemas = document["components"]["schemas"]
    names = {name: name.removesuffix(REQUEST_SUFFIX) for name in schemas if name.endswith(REQUEST_SUFFIX)}
    names |= {name: name.removesuffix(RESPONSE_SUFFIX) + "View" for name in schemas if name.endswith(RESPONSE_SUFFIX)}
    for node in _nodes(document):
        before, _, name = str(node.get("$ref", "")).rpartition("/")
        if name in names:
            node["$ref"] = f"{before}/{names[name]}"
    for old, new in names.items():
        schemas[new] = {**schemas.pop(old), "title": new}
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _request_schemas(document: Document) -> set[str]:
    """The names of all schemas of requests."""
    schemas = document["components"]["schemas"]
    bodies = [one["requestBody"] for one in _operations(document) if "requestBody" in one]
    found: set[str] = set()
    new = set(_referenced(bodies))
    while new:
        found |= new
        new = set(_referenced([schemas[name] for name in new])) - found
    return found


def _referenced(part: Any) -> Iterator[str]:
    for node in _nodes(part):
        if str(node.get("$ref", "")).startswith(SCHEMAS):
            yield node["$ref"].removeprefix(SCHEMAS)


def _without_defaults(schema: Document) -> None:
    """Tell the defaults of properties in their descriptions; null says no more than leaving a property out."""
    for one in schema.get("properties", {}).values():
        default = one.pop("default", None)
        if default is not None:
            one["description"] = f"{one.get('description', '')} By default `{json.dumps(default)}`.".strip()


def _fill_nulls(document: Document, schema: Document, example: Any) -> None:
    """Put back into an example what is null, which the framework leaves out."""
    schema = document["components"]["schemas"].get(str(schema.get("$ref")).removeprefix(SCHEMAS), schema)
    if isinstance(example, list):
        for one in example:
            _fill_nulls(document, schema.get("items", {}), one)
    if isinstance(example, dict):
        for name, one in schema.get("properties", {}).items():
            if name in example:
                _fill_nulls(document, one, example[name])
            elif name in schema.get("required", []) and NULL in one.get("anyOf", []):
                example[name] = None


def _nodes(part: Any) -> Iterator[Document]:
    """Every object within a part of a document, examples too."""
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _nodes(one)
