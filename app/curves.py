"""The curves of the activations, sampled for the page to draw."""

from __future__ import annotations

import numpy as np

from engine.activations import ACTIVATIONS

REACH, SAMPLES = 5.0, 81
"""Weighted sums from -REACH to REACH, at so many places."""


def curves() -> dict[str, dict[str, object]]:
    """Every activation's label, and its values and slopes, rounded, from the lowest weighted sum on."""
    sampled = {}
    for name, activation in ACTIVATIONS.items():
        z = np.linspace(-REACH, REACH, SAMPLES)[None]  # (1, SAMPLES)
        a, slope = np.empty_like(z), z.copy()
        activation.f(z, a)
        activation.derivative(slope, a)
        sampled[name] = {
            "label": activation.label,
            "values": np.round(a[0], 3).tolist(),
            "slopes": np.round(slope[0], 3).tolist(),
        }
    return sampled
