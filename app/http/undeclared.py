"""Refuses what a route has not declared: unknown query parameters, and bodies that are not JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_origin

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection

from app.http.problem_json import RefusedError
from engine.errors import MAX_LISTED, Problem, unlisted, with_suggestion

API = "/api/v1/"
LONGEST = 40
"""Characters of a parameter's name that is repeated as the name of what was wrong."""
JSON = "application/json"
HOW_TO_SEND_JSON = f"{JSON} (with curl: -H 'Content-Type: {JSON}', or --json in place of -d)"


async def refuse_undeclared(connection: HTTPConnection) -> None:
    """Raise RefusedError where a request says more than its route can hear, which would be ignored, or says it in a
    form that the route does not read."""
    route = connection.scope.get("route")
    if not isinstance(route, APIRoute) or not connection.url.path.startswith(API):
        return
    if found := [*_unknown_parameters(connection.query_params, _parameters(route))]:
        raise RefusedError(422, *found[:MAX_LISTED], *unlisted(len(found), "query"))
    media_type = connection.headers.get("content-type", "")
    if route.body_field and _has_body(connection) and not _is_json(media_type):
        raise RefusedError(415, Problem("Content-Type", HOW_TO_SEND_JSON, media_type or "none"))


def _parameters(route: APIRoute) -> dict[str, bool]:
    """The query parameters of a route and of what it depends on, and whether each may come several times."""
    declared = [one for one in get_flat_params(route.dependant) if isinstance(one.field_info, params.Query)]
    return {one.alias: get_origin(one.field_info.annotation) is list for one in declared}


def _unknown_parameters(given: QueryParams, known: dict[str, bool]) -> Iterator[Problem]:
    """Parameters that would be ignored: unknown ones, and all but the last of several where one is read."""
    for name in given:
        if name not in known:
            yield Problem(
                name if len(name) < LONGEST else "query", _expected([*known]), with_suggestion(name, [*known])
            )
        elif len(values := given.getlist(name)) > 1 and not known[name]:
            yield Problem(name, "one value", f"{len(values)}")


def _expected(known: list[str]) -> str:
    return f"one of the parameters {', '.join(known)}" if known else "no parameters at this address"


def _has_body(connection: HTTPConnection) -> bool:
    return "transfer-encoding" in connection.headers or connection.headers.get("content-length", "0") != "0"


def _is_json(media_type: str) -> bool:
    """Whether it is JSON, or a kind of it as application/problem+json."""
    kind, _, subtype = media_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))
