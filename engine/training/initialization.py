"""Weight initialization: the first weights of a network, drawn one by one from the random stream."""

from __future__ import annotations

from engine.config import Config
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
