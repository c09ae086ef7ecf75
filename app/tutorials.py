"""Tutorials: short lessons beside the playground, with links that set it up for each step."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from app import examples
from app.assets import TEMPLATES
from app.problem_json import RefusedError, refusals
from engine import Config
from engine.link import format_link
from engine.problems import shown

TUTORIALS = {"first-steps": "First steps", "spiral": "The spiral"}
"""The titles by their names in a link; the text of each is templates/tutorials/NAME.html."""

router = APIRouter(prefix="/api/v1/tutorials", tags=["tutorials"])


class Tutorial(BaseModel):
    """A tutorial to choose, by `tutorial=NAME` in a link."""

    name: str
    title: str


@router.get("", responses={200: {"content": {"application/json": {"example": examples.TUTORIALS}}}})
async def tutorials() -> list[Tutorial]:
    """All tutorials."""
    return [Tutorial(name=name, title=title) for name, title in TUTORIALS.items()]


@router.get(
    "/{name}",
    response_class=HTMLResponse,
    responses=refusals({404: "There is no such tutorial.", 422: "That is no name."}),
)
async def tutorial(
    name: Annotated[str, Path(description="The tutorial's name.", max_length=40, examples=["spiral"])],
) -> str:
    """A tutorial's text as a fragment of HTML."""
    if name not in TUTORIALS:
        raise RefusedError(404, detail=f"There is no tutorial named {shown(name)}; there are {', '.join(TUTORIALS)}.")
    return fragment(name)


@cache
def fragment(name: str) -> str:
    """The text of a tutorial; its links keep it open unless they name another."""

    def link(**fields: object) -> str:
        return "#" + format_link(Config.model_validate({"tutorial": name, **fields}))

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template(f"tutorials/{name}.html").render(title=TUTORIALS[name], link=link)
