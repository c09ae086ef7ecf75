"""A run as arrays for `np.load`, under the names that scikit-learn has for them."""

from __future__ import annotations

import io

import numpy as np

from app.exports.files.layers import layers, normalization
from app.process.arithmetic import arithmetic
from engine import Trainer, format_state
from engine.tables import Array

WEIGHTS, BIASES = "coefs_", "intercepts_"
"""How the arrays of each layer are named, each followed by the layer's number from 0."""


def make(trainer: Trainer) -> bytes:
    """The file: `coefs_0` (D, H), `intercepts_0` (H,) and so on, texts as arrays without dimensions, and `mean` and
    `sigma` (D,), which each feature is normalized by: 0 and 1 where it is not."""
    parts, config = layers(trainer), trainer.config
    arrays: dict[str, Array] = {}
    for l, part in enumerate(parts):
        arrays[f"{WEIGHTS}{l}"] = part.weights.T  # (D, H)
        arrays[f"{BIASES}{l}"] = part.biases  # (H,)
    arrays["features"] = np.array(config.features, str)  # (D,)
    arrays |= {name: np.array(values, float) for name, values in normalization(trainer).items()}  # (D,) each
    arrays["activations"] = np.array([part.activation for part in parts])
    arrays["config"] = np.array(config.model_dump_json())  # ()
    arrays["state"] = np.array(format_state(trainer))  # ()
    arrays["written_with"] = np.array(arithmetic())  # ()
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()
