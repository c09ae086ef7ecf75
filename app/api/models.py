"""Importing networks: a file of weights in, a run that the page can open out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from app.api.dependencies import accepting
from app.exports import config_for, trainer_from
from app.exports import read_model as read_file
from app.exports.files.model_reader import MAX_CONTENT
from app.http.body_limit import whole_body
from app.http.problem_json import RefusedError, refusals
from app.schemas import examples
from app.schemas.run_request import check_link
from app.wire.limits import MAX_LINK
from app.wire.saved_run import FORMAT, SavedRun
from engine import Config, format_state, parse_link
from engine.errors import InputError

BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A network as `GET /runs/{id}/model` writes it (JSON, .npz, safetensors, ONNX), or one of "
        "another program: dense layers under the names of PyTorch, Keras or scikit-learn in any of these formats.",
        "content": {"application/json": {"schema": {}, "example": examples.MODEL}, "application/octet-stream": BINARY},
    }
}


class OpenedModel(SavedRun):
    """A network from a file as a saved run, with notes."""

    notes: Annotated[list[str], Field(default_factory=list)]
    """What was understood of another program's network, in sentences."""


router = APIRouter(prefix="/api/v1", tags=["results"])


@router.post(
    "/models",
    openapi_extra=BODY,
    responses=refusals(
        {
            400: "The body did not arrive completely.",
            413: f"The body has more than {MAX_CONTENT:,} bytes.",
            422: "The file holds no network of dense layers, or one that cannot be shown here; the layer is named.",
        }
    )
    | {200: {"content": {"application/json": {"example": examples.OPENED}}}},
)
async def read_model(
    request: Request,
    link: Annotated[
        str | None,
        Query(
            max_length=MAX_LINK,
            description="The configuration for weights that come without one, as a link; "
            "their shape decides how many units, classes and which problem.",
        ),
    ] = None,
    strict: Annotated[bool, Query(description="Whether a link is refused if it does not keep its meaning.")] = True,
) -> OpenedModel:
    """Read a network, as a saved run that the page opens."""
    body = await whole_body(request, MAX_CONTENT)
    with accepting(None):
        check_link(link, strict=strict)
    return await run_in_threadpool(_read, body, link)


def _read(body: bytes, link: str | None) -> OpenedModel:
    notes = list[str]()
    try:
        model = read_file(body)
        config = model.config
        if config is None:
            config, notes = config_for(model, Config() if link is None else parse_link(link).config)
        trainer = trainer_from(model, config)
    except InputError as error:
        raise RefusedError(422, *error.problems) from None
    fields = trainer.config.model_dump(mode="json")
    return OpenedModel(format=FORMAT, version=1, config=fields, state=format_state(trainer), notes=notes)
