"""A trained network for other programs: as a file of many formats, and as a script that trains it anew.

Every format is one entry of `FORMATS`. Two of them can be read back: `read_model` and `trainer_from`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.exports.files import json_file, npz_file, onnx_file, safetensors_file
from app.exports.files.model_fitting import config_for, trainer_from
from app.exports.files.model_reader import Model, read_model
from app.exports.scripts.notebook import notebook
from app.exports.scripts.script import script
from engine import Trainer
from engine.errors import InputError, Problem, shown

__all__ = ["FORMATS", "Format", "Model", "config_for", "export", "read_model", "trainer_from"]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write a trained network."""

    label: str
    """What a menu shows."""
    hint: str
    """One sentence to a newcomer."""
    media_type: str
    suffix: str
    """How a file's name ends; no two formats share it."""
    make: Callable[[Trainer], bytes]
    """The file; ValueError where the format cannot hold the run."""


FORMATS: dict[str, Format] = {
    "json": Format(
        label="JSON",
        hint="All of it, readable and to the last bit, with the state that this playground opens and goes on from.",
        media_type="application/json",
        suffix=".json",
        make=json_file.make,
    ),
    "npz": Format(
        label="NumPy arrays",
        hint="The weights as arrays under scikit-learn's names, to be loaded by np.load, and the state to go on from.",
        media_type="application/octet-stream",
        suffix=".npz",
        make=npz_file.make,
    ),
    "safetensors": Format(
        label="safetensors",
        hint="The weights under PyTorch's names, in the format of shared models, because it can hold no program.",
        media_type="application/octet-stream",
        suffix=".safetensors",
        make=safetensors_file.make,
    ),
    "onnx": Format(
        label="ONNX",
        hint="The network as a graph that runs in browsers, phones and other languages; it takes raw points.",
        media_type="application/octet-stream",
        suffix=".onnx",
        make=onnx_file.make,
    ),
    "numpy": Format(
        label="NumPy script",
        hint="The whole training in NumPy alone, which ends at the losses of this run and checks it.",
        media_type="text/x-python",
        suffix="_numpy.py",
        make=lambda trainer: script(trainer, "numpy").encode(),
    ),
    "pytorch": Format(
        label="PyTorch script",
        hint="The same training with layers and gradients of PyTorch.",
        media_type="text/x-python",
        suffix="_pytorch.py",
        make=lambda trainer: script(trainer, "pytorch").encode(),
    ),
    "scikit-learn": Format(
        label="scikit-learn script",
        hint="The same training of scikit-learn's MLPRegressor, as far as that can do it.",
        media_type="text/x-python",
        suffix="_sklearn.py",
        make=lambda trainer: script(trainer, "scikit-learn").encode(),
    ),
    "notebook": Format(
        label="Jupyter notebook",
        hint="The NumPy script in cells, with explanations between them.",
        media_type="application/x-ipynb+json",
        suffix=".ipynb",
        make=notebook,
    ),
}

FOR_IMAGES = ("json", "npz", "safetensors")
"""The formats that hold a network whose inputs are pixels."""


def export(trainer: Trainer, format: str) -> bytes:
    """The run's present network in a format; ValueError for a format that is none or cannot hold it.

    Scripts and notebooks replay the run from its first weights, which takes as long as it took to train, at worst some
    seconds: see `app.exports.scripts.replays`. All else takes milliseconds.
    """
    if format not in FORMATS:
        raise InputError(Problem("format", f"one of {', '.join(FORMATS)}", shown(format)))
    if trainer.config.image_set and format not in FOR_IMAGES:
        raise InputError(Problem("format", f"one of {', '.join(FOR_IMAGES)} for a network of images", shown(format)))
    return FORMATS[format].make(trainer)
