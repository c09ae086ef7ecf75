"""The pages and their files: the playground, the API's documentation, health."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.types import Scope

from app.assets import STATIC, TEMPLATES, digest
from app.messages import PROTOCOL, SPEEDS
from engine.activations import ACTIVATIONS
from engine.config import CONTROLS, LIMITS, MAX_LAYERS, MAX_UNITS, Config
from engine.datasets import DATASETS, shuffle
from engine.features import FEATURES
from engine.penalties import PENALTIES
from engine.stream import Stream

THUMBNAIL_POINTS = 200
RATES = {
    "learningRate": (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    "regularizationRate": (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
}
"""The original's steps; any other number can be typed."""
FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


class ForeverFiles(StaticFiles):
    """Files whose address changes with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be kept for good."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = FOREVER
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file below the present digest; anything else is not there."""
        version, _, rest = path.partition("/")
        return await super().get_response(rest if version == digest() else "-", scope)


static_files = ForeverFiles(directory=STATIC)
documentation_files = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")


def thumbnails() -> dict[str, dict[str, Any]]:
    """A few points of every data set, drawn as the page would have them without noise."""
    drawn = {}
    for name, dataset in DATASETS.items():
        stream = Stream("thumbnail")
        points = dataset.make(500, 0.0, stream)
        shuffle(points, stream)
        few = [[round(value, 2) for value in point] for point in points[:THUMBNAIL_POINTS]]
        drawn[name] = {"domain": dataset.domain, "points": few}
    return drawn


def context() -> dict[str, Any]:
    """What the templates are made from."""
    return {
        "digest": digest(),
        "modules": sorted(path.name for path in STATIC.glob("*.js") if path.name not in ("main.js", "docs.js")),
        "activations": ACTIVATIONS,
        "penalties": PENALTIES,
        "features": FEATURES,
        "datasets": DATASETS,
        "rates": RATES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "controls": CONTROLS,
        "defaults": Config(),
        "facts": json.dumps(
            {
                "protocol": PROTOCOL,
                "thumbnails": thumbnails(),
                "features": {name: feature.label for name, feature in FEATURES.items()},
                "limits": {"layers": MAX_LAYERS, "units": MAX_UNITS},
            }
        ).replace("<", "\\u003c"),
    }


@cache
def page(template: str) -> str:
    """A page as HTML: nothing in it changes while the server runs."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(context())


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


@router.get("/favicon.ico")
async def favicon() -> FileResponse:
    """The icon, for those who ask at its old place."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")
