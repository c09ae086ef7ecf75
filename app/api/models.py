"""Importing networks: a file of weights in, a run that the page can open out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from app.api.dependencies import accepting
from app.exports import read_model as read_file
from app.exports import trainer_from
from app.exports.files.model_reader import MAX_CONTENT
from app.http.body_limit import whole_body
from app.http.problem_json import RefusedError, refusals
from app.schemas import examples
from app.schemas.run_request import check_link
from app.wire.limits import MAX_LINK
from app.wire.saved_run import FORMAT, SavedRun
from engine import format_state, parse_link
from engine.problems import InputError

BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A network as `GET /runs/{id}/model` writes it as JSON or .npz, or weights and biases alone "
        "under the same names.",
        "content": {"application/json": {"schema": {}, "example": examples.MODEL}, "application/octet-stream": BINARY},
    }
}

router = APIRouter(prefix="/api/v1", tags=["results"])


@router.post(
    "/models",
    openapi_extra=BODY,
    responses=refusals(
        {
            400: "The body did not come whole.",
            413: f"The body has more than {MAX_CONTENT:,} bytes.",
            422: "The file holds no network, or one of another shape than the link's.",
        }
    )
    | {200: {"content": {"application/json": {"example": examples.OPENED}}}},
)
async def read_model(
    request: Request,
    link: Annotated[
        str | None,
        Query(max_length=MAX_LINK, description="The configuration for weights that come without one, as a link."),
    ] = None,
    strict: Annotated[bool, Query(description="Whether a link that does not mean what it says is refused.")] = True,
) -> SavedRun:
    """Read a network, as a saved run that the page opens."""
    body = await whole_body(request, MAX_CONTENT)
    with accepting(None):
        check_link(link, strict=strict)
    return await run_in_threadpool(_read, body, link)


def _read(body: bytes, link: str | None) -> SavedRun:
    try:
        model = read_file(body)
        trainer = trainer_from(model, model.config or (None if link is None else parse_link(link).config))
    except InputError as error:
        raise RefusedError(422, *error.problems) from None
    config = trainer.config.model_dump(mode="json")
    return SavedRun(format=FORMAT, version=1, config=config, state=format_state(trainer))
