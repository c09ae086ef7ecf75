"""The curves that the page draws."""

from __future__ import annotations

import numpy as np
import pytest

from app.page.activation_curves import REACH, SAMPLES, curves
from engine.tables.activations import ACTIVATIONS
from engine.tables.outputs import OUTPUTS

Z = np.linspace(-REACH, REACH, SAMPLES)


def test_a_curve_has_the_values_and_slopes_of_its_activation() -> None:
    tanh = curves(ACTIVATIONS)["tanh"]
    assert tanh["label"] == "Tanh"
    assert tanh["values"] == pytest.approx(np.tanh(Z), abs=5e-4)
    assert tanh["slopes"] == pytest.approx(1 - np.tanh(Z) ** 2, abs=5e-4)


def test_softmax_is_drawn_beside_one_other_sum_that_is_0() -> None:
    softmax, share = curves(OUTPUTS)["softmax"], 1 / (1 + np.exp(-Z))
    assert softmax["values"] == pytest.approx(share, abs=5e-4)
    assert softmax["slopes"] == pytest.approx(share * (1 - share), abs=5e-4)


def test_every_activation_has_a_curve() -> None:
    for table in (ACTIVATIONS, OUTPUTS):
        assert list(curves(table)) == list(table)
