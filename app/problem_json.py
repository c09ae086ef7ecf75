"""Errors of the HTTP API as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from engine.problems import Problem, problems

MEDIA_TYPE = "application/problem+json"
PLAIN = {"bool_parsing": "true or false", "model_attributes_type": "an object"}
"""What is said in place of a validator's own words."""

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

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [EXAMPLE]})

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
    """Raised by what a `ProblemRoute` calls; answered with the status and what was wrong."""

    def __init__(self, status: int, *found: Problem, detail: str | None = None) -> None:
        super().__init__(detail or " ".join(map(str, found)))
        self.status, self.found = status, found

    def answer(self) -> Response:
        """The refusal as a problem document."""
        document = ProblemDocument(
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=str(self),
            errors=[FieldError(**problem._asdict()) for problem in self.found],
        )
        return Response(document.model_dump_json(), self.status, media_type=MEDIA_TYPE)


class ProblemRoute(APIRoute):
    """A route whose refusals are problem documents; a router has them by `APIRouter(route_class=ProblemRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, its refusals made answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RefusedError as refused:
                return refused.answer()
            except RequestValidationError as error:
                return RefusedError(422, *_problems(error)).answer()
            except HTTPException as error:
                return RefusedError(error.status_code, detail=str(error.detail)).answer()

        return answer


def _problems(error: RequestValidationError) -> list[Problem]:
    """What was refused, each by its name within the query or the body."""
    details: list[Any] = []
    for detail in error.errors():
        kind, place = detail["type"], detail["loc"]
        if kind == "json_invalid":
            return [Problem("body", "JSON", f"a mistake at character {place[-1]}")]
        context = {**detail.get("ctx", {}), "message": PLAIN.get(kind, detail["msg"])}
        plain = PydanticCustomError(kind, "{message}", context)
        details.append({"type": plain, "loc": place[1:] or place, "input": detail["input"]})
    return problems(ValidationError.from_exception_data("request", details))


def refusals(descriptions: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route, for the OpenAPI document: what each status of a refusal means."""
    schema = ProblemDocument.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")[FieldError.__name__]
    content = {MEDIA_TYPE: {"schema": schema}}
    return {status: {"description": text, "content": content} for status, text in descriptions.items()}
