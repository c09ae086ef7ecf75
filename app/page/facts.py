"""The data that the page's scripts get from the engine's tables."""

from __future__ import annotations

import math
import re
from typing import Any

from app.explain.setting_topics import BATCH_KINDS
from app.live.knobs import knobs
from app.page.activation_curves import curves
from app.wire.limits import MAX_COMPARED_VALUES, PROTOCOL
from engine.config import Config
from engine.config.field_types import MAX_LAYERS, MAX_SPLIT, MAX_UNITS
from engine.data.dataset import Interval
from engine.data.datasets import DATASETS, Point
from engine.link.keys import KEY_WITH_VALUE, QUERY
from engine.random_stream import Stream
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.schedules import SCHEDULES
from engine.tables.scores import SCORES
from engine.tables.tasks import TASKS
from engine.training.split import shuffle

THUMBNAIL_POINTS = 150


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
            "values": MAX_COMPARED_VALUES,
            "knobs": {
                name: {"label": knob.label, "values": knob.values, "labels": knob.labels, "number": knob.is_number}
                for name, knob in knobs().items()
            },
        },
        "link": {"telling": _javascript(KEY_WITH_VALUE), "query": _javascript(QUERY)},
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
        "defaults": dict(task.defaults),
        "losses": [key for key, loss in LOSSES.items() if name in loss.problems],
        "outputs": [key for key, output in OUTPUTS.items() if name in output.problems],
    }
