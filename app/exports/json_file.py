"""A run as JSON: a saved run, which the page opens, and beside it all that a reader may want to see."""

from __future__ import annotations

import json
import math
from typing import Any

from app.exports.layers import layers
from app.saved import FORMAT, SavedRun
from engine import Trainer, format_link, format_state


def make(trainer: Trainer) -> bytes:
    """The file. Floats are written as Python's repr writes them, so that each is read back to the same bits."""
    config = trainer.config
    saved = SavedRun(format=FORMAT, version=1, config=config.model_dump(mode="json"), state=format_state(trainer))
    train_loss, test_loss, train_score, test_score = map(_finite, trainer.measure())
    described = {
        "link": format_link(config),
        "epoch": trainer.epoch,
        "updates": trainer.updates,
        "losses": {"train": train_loss, "test": test_loss},
        "scores": {"train": train_score, "test": test_score},
        "features": config.features,
        "layers": [
            {"weights": part.weights.tolist(), "biases": part.biases.tolist(), "activation": part.activation}
            for part in layers(trainer)
        ],
    }
    return _text(saved.model_dump() | described).encode()


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


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
