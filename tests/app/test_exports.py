"""Trained networks as files: each holds what it says it holds, and every name of the engine's tables has its code."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import numpy as np
import pytest

from app.exports import FORMATS, export, numpy_code, onnx_file, sklearn_code, torch_code
from app.exports.layers import layers
from app.exports.scripts import LOSS
from app.saved import SavedRun
from engine import Config, Trainer, format_link, parse_link, trainer_at
from engine.activations import ACTIVATIONS
from engine.datasets import Point
from engine.features import FEATURES
from engine.losses import LOSSES
from engine.network import Network
from engine.penalties import PENALTIES
from engine.tables import Array
from tests.engine.runs import own, small, state


def trained(config: Config, updates: int = 7) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


def weights_and_biases(trainer: Trainer) -> list[tuple[list[list[float]], list[float]]]:
    return [(layer.weights.tolist(), layer.biases.tolist()) for layer in trainer.network.layers]


def arrays(content: bytes) -> dict[str, Array]:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return dict(file)


# --- the table --------------------------------------------------------------------------------------------------------


def test_no_two_formats_share_a_suffix_or_a_label() -> None:
    for field in ("label", "hint", "suffix"):
        assert len({getattr(entry, field) for entry in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_told_in_one_sentence(name: str) -> None:
    assert FORMATS[name].hint.endswith(".")
    assert FORMATS[name].hint.count(". ") == 0
    assert FORMATS[name].suffix.rpartition(".")[2]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_the_same_run_is_the_same(name: str) -> None:
    assert export(trained(small()), name) == export(trained(small()), name)


def test_exporting_leaves_the_run_as_it_is() -> None:
    trainer = trained(small(regularization="L1", regularizationRate=3, learningRate=0.1))
    before = state(trainer)
    for name in FORMATS:
        export(trainer, name)
    assert state(trainer) == before


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^format: expected one of json, .*, got 'pickle'$"):
        export(Trainer(small()), "pickle")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ValueError, match=r"^format: expected the extra onnx .*\[onnx\]'\), got none$"):
        export(Trainer(small()), "onnx")


@pytest.mark.parametrize("name", ["onnx", "numpy", "pytorch", "scikit-learn", "notebook"])
def test_a_network_without_inputs_is_refused_by_what_cannot_have_it(name: str) -> None:
    with pytest.raises(ValueError, match=r"^features: expected at least one for .*, got none$"):
        export(Trainer(small(x=False, y=False)), name)


@pytest.mark.parametrize("name", ["json", "npz", "safetensors"])
def test_a_network_without_inputs_is_written_by_the_others(name: str) -> None:
    assert export(Trainer(small(x=False, y=False)), name)


def test_layers_of_different_activations_are_refused_by_scikit_learn() -> None:
    trainer = Trainer(small())
    network = trainer.network
    trainer.network = Network(network.shape, [ACTIVATIONS[name] for name in ("relu", "sine", "tanh")])
    with pytest.raises(ValueError, match=r"^activation: expected one for all hidden layers for scikit-learn, got "):
        export(trainer, "scikit-learn")


# --- code for every name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [numpy_code.ACTIVATIONS, torch_code.ACTIVATIONS, sklearn_code.ACTIVATIONS, onnx_file.ACTIVATIONS],
    ids=["numpy", "pytorch", "scikit-learn", "onnx"],
)
def test_every_activation_has_its_code(table: dict[str, Any]) -> None:
    assert list(table) == list(ACTIVATIONS)


@pytest.mark.parametrize("table", [numpy_code.FEATURES, onnx_file.FEATURES], ids=["scripts", "onnx"])
def test_every_feature_has_its_code(table: dict[str, Any]) -> None:
    assert list(table) == list(FEATURES)


@pytest.mark.parametrize("module", [numpy_code, torch_code, sklearn_code])
def test_every_penalty_and_every_loss_has_its_code(module: Any) -> None:
    assert list(module.PENALTIES) == list(PENALTIES)
    assert list(module.LOSSES) == list(LOSSES) == [LOSS]


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


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_json_is_a_saved_run_that_goes_on_to_the_same_bits() -> None:
    trainer = trained(small(regularization="L1", regularizationRate=3, learningRate=0.1), 20)
    saved = SavedRun.model_validate_json(export(trainer, "json"))
    assert saved.history == []
    twin = trainer_at(Config.model_validate(saved.config), saved.state)
    for run in (trainer, twin):
        run.step(30)
    assert state(twin) == state(trainer)


def test_json_shows_all_numbers_to_the_last_bit() -> None:
    trainer = trained(small(xSquared=True, hide=("noise",)))
    file = json.loads(export(trainer, "json"))
    assert [(layer["weights"], layer["biases"]) for layer in file["layers"]] == weights_and_biases(trainer)
    assert [layer["activation"] for layer in file["layers"]] == ["tanh", "tanh", "tanh"]
    assert (file["epoch"], file["updates"]) == (trainer.epoch, trainer.updates) == (3, 7)
    assert file["features"] == ["x", "y", "xSquared"]
    assert parse_link(file["link"]).config == trainer.config
    train, test, train_score, test_score = trainer.measure()
    assert file["losses"] == {"train": train, "test": test}
    assert file["scores"] == {"train": train_score, "test": test_score}


def test_json_has_null_where_there_is_no_finite_number() -> None:
    trainer = Trainer(own([]))
    assert json.loads(export(trainer, "json"))["scores"] == {"train": None, "test": None}
    trainer = Trainer(small(problem="regression"))
    trainer.set_weight(2, 0, 0, 1e300)
    assert json.loads(export(trainer, "json"))["losses"]["train"] is None


# --- arrays -----------------------------------------------------------------------------------------------------------


def test_npz_has_the_names_and_shapes_of_scikit_learn() -> None:
    trainer = trained(small(sinX=True))
    file = arrays(export(trainer, "npz"))
    assert file["features"].tolist() == ["x", "y", "sinX"]
    assert file["activations"].tolist() == ["tanh", "tanh", "tanh"]
    assert Config.model_validate_json(str(file["config"])) == trainer.config
    assert state(trainer_at(trainer.config, str(file["state"]))) == state(trainer)
    for l, (weights, biases) in enumerate(weights_and_biases(trainer)):
        assert file[f"coefs_{l}"].T.tolist() == weights
        assert file[f"intercepts_{l}"].tolist() == biases


def test_safetensors_has_the_names_and_shapes_of_pytorch() -> None:
    import safetensors
    import safetensors.numpy

    trainer = trained(small(sinX=True, activation="relu"))
    content = export(trainer, "safetensors")
    tensors = safetensors.numpy.load(content)
    for l, (weights, biases) in enumerate(weights_and_biases(trainer)):
        assert tensors.pop(f"{2 * l}.weight").tolist() == weights
        assert tensors.pop(f"{2 * l}.bias").tolist() == biases
    assert tensors == {}
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    told = header["__metadata__"]
    assert Config.model_validate_json(told["config"]) == trainer.config
    assert told["link"] == format_link(trainer.config)
    assert json.loads(told["activations"]) == ["relu", "relu", "tanh"]
    assert json.loads(told["features"]) == ["x", "y", "sinX"]


def test_layers_are_copies() -> None:
    trainer = Trainer(own([Point(1, 2, 1)]))
    layers(trainer)[0].weights.fill(0)
    assert trainer.network.theta.any()
