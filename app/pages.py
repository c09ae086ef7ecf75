"""The pages and their files: the playground, the API's documentation, health."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.assets import TEMPLATES, compressed, digest, files
from app.curves import curves
from app.explanations import EXPLANATIONS
from app.mathml import mathml
from app.messages import PROTOCOL, SPEEDS
from app.tutorials import TUTORIALS
from engine.activations import ACTIVATIONS
from engine.config import CONTROLS, LIMITS, MAX_LAYERS, MAX_UNITS, Config
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.parts import shuffle
from engine.penalties import PENALTIES
from engine.stream import Stream
from engine.trainer import OUTPUT_ACTIVATION

THUMBNAIL_POINTS = 150
RATES = {
    "learningRate": ["0.00001", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"],
    "regularizationRate": ["0", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"],
}
"""The original's steps; any other number can be typed."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


documentation_files = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")


def thumbnails() -> dict[str, dict[str, Any]]:
    """A few points of every data set, drawn as the page would have them without noise."""
    drawn = {}
    for name, dataset in DATASETS.items():
        if dataset.own:
            continue
        stream = Stream("thumbnail")
        points = dataset.make(500, 0.0, stream)
        shuffle(points, stream)
        few = [[round(value, 1) for value in point] for point in points[:THUMBNAIL_POINTS]]
        drawn[name] = {"domain": dataset.domain, "points": few}
    return drawn


def context() -> dict[str, Any]:
    """What the templates are made from."""
    return {
        "protocol": PROTOCOL,
        "activations": ACTIVATIONS,
        "penalties": PENALTIES,
        "features": FEATURES,
        "datasets": DATASETS,
        "rates": RATES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "controls": CONTROLS,
        "tutorials": TUTORIALS,
        "defaults": Config(),
        "facts": json.dumps(
            {
                "protocol": PROTOCOL,
                "thumbnails": thumbnails(),
                "features": {name: feature.label for name, feature in FEATURES.items()},
                "activations": curves(),
                "outputActivation": OUTPUT_ACTIVATION,
                "limits": {"layers": MAX_LAYERS, "units": MAX_UNITS},
            }
        ).replace("<", "\\u003c"),
    }


def environment() -> Environment:
    """What all pages are made with."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["mathml"] = mathml
    made.globals |= {"topics": EXPLANATIONS, "digest": digest()}
    return made


@cache
def page(template: str) -> str:
    """A page as HTML: nothing in it changes while the server runs."""
    return environment().get_template(template).render(context())


def prepare() -> None:
    """Make everything that does not change, so that the first visitor does not wait for it."""
    compressed()
    page("playground.html")


def _fresh(template: str) -> HTMLResponse:
    return HTMLResponse(page(template), headers={"Cache-Control": "no-cache"})


@router.get("/")
async def playground() -> HTMLResponse:
    """The page."""
    return _fresh("playground.html")


@router.get("/docs")
async def documentation() -> HTMLResponse:
    """The API's documentation, from files of this machine alone."""
    return _fresh("docs.html")


@router.get("/static/{version}/{path:path}")
async def static(version: str, path: str, request: Request) -> Response:
    """A file of the page, to be kept for good: its address changes with its content."""
    content = files().get(path) if version == digest() else None
    if content is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = compressed()[path], "gzip"
    return Response(content, media_type=TYPES[Path(path).suffix], headers=headers)


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """The icon, for those who ask at its old place."""
    return await static(digest(), "icon.svg", request)
