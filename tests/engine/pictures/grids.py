"""What the tests of grids share."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.config import Config
from engine.pictures.grid import Grid
from engine.tables import Array
from engine.tables.features import design_matrix
from engine.trainer import Trainer
from engine.training.network import Network, Pass

SIDE, SMALL = 12, 5  # few pixels are enough to tell a map from its neighbours and its mirror images


def grid(config: Config) -> Grid:
    return Grid(config, side=SIDE, unit_side=SMALL)


def centres(config: Config, side: int) -> list[tuple[float, float]]:
    """The centres of side x side pixels, row by row from the top left."""
    (left, right), (bottom, top) = config.data.domain
    return [
        (left + (column + 0.5) * (right - left) / side, top - (row + 0.5) * (top - bottom) / side)
        for row in range(side)
        for column in range(side)
    ]


def layers(config: Config, network: Network, side: int) -> list[Array]:
    """Every layer's activations (H, side, side) at the pixels' centres, in double precision."""
    places = centres(config, side)
    buffers = Pass(network, len(places))
    buffers.forward(design_matrix(config.features, places))
    return [a.reshape(-1, side, side) for a in buffers.outputs]


def network(config: Config, scale: float = 1.0) -> Network:
    """The first weights of a run, scaled, with different biases."""
    network = Trainer(config).network
    network.theta *= scale
    for layer in network.layers:
        layer.biases[:] = np.linspace(-0.7, 0.9, len(layer.biases))
    return network


def run(**values: Any) -> Config:
    return Config.model_validate({"numSamples": 100, "networkShape": (3, 2), **values})
