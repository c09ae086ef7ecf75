"""Results of a scripted run, computed on request: pictures, models, points, predictions.

Each is a pure function of JSON, so that it may be done by the processes that train.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from engine import Config, Trainer, trainer_at
from engine.errors import InputError, Problem
from engine.training.prediction import predicted_classes


def _trainer(config: dict[str, Any], state: str | None) -> Trainer:
    made = Config.model_validate_json(json.dumps(config))
    return trainer_at(made, state) if state else Trainer(made)


def model(config: dict[str, Any], state: str | None, format: str) -> bytes:
    """The network as a file; ValueError where the format cannot hold it."""
    from app.exports import export

    return export(_trainer(config, state), format)


def boundary(config: dict[str, Any], state: str | None, unit: str | None, size: int) -> bytes:
    """A unit's output on the plane as PNG; ValueError where there is no such unit."""
    from app.exports.charts.boundary import boundary_png

    return boundary_png(_trainer(config, state), unit, size)


def film(config: dict[str, Any], last: int, format: str, size: int, seconds: float) -> bytes:
    """The run's course from its first weights to an epoch, as an animated picture."""
    from app.exports.charts.film import film as film_of

    return film_of(_trainer(config, None), last, format, size, seconds)


def losses(rows: list[Any], width: int, height: int, log: bool) -> bytes:
    """The loss chart as PNG."""
    from app.exports.charts.loss_chart import loss_chart
    from engine.training.record import ROW

    table = np.array([tuple(np.nan if value is None else value for value in row) for row in rows], ROW)
    return loss_chart(table, width, height, log=log)


def points(config: dict[str, Any]) -> bytes:
    """The points as CSV: x, y, label, and whether they train, validate or test."""
    trainer = _trainer(config, None)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("x", "y", "label", "part"))
    for part in ("train", "validation", "test"):
        table.writerows((*point, part) for point in getattr(trainer.parts, part).points)
    return text.getvalue().encode()


def predict(
    config: dict[str, Any],
    state: str | None,
    points: list[tuple[float, float]] | None,
    images: list[list[float]] | None = None,
) -> bytes:
    """The outputs at some points or of some images, of many classes a probability for each, and their classes where
    there are such, as JSON."""
    trainer = _trainer(config, state)
    outputs = trainer.outputs(np.array(points or images, float))  # (K, N)
    values = [[value if math.isfinite(value) else None for value in point] for point in outputs.T.tolist()]
    classes = None if trainer.config.problem == "regression" else predicted_classes(outputs).tolist()
    found = {"outputs": values if len(outputs) > 1 else [value for (value,) in values], "classes": classes}
    return json.dumps(found, allow_nan=False).encode()


def test_images(config: dict[str, Any], columns: int) -> bytes:
    """The test images of a configuration as one PNG, in rows of so many."""
    from engine.pictures.png import encode
    from engine.pictures.templates import sheet

    trainer = _trainer(config, None)
    images, scaling = trainer.config.image_set, trainer.scaling
    if images is None:
        raise InputError(Problem("problem", "images", trainer.config.problem))
    pixels = trainer.test_data.X[:-1].T * scaling.sigma + scaling.mean  # (N, D)
    return encode(sheet(np.clip(pixels, 0, 1), images, columns))


RESULTS: dict[str, Callable[..., bytes]] = {
    made.__name__: made for made in (model, boundary, film, losses, points, predict, test_images)
}


def result(name: str, question: str) -> bytes:
    """One of the above by its name; its arguments in JSON."""
    return RESULTS[name](**json.loads(question))
