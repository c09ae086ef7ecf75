"""The grid of the plotted plane: the output of every unit at every place, as maps.

Shapes: S pixels a side of a full map, s of a small one, M = S S + s s places, H units of a layer, U hidden
units in all, K outputs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.copying import Copyable
from engine.errors import InputError, Problem, shown
from engine.pictures import crossings
from engine.tables import Array
from engine.tables.features import FEATURES
from engine.training.network import Network, Pass, Passes
from engine.training.scaling import Scaling

SIDE = 100
UNIT_SIDE = 30
MANY_UNITS = 160
"""From this many hidden units on, their maps have half the pixels a side."""
ZERO, STEPS = 128, 127
UNBOUNDED_RANGE = 1.0
"""Outputs without a bound are shown up to here."""


class Maps(NamedTuple):
    """Quantised maps, rows from the top down: value = (q - 128) / 127 * range."""

    units: Array  # (U, s, s) uint8, the hidden units layer by layer
    outputs: Array  # (K, S, S) uint8
    selected: Array | None  # (S, S) uint8, the selected hidden unit
    ranges: Array  # (U + K,) float32
    lines: Array = crossings.NONE  # (E,) uint32, where the decision changes, as `engine.pictures.crossings` has them
    selected_lines: Array = crossings.NONE  # where the selected unit crosses zero


def quantize(values: Array, limit: float | None) -> tuple[Array, Array]:
    """Values (H, M) as uint8 (H, M), with the range (H,) that 255 stands for.

    The range is `limit`, beyond which values are cut off, or without one each row's largest absolute value.
    """
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=0.0)
    if limit is None:
        ranges = np.maximum(values.max(axis=1), -values.min(axis=1))  # (H,)
        ranges[ranges == 0] = 1.0
    else:
        ranges = np.full(len(values), limit, np.float32)  # (H,)
    scaled = values / ranges[:, None]  # (H, M); a division, because 1 / range may overflow
    if limit is not None:
        np.clip(scaled, -1, 1, out=scaled)
    scaled *= STEPS
    scaled += ZERO + 0.5
    return scaled.astype(np.uint8), ranges


def _fitted_range(values: Array, limit: float) -> float:
    """A range within the limit that is no larger than it has to be, so that even an almost flat map has fine levels."""
    largest = float(np.abs(values).max())
    return largest if 0 < largest < limit else limit


class Grid(Copyable):
    """The plotted plane of a configuration, ready to be passed through its network; its inputs normalized by a
    scaling, where there is one."""

    def __init__(
        self, config: Config, side: int = SIDE, unit_side: int | None = None, scaling: Scaling | None = None
    ) -> None:
        crowded = sum(config.networkShape) >= MANY_UNITS
        self.side = side
        self.unit_side = unit_side or (UNIT_SIDE // 2 if crowded else UNIT_SIDE)
        self.domain = config.data.domain
        x, y = np.concatenate([self._places(self.side), self._places(self.unit_side)], axis=1)  # (M,), (M,)
        self._inputs = {name: feature.f(x, y, np) for name, feature in FEATURES.items()}  # (M,) each
        for name, mean, sigma in zip(
            config.features, *(scaling or Scaling.identity(len(config.features))), strict=True
        ):
            self._inputs[name] = (self._inputs[name] - mean) / sigma
        rows = [self._inputs[name] for name in config.features]
        self._X = np.array([*rows, np.ones_like(x)], np.float32)  # (D + 1, M)
        self._single: Network | None = None

    def __repr__(self) -> str:
        side, small = self.side, self.unit_side
        return f"<Grid of {side} x {side} places, {small} x {small} for each hidden unit>"

    def _places(self, side: int) -> Array:
        """The centres of side x side pixels, row by row from the top left, as (2, side side)."""
        (left, right), (bottom, top) = self.domain
        middle = (np.arange(side) + 0.5) / side  # (side,)
        x, y = np.meshgrid(left + middle * (right - left), top - middle * (top - bottom))
        return np.stack([x.ravel(), y.ravel()])  # (2, side side)

    def outputs(self, network: Network) -> list[Array]:
        """The activations of each layer at all M places, (H, M) float32, in one pass; valid until the next."""
        single, forward = self._single_precision(network)
        with np.errstate(all="ignore"):
            single.theta[:] = network.theta
            forward.forward(self._X)
        return forward.outputs

    def _single_precision(self, network: Network) -> tuple[Network, Pass]:
        if self._single is None or self._single.activations != network.activations:
            self._single = network.like(np.float32)
            self._passing = Passes(self._single)
        return self._single, self._passing(self._X.shape[1])

    def maps(self, network: Network, selected: tuple[int, int] | None = None, *, lines: bool = False) -> Maps:
        """Small maps of the hidden units, full maps of the outputs and of one selected (layer, unit); the lines too,
        if asked for."""
        *hidden, output = self.outputs(network)  # (H, M) each, (K, M)
        bounds = [layer.activation.bound for layer in network.layers]
        full, small = slice(0, self.side**2), slice(self.side**2, None)
        with np.errstate(all="ignore"):
            units = [quantize(a[:, small], bound) for a, bound in zip(hidden, bounds, strict=False)]
            outputs, output_ranges = quantize(output[:, full], _fitted_range(output, bounds[-1] or UNBOUNDED_RANGE))
            chosen = None
            if selected:
                layer, unit = selected
                if not (0 <= layer < len(hidden) and 0 <= unit < len(hidden[layer])):
                    raise InputError(
                        Problem("selected", f"a hidden unit of {shown(network.shape[1:-1])}", shown(selected))
                    )
                chosen, _ = quantize(hidden[layer][unit : unit + 1, full], float(units[layer][1][unit]))
        maps = [q for q, _ in units] or [np.empty((0, self.unit_side**2), np.uint8)]
        return Maps(
            np.concatenate(maps).reshape(-1, self.unit_side, self.unit_side),
            outputs.reshape(-1, self.side, self.side),
            None if chosen is None else chosen.reshape(self.side, self.side),
            np.concatenate([*(r for _, r in units), output_ranges]).astype(np.float32),
            *(self._lines(network, selected) if lines else ()),
        )

    def _lines(self, network: Network, selected: tuple[int, int] | None) -> tuple[Array, Array]:
        """The crossings of the last pass: of the decision, and of one hidden unit."""
        _, forward = self._single_precision(network)
        a, z = ([layer[:, : self.side**2] for layer in layers] for layers in (forward.outputs, forward.z))
        many = len(z[-1]) > 1
        decision = crossings.of_classes(z[-1], self.side) if many else crossings.of_unit(a[-1][0], z[-1][0], self.side)
        if not selected:
            return decision, crossings.NONE
        layer, unit = selected
        return decision, crossings.of_unit(a[layer][unit], z[layer][unit], self.side)

    def features(self) -> dict[str, tuple[Array, float]]:
        """A small map (s, s) of every input feature, on or off, and its range."""
        small = slice(self.side**2, None)
        quantized = {name: quantize(values[None, small], None) for name, values in self._inputs.items()}
        return {name: (q.reshape(self.unit_side, -1), float(r[0])) for name, (q, r) in quantized.items()}
