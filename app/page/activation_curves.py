"""The curves of the activations, sampled for the page to draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.tables import Array
from engine.tables.activations import Activation

REACH, SAMPLES = 5.0, 81
"""Weighted sums from -REACH to REACH, at so many places."""

Curve = dict[str, object]


def curves(table: Mapping[str, Activation]) -> dict[str, Curve]:
    """Each activation's label, and its values and slopes, rounded, from the lowest weighted sum on."""
    return {name: _curve(activation) for name, activation in table.items()}


def _curve(activation: Activation) -> Curve:
    z = _sums(activation)  # (K, SAMPLES)
    a, slope = np.empty_like(z), z.copy()
    activation.f(z, a)
    activation.derivative(slope, a)
    return {
        "label": activation.label,
        "values": np.round(a[0], 3).tolist(),
        "slopes": np.round(slope[0], 3).tolist(),
    }


def _sums(activation: Activation) -> Array:
    """One sum from end to end, (1, SAMPLES); where all sums of a layer act together a second one that stays at 0."""
    z = np.linspace(-REACH, REACH, SAMPLES)[None]  # (1, SAMPLES)
    return z if activation.pull_back is None else np.concatenate([z, np.zeros_like(z)])  # (2, SAMPLES)
