"""Renders the page's HTML from the templates and the engine's tables."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.explain.mathml import mathml
from app.explain.rates import RATES
from app.explain.topics import EXPLANATIONS
from app.explain.update_rule import UPDATE_RULE
from app.page.assets import TEMPLATES, compressed, digest
from app.page.facts import facts
from app.wire.limits import MAX_EPOCHS_IN_GALLERY, MAX_RUNS_IN_GALLERY, PROTOCOL, SPEEDS
from engine.config import LIMITS, Config
from engine.data.datasets import DATASETS
from engine.images.image_sets import IMAGE_SETS
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
        "image_sets": IMAGE_SETS,
        "rates": RATES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "controls": CONTROLS,
        "gallery": {"most": MAX_RUNS_IN_GALLERY, "epochs": MAX_EPOCHS_IN_GALLERY},
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
