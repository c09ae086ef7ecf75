"""Scripts have code for every name of the engine's tables, which computes the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from app.exports.files import onnx_file
from app.exports.scripts import numpy_code, sklearn_code, torch_code
from app.exports.scripts.languages import LANGUAGES, Language
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import PENALTIES
from engine.tables.schedules import SCHEDULES, learning_rate
from tests.engine.runs import PLANE_TASKS

NAMES = {
    "FEATURES": list(FEATURES),
    "ACTIVATIONS": list(ACTIVATIONS),
    "OUTPUTS": list(OUTPUTS),
    "LOSSES": [name for name, loss in LOSSES.items() if {*loss.problems} - {"multiclass"}],
    "CLASS_LOSSES": [name for name, loss in LOSSES.items() if "multiclass" in loss.problems],
    "TARGETS": PLANE_TASKS,
    "OPTIMIZERS": list(OPTIMIZERS),
    "SCHEDULES": list(SCHEDULES),
    "PENALTIES": list(PENALTIES),
}
"""What each table of code has to know."""


@pytest.mark.parametrize(
    ("module", "tables"),
    [
        (numpy_code, list(NAMES)),
        (torch_code, ["ACTIVATIONS", "OUTPUTS", "LOSSES", "CLASS_LOSSES", "TARGETS", "OPTIMIZERS", "PENALTIES"]),
        (sklearn_code, ["ACTIVATIONS", "OUTPUTS"]),
        (onnx_file, ["FEATURES", "ACTIVATIONS", "OUTPUTS"]),
    ],
    ids=["numpy", "pytorch", "scikit-learn", "onnx"],
)
def test_every_name_of_the_engine_has_its_code(module: Any, tables: list[str]) -> None:
    """What is not here PyTorch and scikit-learn have from the tables of NumPy."""
    for table in tables:
        assert sorted(getattr(module, table)) == sorted(NAMES[table]), table


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_a_language_knows_every_loss_penalty_and_problem(language: Language) -> None:
    assert sorted(language.losses) == sorted(NAMES["LOSSES"])
    assert sorted(language.class_losses) == sorted(NAMES["CLASS_LOSSES"])
    assert sorted(language.penalties) == sorted(PENALTIES)
    assert sorted(language.targets) == sorted(PLANE_TASKS)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_code_of_a_schedule_is_the_engines(name: str) -> None:
    for epoch in (0, 1, 7, 8, 9, 100):
        settings = {"LEARNING_RATE": 0.3, "DECAY_RATE": 0.7, "DECAY_EPOCHS": 8, "epoch": epoch, "math": math}
        got = eval(numpy_code.SCHEDULES[name], settings)
        assert got == pytest.approx(learning_rate(name, 0.3, epoch, 0.7, 8), rel=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_the_formulas_of_a_loss_are_the_engines_far_from_zero_too(name: str) -> None:
    sizes = np.array([[0.0, 0.5, 1, 2, -1, 700, -700]])  # (1, N)
    one, label = sizes, np.array([[1.0, -1, 1, -1, 1, -1, 1]])
    several = np.concatenate([sizes, sizes[:, ::-1], 0 * sizes])  # (3, N)
    loss = LOSSES[name]
    for table, answer, wanted in (
        (numpy_code.LOSSES, one, label),
        (numpy_code.CLASS_LOSSES, several, np.eye(3)[:, [0, 1, 2, 0, 1, 2, 0]]),
    ):
        if name in table:
            outputs = answer.copy()
            if "multiclass" in loss.problems and len(answer) > 1 and loss.of_sums:
                OUTPUTS["softmax"].f(answer, outputs)
            slope = np.empty_like(answer)
            loss.derivative(answer, wanted, slope)
            names = {"outputs": outputs.T, "sums": answer.T, "labels": wanted.T}
            np.testing.assert_allclose(value(table[name].value, **names), loss.f(answer, wanted), rtol=1e-14)
            np.testing.assert_allclose(value(table[name].slope, **names).T, slope, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_formulas_of_an_activation_are_the_engines(name: str) -> None:
    z = np.concatenate([np.linspace(-30, 30, 601), [0.0, -800.0]])  # (N,)
    a, slope = np.empty_like(z), z.copy()
    formula = numpy_code.ACTIVATIONS[name]
    with np.errstate(over="ignore"):
        ACTIVATIONS[name].f(z, a)
        ACTIVATIONS[name].derivative(slope, a)
        np.testing.assert_allclose(value(formula.value, z=z), a, rtol=1e-14, atol=1e-300)
        names = {"z": z} if formula.by_sum else {"a": a}
        np.testing.assert_allclose(value(formula.slope, **names), slope, rtol=1e-12, atol=1e-12)


def value(code: str, **names: Array) -> Array:
    *lines, last = code.splitlines()
    scope: dict[str, Any] = {"np": np, **names}
    exec("\n".join([*lines, f"value = {last}"]), scope)
    return np.asarray(scope["value"])
