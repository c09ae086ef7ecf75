"""ONNX graphs, run by another maker's runtime, answer what the network answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from app.exports import export
from engine import Config, Trainer
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from tests.app.exported import looked_at
from tests.engine.runs import small

POINTS = np.random.default_rng(1).uniform(-6, 6, (200, 2))  # (N, 2)


def answers(content: bytes, points: Array) -> Array:
    """What the graph gives, (N, K)."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (output,) = session.run(["output"], {"points": points})
    return np.asarray(output)


def expected(trainer: Trainer, points: Array) -> Array:
    return np.array([trainer.probe(x, y)[0][-1] for x, y in points.tolist()])  # (N, K)


def test_a_graph_answers_as_the_network() -> None:
    """With all features, activations and outputs, layers of different activations, and normalized."""
    for trainer in looked_at():
        got = answers(export(trainer, "onnx"), POINTS)
        np.testing.assert_allclose(got, expected(trainer, POINTS), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("values", [{"networkShape": ()}, {"networkShape": (64,) * 10}, {"x": False}])
def test_a_graph_of_any_shape_answers_as_the_network(values: dict[str, Any]) -> None:
    trainer = Trainer(small(**values))
    np.testing.assert_allclose(answers(export(trainer, "onnx"), POINTS), expected(trainer, POINTS), rtol=0, atol=1e-12)


def test_very_large_sums_stay_finite() -> None:
    configs = [small(activation=activation) for activation in ACTIVATIONS]
    for config in (*configs, small(problem="multiclass"), small(outputActivation="step")):
        trainer = Trainer(config)
        trainer.network.theta[:] *= 1e4
        got = answers(export(trainer, "onnx"), POINTS)
        np.testing.assert_allclose(got, expected(trainer, POINTS), rtol=0, atol=1e-4)


def test_the_graph_carries_the_configuration() -> None:
    trainer = Trainer(small())
    told = {entry.key: entry.value for entry in onnx.load_from_string(export(trainer, "onnx")).metadata_props}
    assert Config.model_validate_json(told["config"]) == trainer.config
