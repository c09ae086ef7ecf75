"""A run as JSON: a saved run, which the page opens, and beside it all that a reader may want to see."""

from __future__ import annotations

import json
import math
from typing import Any

from app.exports.files.layers import layers, normalization
from app.process.arithmetic import arithmetic
from app.wire.saved_run import FORMAT, SavedRun
from engine import Trainer, format_link, format_state


def make(trainer: Trainer) -> bytes:
    """The file. Floats are written as Python's repr writes them, so that each is read back to the same bits."""
    config = trainer.config
    saved = SavedRun(format=FORMAT, version=1, config=config.model_dump(mode="json"), state=format_state(trainer))
    now = trainer.measure()
    described = {
        "link": format_link(config),
        "epoch": trainer.epoch,
        "updates": trainer.updates,
        "written_with": arithmetic(),
        "losses": _parts(now.train_loss, now.validation_loss, now.test_loss),
        "scores": _parts(now.train_score, now.validation_score, now.test_score),
        "features": config.features,
        **normalization(trainer),
        "layers": [
            {"weights": part.weights.tolist(), "biases": part.biases.tolist(), "activation": part.activation}
            for part in layers(trainer)
        ],
    }
    return _text(saved.model_dump() | described).encode()


def _parts(*values: float) -> dict[str, float | None]:
    """A number of each part of the data; null where there is none."""
    finite = [value if math.isfinite(value) else None for value in values]
    return dict(zip(("train", "validation", "test"), finite, strict=True))


def _text(fields: dict[str, Any]) -> str:
    """JSON with a line for each field and each layer."""
    lines = [
        f"  {json.dumps(name)}: {_layers(value) if name == 'layers' else _one(value)}" for name, value in fields.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _layers(value: list[object]) -> str:
    return "[\n    " + ",\n    ".join(map(_one, value)) + "\n  ]"


def _one(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)
