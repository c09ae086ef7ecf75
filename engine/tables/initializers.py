"""Initializers: the first weights of a layer.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.tables import Entry


class RandomNumbers(Protocol):
    """What weights are drawn from, such as an `engine.random_stream.Stream`."""

    def random(self) -> float:
        """A number in [0, 1)."""

    def uniform(self, low: float, high: float) -> float:
        """A number between two others."""

    def normal(self, mean: float, variance: float) -> float:
        """A number of a normal distribution."""


@dataclass(frozen=True, kw_only=True)
class Initializer(Entry):
    """Draws each weight by itself, unit by unit."""

    f: Callable[[RandomNumbers, int, int], float]
    """f(stream, D, H): one weight of a layer."""
    bias: float = 0.0
    """Where biases begin."""


def _glorot(stream: RandomNumbers, inputs: int, units: int) -> float:
    limit = math.sqrt(6 / (inputs + units))
    return stream.uniform(-limit, limit)


INITIALIZERS: dict[str, Initializer] = {
    "uniform": Initializer(
        label="Uniform",
        formula="evenly from -1/2 to 1/2, biases 0.1",
        latex=r"\mathcal{U}\left(-\tfrac{1}{2}, \tfrac{1}{2}\right)",
        hint="The same spread for every layer, as in the original playground.",
        f=lambda stream, inputs, units: stream.random() - 0.5,
        bias=0.1,
    ),
    "zero": Initializer(
        label="Zero",
        formula="0",
        latex="0",
        hint="All units of a layer start alike and get the same gradient, so they stay alike for ever.",
        f=lambda stream, inputs, units: 0.0,
    ),
    "normal": Initializer(
        label="Normal",
        formula="normal with variance 1, biases 0",
        latex=r"\mathcal{N}(0, 1)",
        hint="Large weights whatever the width of the layer: wide layers of tanh begin saturated.",
        f=lambda stream, inputs, units: stream.normal(0.0, 1.0),
    ),
    "xavier": Initializer(
        label="Xavier",
        formula="evenly up to sqrt(6 / (inputs + units)), biases 0",
        latex=r"\mathcal{U}\left(\pm\sqrt{\tfrac{6}{D + H}}\right)",
        hint="Keeps signals and gradients of one size through layers of tanh (Glorot and Bengio, 2010).",
        f=_glorot,
    ),
    "he": Initializer(
        label="He",
        formula="normal with variance 2 / inputs, biases 0",
        latex=r"\mathcal{N}\left(0, \tfrac{2}{D}\right)",
        hint="Keeps signals of one size through layers of ReLU, which silence half of them (He et al., 2015).",
        f=lambda stream, inputs, units: stream.normal(0.0, 2 / inputs),
    ),
}
