"""Weight initialization: the first weights of a network, drawn one by one from the random stream."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.config import Config
from engine.random_draws import uniform
from engine.random_stream import Stream
from engine.tables.initializers import INITIALIZERS
from engine.training.network import Network


def draw_weights(network: Network, config: Config, stream: Stream) -> None:
    """Draw all weights, layer by layer, unit by unit, and set the biases to where the initializer has them."""
    initializer = INITIALIZERS[config.initializer_name]
    for layer in network.layers:
        units, inputs = layer.weights.shape
        for row in layer.weights:
            row[:] = [initializer.f(stream, inputs, units) for _ in row]  # (D,)
        layer.biases.fill(initializer.bias)


class LayerDraws(NamedTuple):
    """Random numbers for a whole layer at a time, (H, D): one by one, tens of thousands would take half a second."""

    seed: str
    layer: int
    shape: tuple[int, int]

    def _draw(self, what: str) -> Any:
        return uniform(f"weights {what} {self.seed}", self.layer, self.shape)

    def random(self) -> Any:
        """Numbers in [0, 1)."""
        return self._draw("a")

    def uniform(self, low: float, high: float) -> Any:
        """Numbers between two others."""
        return low + (high - low) * self._draw("a")

    def normal(self, mean: float, variance: float) -> Any:
        """Numbers of a normal distribution, by Box and Muller."""
        radius = np.sqrt(-2 * np.log(1 - self._draw("a")))
        return mean + np.sqrt(variance) * radius * np.cos(2 * np.pi * self._draw("b"))


def draw_layers(network: Network, config: Config) -> None:
    """Draw the weights of a network for images, a layer at a time, and set its biases."""
    initializer = INITIALIZERS[config.initializer_name]
    for place, layer in enumerate(network.layers):
        units, inputs = layer.weights.shape
        draws = LayerDraws(config.weightSeed or config.seed, place, (units, inputs))
        layer.weights[...] = initializer.f(draws, inputs, units)  # (H, D)
        layer.biases.fill(initializer.bias)
