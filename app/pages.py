"""The pages and their files: the playground, the API's documentation, health."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.assets import PACKAGE, TEMPLATES, compressed, digest, files
from app.curves import curves
from app.explanations import EXPLANATIONS
from app.gallery import MOST, MOST_EPOCHS
from app.gallery_knobs import MOST_VALUES, knobs
from app.mathml import mathml
from app.messages import PROTOCOL, SPEEDS
from app.rates import RATES
from app.setting_explanations import BATCH_KINDS
from app.update_rule import UPDATE_RULE
from engine.activations import ACTIVATIONS
from engine.config import CONTROLS, LIMITS, MAX_LAYERS, MAX_SPLIT, MAX_UNITS, Config
from engine.dataset import Interval
from engine.datasets import DATASETS, Point
from engine.features import FEATURES
from engine.initializers import INITIALIZERS
from engine.link_keys import QUERY, TELLING
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.outputs import OUTPUTS
from engine.parts import shuffle
from engine.penalties import MODES, PENALTIES
from engine.schedules import SCHEDULES
from engine.scores import SCORES
from engine.stream import Stream
from engine.tasks import TASKS

THUMBNAIL_POINTS = 150
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


documentation_files = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")
guide_files = StaticFiles(directory=PACKAGE / "guide", html=True, check_dir=False)
"""The documentation as a site, which is built there when the package is installed."""


def thumbnails() -> dict[str, dict[str, Any]]:
    """A few points of every data set, drawn as the page would have them without noise."""
    drawn = {}
    for name, dataset in DATASETS.items():
        if dataset.own:
            continue
        stream = Stream("thumbnail")
        points = dataset.make(THUMBNAIL_POINTS, 0.0, stream, dataset.classes or Config().classes)
        shuffle(points, stream)
        few = [_rounded(point, dataset.domain) for point in points]
        drawn[name] = {"domain": dataset.domain, "points": few}
    return drawn


def _rounded(point: Point, domain: tuple[Interval, Interval]) -> list[float]:
    """A point as exactly as a thumbnail shows it, to about a hundredth of its axes."""
    digits = [1 - math.floor(math.log10((high - low) / 10)) for low, high in domain]
    return [round(value, count) for value, count in zip(point, (*digits, 1), strict=True)]


def facts() -> dict[str, Any]:
    """What the page's modules know of the engine's tables."""
    return {
        "protocol": PROTOCOL,
        "thumbnails": thumbnails(),
        "features": {name: feature.label for name, feature in FEATURES.items()},
        "activations": curves(ACTIVATIONS),
        "outputs": curves(OUTPUTS),
        "tasks": {name: _task(name) for name in TASKS},
        "optimizers": {
            name: {
                "label": one.label,
                "momentum": one.uses_momentum,
                "remembers": one.memory > 0,
                "decouples": one.decouples,
            }
            for name, one in OPTIMIZERS.items()
        },
        "schedules": {
            name: {"label": one.label, "factor": one.uses_factor, "period": one.uses_period}
            for name, one in SCHEDULES.items()
        },
        "initializers": {name: {"label": one.label} for name, one in INITIALIZERS.items()},
        "batchKinds": {name: entry.label for name, entry in BATCH_KINDS.items()},
        "defaults": Config().model_dump(),
        "ownData": {name: dataset.label for name, dataset in DATASETS.items() if dataset.own},
        "gallery": {
            "values": MOST_VALUES,
            "knobs": {
                name: {"label": knob.label, "values": knob.values, "labels": knob.labels, "number": knob.is_number}
                for name, knob in knobs().items()
            },
        },
        "link": {"telling": _javascript(TELLING), "query": _javascript(QUERY)},
        "limits": {"layers": MAX_LAYERS, "units": MAX_UNITS, "split": MAX_SPLIT},
    }


def _javascript(pattern: re.Pattern[str]) -> str:
    """A regular expression as JavaScript has it: there a named group is written without the P."""
    return pattern.pattern.replace("(?P<", "(?<")


def _task(name: str) -> dict[str, Any]:
    """What belongs to a kind of problem where nothing else is said, and which losses and outputs fit it."""
    task = TASKS[name]
    return {
        "label": task.label,
        "dataset": task.dataset,
        "samples": task.samples,
        "loss": task.loss,
        "output": task.output,
        "score": SCORES[name].label,
        "losses": [key for key, loss in LOSSES.items() if name in loss.problems],
        "outputs": [key for key, output in OUTPUTS.items() if name in output.problems],
    }


def context() -> dict[str, Any]:
    """What the templates are made from."""
    return {
        "protocol": PROTOCOL,
        "activations": ACTIVATIONS,
        "penalties": PENALTIES,
        "penalty_modes": MODES,
        "tasks": TASKS,
        "losses": LOSSES,
        "optimizers": OPTIMIZERS,
        "schedules": SCHEDULES,
        "outputs": OUTPUTS,
        "initializers": INITIALIZERS,
        "features": FEATURES,
        "datasets": DATASETS,
        "rates": RATES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "controls": CONTROLS,
        "gallery": {"most": MOST, "epochs": MOST_EPOCHS},
        "defaults": Config(),
        "facts": json.dumps(facts()).replace("<", "\\u003c"),
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
    made.globals |= {"topics": EXPLANATIONS, "update_rule": UPDATE_RULE, "digest": digest()}
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
