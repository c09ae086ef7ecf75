"""Errors of the HTTP API as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, get_args

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.http.damaged_addresses import page_of
from engine.errors import MAX_LISTED, Problem, problems, unlisted, with_suggestion

MEDIA_TYPE = "application/problem+json"
PLAIN = {"bool_parsing": "true or false", "bool_type": "true or false", "model_attributes_type": "an object"}
"""Sentences in place of a validator's own."""
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
"""The statuses of refusals in the words of RFC 9110, for the documentation: versions of Python have others."""
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not know that method; the Allow header names those that it does.",
    408: "The body did not come in time.",
    413: "The body is too large.",
}
"""Sentences for refusals of the framework, in place of its own."""
UNREADABLE = "There was an error parsing the body"
TOO_LONG = "text in no UTF, or that is nested too deep, or with too long a number"
"""What the framework cannot read of a body, beside mistakes in JSON."""

Responses = dict[int | str, dict[str, Any]]
EXAMPLE: JsonDict = {
    "type": "about:blank",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "noise: expected at most 100, got 101.",
    "errors": [{"field": "noise", "expected": "at most 100", "got": "101"}],
}


class FieldError(BaseModel):
    """One refused value."""

    field: str
    expected: str
    got: str


class ProblemDocument(BaseModel):
    """Why a request was refused."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"title": "Problem", "examples": [EXAMPLE]}
    )

    type: str
    """Always about:blank: the status says what kind of problem it is."""
    title: str
    """The status in words."""
    status: int
    detail: str
    """What was wrong, in whole sentences."""
    errors: list[FieldError]
    """The values that were refused."""


class RefusedError(Exception):
    """Raised by any route; answered with the status and what was wrong."""

    def __init__(
        self,
        status: int,
        *found: Problem,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or " ".join(map(str, found)))
        self.status, self.found, self.headers = status, found, headers

    def answer(self) -> Response:
        """The refusal as a problem document."""
        document = ProblemDocument(
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=str(self),
            errors=[FieldError(**problem._asdict()) for problem in self.found],
        )
        return Response(document.model_dump_json(), self.status, self.headers, MEDIA_TYPE)


def answer_with_problems(app: FastAPI, missing: Callable[[], Response] | None = None) -> None:
    """Make every refusal of an application a problem document, but for a browser that finds nothing: that gets the
    page `missing`."""

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        return error.answer()

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return RefusedError(422, *_problems(error, _body_of(request))).answer()

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and (page := page_of(request)):
            return page
        if error.status_code == 404 and missing and wants_page(request):
            return missing()
        if error.status_code < 400:
            return Response(status_code=error.status_code, headers=error.headers)
        if error.status_code == 405:
            error.headers = {"Allow": ", ".join(sorted(_methods(request)))}
        if error.detail == UNREADABLE:
            return RefusedError(error.status_code, Problem("body", "JSON that can be read", TOO_LONG)).answer()
        plain = error.detail == HTTPStatus(error.status_code).phrase
        detail = SENTENCES.get(error.status_code, error.detail) if plain else error.detail
        return RefusedError(error.status_code, detail=detail, headers=error.headers).answer()


def wants_page(request: Request) -> bool:
    """Whether a person asks with a browser, and not for the API."""
    reads = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
    return reads and not request.scope["path"].startswith("/api/")


def _methods(request: Request) -> set[str]:
    """What an address may be asked to do: each route knows only its own methods."""
    parts = [getattr(part, "original_router", None) for part in request.app.routes]
    routes = [*request.app.routes, *(route for part in parts if part for route in part.routes)]
    fitting = [route for route in routes if hasattr(route, "methods") and route.matches(request.scope)[0] != Match.NONE]
    known = set().union(*(route.methods for route in fitting))
    return known | ({"HEAD"} if "GET" in known else set())


def _body_of(request: Request) -> type[BaseModel] | None:
    """What the route of a request takes as its body."""
    field = getattr(request.scope.get("route"), "body_field", None)
    return _model_in(field.field_info.annotation) if field else None


def _problems(error: RequestValidationError, body: type[BaseModel] | None) -> list[Problem]:
    """What was refused, each by its name within the query or the body."""
    refused = _without_null(error.errors())
    details: list[Any] = []
    for detail in refused[:MAX_LISTED]:
        kind, place = detail["type"], detail["loc"]
        if kind == "json_invalid":
            return [Problem("body", "JSON", f"a mistake at character {place[-1]}")]
        message = PLAIN.get(kind, detail["msg"])
        plain = PydanticCustomError(kind, "{message}", {**detail.get("ctx", {}), "message": message})
        details.append({"type": plain, "loc": _path(place) or place, "input": detail["input"]})
    found = problems(ValidationError.from_exception_data("request", details))
    listed = [
        one._replace(got=with_suggestion(detail["loc"][-1], names_at(body, detail["loc"][:-1])))
        if detail["type"].type == "extra_forbidden"
        else one
        for one, detail in zip(found, details, strict=False)
    ]
    return [*listed, *found[len(details) :], *unlisted(len(refused), "request")]


def _path(place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The way to a value as its asker knows it. In an address or a header a value has a name alone; what follows it is
    the way through a union."""
    return place[1:] if place[0] == "body" else place[1:2]


def _without_null(refused: Sequence[Any]) -> list[Any]:
    """What was refused, without the alternative of leaving a value out, where there is another."""
    others = {_path(one["loc"])[:1] for one in refused if one["type"] != "none_required"}
    return [one for one in refused if one["type"] != "none_required" or _path(one["loc"])[:1] not in others]


def names_at(model: type[BaseModel] | None, path: Sequence[str | int]) -> list[str]:
    """The names of the fields at a place of a model; none where there is no model."""
    for part in path:
        field = model.model_fields.get(str(part)) if model else None
        model = _model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The first model of an annotation, which may leave it open."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def refusals(descriptions: Mapping[int, str]) -> Responses:
    """The `responses` of a route, for the OpenAPI document: what each status of a refusal means."""
    return {
        status: {"$ref": f"#/components/responses/{_name(status)}", "description": text}
        for status, text in descriptions.items()
    }


def components(statuses: Iterable[int]) -> dict[str, dict[str, Any]]:
    """What refusals refer to in an OpenAPI document: the schemas, and a response for each status."""
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    content = {"schema": {"$ref": f"#/components/schemas/{schema['title']}"}}
    return {
        "schemas": {schema["title"]: schema, **schema.pop("$defs")},
        "responses": {
            _name(status): {
                "description": f"{TITLES[status]}.",
                "content": {MEDIA_TYPE: {**content, "example": _example(status)}},
            }
            for status in statuses
        },
    }


def _name(status: int) -> str:
    return TITLES[status].replace(" ", "")


def _example(status: int) -> JsonDict:
    """How a refusal may look."""
    if status == EXAMPLE["status"]:
        return EXAMPLE
    detail = SENTENCES.get(status, f"{TITLES[status]}.")
    return {**EXAMPLE, "title": TITLES[status], "status": status, "detail": detail, "errors": []}
