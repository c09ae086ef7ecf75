"""What every format tells of a trained network: its layers, with the names of their activations."""

from __future__ import annotations

from typing import NamedTuple

from engine import Trainer
from engine.activations import ACTIVATIONS, Activation
from engine.tables import Array


class TrainedLayer(NamedTuple):
    """One layer."""

    weights: Array  # (H, D)
    biases: Array  # (H,)
    activation: str
    """Its name in `ACTIVATIONS`."""


def layers(trainer: Trainer) -> list[TrainedLayer]:
    """The network's layers as they are now, from the inputs on; the arrays are copies."""
    return [
        TrainedLayer(layer.weights.copy(), layer.biases.copy(), _name(layer.activation))
        for layer in trainer.network.layers
    ]


def _name(activation: Activation) -> str:
    return next(name for name, entry in ACTIVATIONS.items() if entry is activation)


def require_features(trainer: Trainer, format_label: str) -> None:
    """ValueError where the network has no inputs, which programs of other makers refuse."""
    if not trainer.config.features:
        raise ValueError(f"features: expected at least one for {format_label}, got none")
