"""A network from a file as a run: under its own configuration, under a given one, or under one that its shape asks for.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

from typing import Any

from app.exports.files.model_reader import Model
from engine import Config, Trainer, trainer_at
from engine.data.datasets import DATASETS
from engine.data.points import MAX_CLASSES
from engine.errors import InputError, Problem
from engine.tables import Array
from engine.tables.features import FEATURES

PLANE = ("x", "y")
"""The features that a network of two inputs is taken to have."""


def config_for(model: Model, base: Config) -> tuple[Config, list[str]]:
    """The configuration of another program's network: the base, with the shape, the problem and the activations that
    the file asks for, and a note for each.

    Raises:
        InputError: no features of ours are as many as its inputs, or it has too many outputs.
    """
    inputs, *hidden, outputs = _shape(model.layers)
    notes = [f"The network in the file is {_units(_shape(model.layers))}."]
    changes: dict[str, Any] = {"networkShape": hidden}
    if inputs != len(base.features):
        if inputs != len(PLANE):
            expected = f"{len(base.features)} inputs, as many as the link has features, or {len(PLANE)}"
            raise InputError(Problem("layers.0.weights", expected, str(inputs)))
        changes |= {name: name in PLANE for name in FEATURES}
        notes.append("Its two inputs are taken for x1 and x2.")
    changes |= _problem(base, outputs)
    activations = list(model.activations)
    if hidden and not activations:
        notes.append(f"The file does not say its activation: {base.activation} is taken, which you may change.")
    elif len(set(activations)) == 1:
        changes |= {"activation": activations[0], "activations": ()}
    elif activations:
        changes["activations"] = tuple(activations)
    return Config.model_validate(base.model_dump() | changes), [*notes, *model.notes]


def _problem(base: Config, outputs: int) -> dict[str, Any]:
    """What a number of outputs says of the problem."""
    if outputs == 1:
        return {"problem": "classification"} if base.problem == "multiclass" else {}
    if outputs > MAX_CLASSES:
        raise InputError(Problem("layers", f"at most {MAX_CLASSES} outputs, one a class", str(outputs)))
    found: dict[str, Any] = {"problem": "multiclass", "classes": outputs}
    fixed = DATASETS[base.classDataset].classes
    return found if fixed in (None, outputs) else found | {"classDataset": "blobs"}


def trainer_from(model: Model, config: Config | None) -> Trainer:
    """The run that a file holds, under its own configuration or another of the same shape.

    Under its own it goes on to the same bits; under another its weights begin a new run, at epoch 0. ValueError where
    the weights do not fit.
    """
    config = config or model.config
    if config is None:
        raise InputError(Problem("config", "a configuration beside the weights", "none"))
    if model.state is not None and config == model.config:
        return trainer_at(config, model.state)
    shape = _shape(model.layers)
    if shape != config.shape:
        raise InputError(Problem("layers", f"{_units(config.shape)} units, as configured", _units(shape)))
    trainer = Trainer(config)
    for layer, (weights, biases) in zip(trainer.network.layers, model.layers, strict=True):
        layer.weights[...] = weights
        layer.biases[...] = biases
    return trainer


def _shape(layers: list[tuple[Array, Array]]) -> tuple[int, ...]:
    return (layers[0][0].shape[1], *(len(biases) for _, biases in layers))


def _units(shape: tuple[int, ...]) -> str:
    return "-".join(map(str, shape))
