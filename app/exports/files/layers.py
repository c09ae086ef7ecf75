"""What every format tells of a trained network: its layers, with the names of their activations, and what its inputs
are normalized by."""

from __future__ import annotations

from typing import NamedTuple

from engine import Trainer
from engine.errors import InputError, Problem
from engine.tables import Array


class TrainedLayer(NamedTuple):
    """One layer."""

    weights: Array  # (H, D)
    biases: Array  # (H,)
    activation: str
    """Its name in `ACTIVATIONS`, of the last layer in `OUTPUTS`."""


def layers(trainer: Trainer) -> list[TrainedLayer]:
    """The network's layers as they are now, from the inputs on; the arrays are copies."""
    names = (*trainer.config.hidden_activations, trainer.config.output_name)
    return [
        TrainedLayer(layer.weights.copy(), layer.biases.copy(), name)
        for layer, name in zip(trainer.network.layers, names, strict=True)
    ]


def normalization(trainer: Trainer) -> dict[str, list[float]]:
    """Mean and sigma of each input, (D,) each, as plain numbers: 0 and 1 where inputs are taken as they are."""
    return {name: values.tolist() for name, values in trainer.scaling._asdict().items()}


def require_features(trainer: Trainer, format_label: str) -> None:
    """ValueError where the network has no inputs, which programs of other makers refuse."""
    if not trainer.config.features:
        raise InputError(Problem("features", f"at least one for {format_label}", "none"))
