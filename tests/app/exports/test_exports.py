"""Exports: every format, and what a reader of its file can compute."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

from app.exports import FORMATS, export
from app.exports.files.layers import layers
from app.process.arithmetic import arithmetic
from app.wire.saved_run import SavedRun
from engine import Config, Trainer, format_link, parse_link, trainer_at
from engine.data.datasets import Point
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS, Activation
from engine.tables.features import FEATURES
from engine.tables.outputs import OUTPUTS
from tests.app.exported import EVERYTHING, looked_at
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


# --- the table ------------------------------------------------------------------------------------------------------


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


def test_files_of_weights_tell_what_they_were_written_with() -> None:
    trainer = trained(small())
    assert json.loads(export(trainer, "json"))["written_with"] == arithmetic()
    assert str(arrays(export(trainer, "npz"))["written_with"]) == arithmetic()
    assert json.dumps(arithmetic()).encode() in export(trainer, "safetensors")


def test_exporting_leaves_the_run_as_it_is() -> None:
    trainer = trained(small(regularization="L1", regularizationRate=3, learningRate=0.1))
    before = state(trainer)
    for name in FORMATS:
        export(trainer, name)
    assert state(trainer) == before


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^format: expected one of json, .*, got 'pickle'\.$"):
        export(Trainer(small()), "pickle")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ValueError, match=r"^format: expected the extra onnx .*\[onnx\]'\), got none\.$"):
        export(Trainer(small()), "onnx")


@pytest.mark.parametrize("name", ["onnx", "numpy", "pytorch", "scikit-learn", "notebook"])
def test_a_network_without_inputs_is_refused_by_what_cannot_have_it(name: str) -> None:
    with pytest.raises(ValueError, match=r"^features: expected at least one for .*, got none\.$"):
        export(Trainer(small(x=False, y=False)), name)


@pytest.mark.parametrize("name", ["json", "npz", "safetensors"])
def test_a_network_without_inputs_is_written_by_the_others(name: str) -> None:
    assert export(Trainer(small(x=False, y=False)), name)


# --- JSON -----------------------------------------------------------------------------------------------------------


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
    now = trainer.measure()
    assert file["losses"] == {"train": now.train_loss, "validation": None, "test": now.test_loss}
    assert file["scores"] == {"train": now.train_score, "validation": None, "test": now.test_score}
    assert (file["mean"], file["sigma"]) == ([0, 0, 0], [1, 1, 1])


def test_json_tells_of_the_validation_points_and_of_the_normalization() -> None:
    trainer = trained(small(**EVERYTHING))
    file, now = json.loads(export(trainer, "json")), trainer.measure()
    assert (file["losses"]["validation"], file["scores"]["validation"]) == (now.validation_loss, now.validation_score)
    assert (file["mean"], file["sigma"]) == (trainer.scaling.mean.tolist(), trainer.scaling.sigma.tolist())
    assert [layer["activation"] for layer in file["layers"]] == ["silu", "relu", "softmax"]


def test_json_has_null_where_there_is_no_finite_number() -> None:
    trainer = Trainer(own([]))
    assert json.loads(export(trainer, "json"))["scores"] == dict.fromkeys(("train", "validation", "test"))
    trainer = Trainer(small(problem="regression"))
    trainer.set_weight(2, 0, 0, 1e300)
    assert json.loads(export(trainer, "json"))["losses"]["train"] is None


# --- arrays ---------------------------------------------------------------------------------------------------------


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


# --- what a reader of a file can compute ----------------------------------------------------------------------------


class Told(NamedTuple):
    """What a file says of a network, its layers with weights (H, D) and biases (H,)."""

    features: list[str]
    mean: Array
    sigma: Array
    activations: list[str]
    layers: list[tuple[Array, Array]]


def from_json(content: bytes) -> Told:
    file = json.loads(content)
    layers = [(np.array(layer["weights"]), np.array(layer["biases"])) for layer in file["layers"]]
    names = [layer["activation"] for layer in file["layers"]]
    return Told(file["features"], np.array(file["mean"]), np.array(file["sigma"]), names, layers)


def from_npz(content: bytes) -> Told:
    file = arrays(content)
    names = file["activations"].tolist()
    layers = [(file[f"coefs_{l}"].T, file[f"intercepts_{l}"]) for l in range(len(names))]
    return Told(file["features"].tolist(), file["mean"], file["sigma"], names, layers)


def from_safetensors(content: bytes) -> Told:
    import safetensors.numpy

    tensors = safetensors.numpy.load(content)
    header: dict[str, Any] = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    told = {name: json.loads(header["__metadata__"][name]) for name in ("features", "mean", "sigma", "activations")}
    layers = [(tensors[f"{2 * l}.weight"], tensors[f"{2 * l}.bias"]) for l in range(len(told["activations"]))]
    return Told(told["features"], np.array(told["mean"]), np.array(told["sigma"]), told["activations"], layers)


def answers(told: Told, points: Array) -> Array:
    """What the network of a file says to some points, (N, 2) -> (N, K)."""
    x, y = points.T  # (N,) each
    columns = np.array([FEATURES[name].f(x, y, np) for name in told.features])  # (D, N)
    a = (columns - told.mean[:, None]) / told.sigma[:, None]
    tables: list[Mapping[str, Activation]] = [*[ACTIVATIONS] * (len(told.layers) - 1), OUTPUTS]
    for (W, b), table, name in zip(told.layers, tables, told.activations, strict=True):
        z = W @ a + b[:, None]  # (H, D) @ (D, N) -> (H, N)
        a = np.empty_like(z)
        table[name].f(z, a)
    return a.T


@pytest.mark.parametrize(
    ("name", "read"),
    [("json", from_json), ("npz", from_npz), ("safetensors", from_safetensors)],
)
def test_a_file_alone_answers_as_the_network(name: str, read: Callable[[bytes], Told]) -> None:
    points = np.random.default_rng(1).uniform(-6, 6, (30, 2))  # (N, 2)
    for trainer in looked_at():
        expected = np.array([trainer.probe(x, y)[0][-1] for x, y in points.tolist()])  # (N, K)
        got = answers(read(export(trainer, name)), points)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_layers_are_copies() -> None:
    trainer = Trainer(own([Point(1, 2, 1)]))
    layers(trainer)[0].weights.fill(0)
    assert trainer.network.theta.any()
