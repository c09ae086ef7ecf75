"""The pages about sweeps: the list of them, and each one as a grid of its runs' boundaries."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from app.api.dependencies import TheRunner, number_before, whole_id
from app.api.row_views import cursor_of
from app.explain.setting_topics import SETTING_EXPLANATIONS
from app.live import knobs as live_knobs
from app.page.templates import environment
from app.runs.runner import Runner
from app.schemas.sweep_request import SweepRequest
from app.store.rows import Row
from engine import Config
from engine.data.datasets import DATASETS
from engine.images.image_sets import IMAGE_SETS
from engine.tables import Entry
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.hideable_controls import CONTROLS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS

PAGE = 50
"""Sweeps on a page of the list."""
FRESH = {"Cache-Control": "no-cache"}
OWN_LABELS = {
    "networkShape": "Hidden layers",
    "regDataset": "Data set",
    "classDataset": "Data set",
    "images": "Image set",
    "percValidationData": "Ratio of validation data",
    "activations": "Activations",
    "decayRate": "Factor of the schedule",
    "decayEpochs": "Period of the schedule",
    "patience": "Patience",
}
"""Labels of keys that are called otherwise on the page, where they stand among others, or have no control there."""
TABLES: dict[str, Mapping[str, Entry | None]] = {
    "activation": ACTIVATIONS,
    "activations": ACTIVATIONS,
    "outputActivation": OUTPUTS,
    "regularization": PENALTIES,
    "regularizationMode": MODES,
    "problem": TASKS,
    "dataset": DATASETS,
    "regDataset": DATASETS,
    "classDataset": DATASETS,
    "images": IMAGE_SETS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
}
VALUES = {key: {name: one.label if one else "None" for name, one in table.items()} for key, table in TABLES.items()}
"""What the values of some keys are called."""
OPEN = "default"
"""What the value of a key that was left open is called."""

router = APIRouter(include_in_schema=False)


class Listed(NamedTuple):
    """A sweep in words."""

    id: str
    created: str
    title: str
    """What it is about: "Spiral: learning rate and hidden layers"."""
    knobs: list[tuple[str, str]]
    """Each key's label and the values that it is tried at."""
    runs: int
    epochs: int
    search: str
    """ "grid", "random" or "tpe"."""


def label(key: str) -> str:
    """What a key of a configuration is called."""
    if key in FEATURES:
        return FEATURES[key].label
    if key in SETTING_EXPLANATIONS and key not in OWN_LABELS:
        return SETTING_EXPLANATIONS[key].title
    return OWN_LABELS.get(key) or CONTROLS.get(key) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).capitalize()


def value_text(key: str, value: Any) -> str:
    """What a value of a key is called."""
    if value is None:
        return OPEN
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(value_text(key, one) for one in value) or "none"
    return VALUES.get(key, {}).get(str(value)) or (f"{value:g}" if isinstance(value, float) else str(value))


def described(row: Row) -> Listed:
    """A row of the store in words."""
    asked = SweepRequest.model_validate(row["request"])
    base = asked.opened[0]
    seeds = asked.seeds if isinstance(asked.seeds, int) else len(asked.seeds)
    if asked.drawn:
        places, search, tried = asked.drawn.samples, "tpe" if asked.search else "random", asked.drawn.keys
    else:
        places, search, tried = math.prod(map(len, asked.grid.values())), "grid", dict(asked.grid)
    knobs = [(label(key), _values(key, values)) for key, values in tried.items()]
    if seeds > 1:
        knobs.append(("Seeds", str(seeds)))
    names = _listed([name[0].lower() + name[1:] for name, _ in knobs])
    created = datetime.fromtimestamp(row["created"], UTC).isoformat(timespec="seconds")
    title = f"{base.data.label}: {names}"
    return Listed(row["id"], created, title, knobs, places * seeds, asked.epochs, search)


def _listed(names: list[str]) -> str:
    """Names as in a sentence: "noise, seeds and batch size"."""
    *others, last = names or ["one run"]
    return f"{', '.join(others)} and {last}" if others else last


def _values(key: str, values: Any) -> str:
    if isinstance(values, list):
        between = "; " if any(isinstance(value, list) for value in values) else ", "
        return between.join(value_text(key, value) for value in values)
    return f"{values.low:g} to {values.high:g}"


@cache
def _facts() -> str:
    """What the page's script knows beforehand, as JSON that can stand in a page."""
    labels = {key: label(key) for key in Config.model_fields}
    knobs = {
        name: {"label": knob.label, "values": knob.values, "number": knob.is_number}
        for name, knob in live_knobs.knobs().items()
    }
    return json.dumps({"labels": labels, "values": VALUES, "open": OPEN, "knobs": knobs}).replace("<", "\\u003c")


@cache
def _templates() -> Environment:
    made = environment()
    made.globals["facts"] = _facts()
    return made


def page(template: str, status: int = 200, **content: Any) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(content), status, FRESH)


def missing() -> HTMLResponse:
    """What a person sees at an address where there is nothing."""
    return page("missing.html", 404)


async def _trains(runner: Runner, sweep: str) -> bool:
    """Whether a sweep has runs that have not ended."""
    for status in ("running", "queued"):
        if await runner.call(runner.store.runs, status=status, sweep=sweep, before=None, limit=1):
            return True
    return False


@router.get("/sweeps")
async def sweeps(
    request: Request, runner: TheRunner, cursor: Annotated[str | None, Query(max_length=64)] = None
) -> HTMLResponse:
    """The list of sweeps, the newest first."""
    rows = await runner.call(runner.store.sweeps, number_before(cursor), PAGE + 1)
    shown = [(described(row), await _trains(runner, row["id"])) for row in rows[:PAGE]]
    older = cursor_of(rows[PAGE - 1]) if len(rows) > PAGE else None
    return page("sweeps.html", sweeps=shown, older=older, first=cursor is None, base=str(request.base_url))


@router.get("/sweeps/{id}")
async def sweep(id: str, runner: TheRunner) -> Response:
    """A sweep as a grid of boundaries; a page that says so where there is none. A part of an id that stands for one
    sweep leads to its address."""
    row = await runner.call(runner.store.sweep, await whole_id(runner, "sweep", id))
    if row is None:
        return page("sweep-missing.html", 404)
    if row["id"] != id:
        return RedirectResponse(f"/sweeps/{row['id']}", 307)
    return page("sweep.html", sweep=described(row), notes=row["notes"])
