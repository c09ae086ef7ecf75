"""Networks read from files: what was exported comes back to the bit, and whatever is no network is refused in words."""

from __future__ import annotations

import io
import json
import pickle
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports import Model, export, read_model, trainer_from
from app.exports.files.arrays import MAX_BYTES, MAX_MEMBERS
from app.exports.files.model_reader import MAX_CONTENT, MAX_STATE
from app.live.answers import saved
from app.live.run import LiveRun
from engine import Config, Trainer
from engine.data.datasets import Point
from engine.data.points import MAX_POINTS
from tests.app.exported import EVERYTHING
from tests.engine.runs import own, small, state

SENTENCE = re.compile(r".+: expected .+, got .+", re.DOTALL)
SPARSE = small(regularization="L1", regularizationRate=3, learningRate=0.1)
LAYERS = [{"weights": [[0.5, -1]], "biases": [0.25]}]
PLAIN = small(networkShape=())
"""A network of two inputs and an output, as in `LAYERS`."""


def trained(config: Config, updates: int = 7) -> Trainer:
    trainer = Trainer(config)
    trainer.step(updates)
    return trainer


def from_json(**fields: Any) -> Model:
    return read_model(json.dumps(fields).encode())


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return file.getvalue()


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header(text: str, body: bytes = b"") -> bytes:
    line = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(line)) + line + body


# --- and back ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["json", "npz"])
@pytest.mark.parametrize(
    "config",
    [
        small(),
        SPARSE,
        small(problem="regression", batchSize=7, activation="gelu", sinX=True, networkShape=()),
        small(x=False, y=False, hide=("noise", "activation"), seed="a'\\b"),
        own([Point(1, 2, 1), Point(3, 4, -1), Point(-1, 0, 1)]),
        own([]),
        small(**EVERYTHING),
        small(outputActivation="step", loss="perceptron", optimizer="rmsprop", percValidationData=20, patience=2),
    ],
    ids=range(8),
)
def test_a_run_goes_on_from_its_file_to_the_same_bits(config: Config, name: str) -> None:
    trainer = trained(config, 17)
    model = read_model(export(trainer, name))
    assert model.config == config
    twin = trainer_from(model, None)
    assert state(twin) == state(trainer) == state(trainer_from(model, config))
    for run in (trainer, twin):
        run.step(40)
    assert state(twin) == state(trainer)


@pytest.mark.parametrize("name", ["json", "npz"])
def test_the_weights_are_those_of_the_run(name: str) -> None:
    trainer = trained(small(sinX=True))
    for layer, (weights, biases) in zip(trainer.network.layers, read_model(export(trainer, name)).layers, strict=True):
        assert weights.tolist() == layer.weights.tolist()
        assert biases.tolist() == layer.biases.tolist()


@pytest.mark.parametrize("name", ["json", "npz"])
def test_the_largest_network_with_the_most_points_comes_back(name: str) -> None:
    points = [Point(0.1 * (i % 50), 0.01 * (i % 77), 1) for i in range(MAX_POINTS)]
    trainer = trained(own(points, networkShape=(64,) * 10, optimizer="adam", regularization="L1"), 1)
    trainer.dead[0] = True
    content = export(trainer, name)
    assert len(content) < 0.6 * MAX_CONTENT
    assert state(trainer_from(read_model(content), None)) == state(trainer)


def test_a_saved_run_of_the_page_is_read() -> None:
    run = LiveRun(Trainer(small()))
    run.trainer.step(9)
    model = read_model(json.dumps(saved(run)["file"]).encode())
    assert state(trainer_from(model, None)) == state(run.trainer)
    assert [weights.shape for weights, _ in model.layers] == [(3, 2), (2, 3), (1, 2)]


def test_weights_begin_a_new_run_under_another_configuration() -> None:
    trainer = trained(small())
    other = small(dataset="xor", activation="relu")
    started = trainer_from(read_model(export(trainer, "npz")), other)
    assert started.network.theta.tolist() == trainer.network.theta.tolist()
    assert (started.config, started.epoch, started.updates) == (other, 0, 0)
    started.train(2)


def test_weights_alone_are_enough_with_a_configuration() -> None:
    files = [
        json.dumps({"layers": LAYERS}).encode(),
        npz(coefs_0=np.array([[0.5], [-1]]), intercepts_0=np.array([0.25])),
        npz(coefs_0=np.array([[0.5], [-1]], ">f4"), intercepts_0=np.array([0.25], np.float16)),
    ]
    for file in files:
        model = read_model(file)
        assert (model.config, model.state) == (None, None)
        assert trainer_from(model, PLAIN).network.theta.tolist() == [0.5, -1, 0.25]


def test_a_configuration_without_a_state_is_begun_with_the_weights() -> None:
    trainer = trainer_from(from_json(config=PLAIN.model_dump(), layers=LAYERS), None)
    assert (trainer.network.theta.tolist(), trainer.epoch) == ([0.5, -1, 0.25], 0)


def test_weights_of_another_shape_are_refused_with_both_shapes() -> None:
    model = read_model(export(trained(small()), "json"))
    with pytest.raises(ValueError, match=r"^layers: expected 2-4-1 units, as configured, got 2-3-2-1\.$"):
        trainer_from(model, small(networkShape=(4,)))


def test_weights_without_any_configuration_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^config: expected a configuration beside the weights, got none\.$"):
        trainer_from(from_json(layers=LAYERS), None)


# --- refused ----------------------------------------------------------------------------------------------------------


def refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE) as error:
        read_model(content)
    assert SENTENCE.fullmatch(str(error.value))
    assert len(str(error.value)) < 400
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected JSON, .npz, safetensors or ONNX, got b''"),
        (b"\0" * 10_000_000, "expected at most 4000000 bytes, got 10000000"),
        (b"\xff\xfe\0rubbish", "expected JSON, .npz, safetensors or ONNX"),
        (b"[1, 2]", "expected JSON, .npz, safetensors or ONNX"),
        (pickle.dumps(LAYERS), "expected JSON, .npz, safetensors or ONNX"),
        (b"{", "file: expected JSON"),
        (b'{"layers": \xff}', "value: expected"),
        (b'{"layers":' + b"[" * 100_000, "value: expected"),
        (b'{"a":' * 100_000, "file: expected JSON"),
        (b"{}", "file: expected arrays named as PyTorch, Keras or scikit-learn name those of dense layers, got none"),
    ],
    ids=range(10),
)
def test_what_is_no_file_of_a_network_is_refused(content: bytes, words: str) -> None:
    refused(content, words)


def layer(weights: object, biases: object) -> dict[str, object]:
    return {"layers": [{"weights": weights, "biases": biases}]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "tensorflow"}, "format: expected 'neural-playground', got 'tensorflow'"),
        ({"version": 2}, "version: expected 1, got 2"),
        ({"layers": []}, "layers: expected"),
        ({"layers": LAYERS * 12}, "layers: expected"),
        ({"layers": [{"weights": [[1]]}]}, "layers.0.biases: expected a value, got nothing"),
        (layer([], []), "layers.0.weights: expected"),
        (layer([[1, 2]], [1, 2]), "layers.0.biases: expected 1, one a unit, got 2"),
        (layer([[1, 2], [3]], [1, 2]), "layers.0.weights: expected rows of the same length, got [2, 1]"),
        (layer([[1, float("nan")]], [1]), "layers.0.weights.0.1: expected a finite number, got nan"),
        (layer([[1, 2]], [float("-inf")]), "layers.0.biases.0: expected a finite number, got -inf"),
        (layer([[1, 10**400]], [1]), "layers.0.weights.0.1: expected"),
        (layer([[1, "2"]], [1]), "layers.0.weights.0.1: expected"),
        (layer([[1, None]], [1]), "layers.0.weights.0.1: expected"),
        (layer([[1] * 65], [1]), "layers.0.weights.0: expected"),
        (layer([[[1]]], [1]), "layers.0.weights.0.0: expected"),
        ({"layers": LAYERS * 2}, "layers.1.weights: expected 1 for each unit, got 2"),
        ({"state": "AAAA"}, "config: expected the configuration that the state belongs to, got nothing"),
        ({"config": PLAIN.model_dump(), "state": "AAAA"}, "state: expected"),
        ({"config": {"activation": "cubic"}}, "config.activation: expected"),
        ({"config": {"batchSize": 0, "units": 1}}, "(and 1 more)"),
        ({"config": 3}, "config: expected"),
        ({"state": "A" * (MAX_STATE + 1)}, "state: expected"),
    ],
    ids=range(22),
)
def test_json_of_another_kind_is_refused(fields: dict[str, Any], words: str) -> None:
    refused(json.dumps(fields).encode(), words)


def test_weights_that_contradict_their_state_are_refused() -> None:
    file = json.loads(export(trained(small()), "json"))
    file["layers"][0]["biases"][1] += 1
    refused(json.dumps(file).encode(), "layers: expected the weights of the state, got others")
    del file["state"]
    assert read_model(json.dumps(file).encode()).layers[0][1][1] == file["layers"][0]["biases"][1]


def test_a_file_cut_short_anywhere_is_refused() -> None:
    for name in ("json", "npz"):
        content = export(trained(small()), name)
        for size in range(0, len(content) - 4, 97):
            refused(content[:size], "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npz(weights=np.eye(2)), "of dense layers, got weights"),
        (npz(**{"conv.weight": np.ones((4, 1, 3, 3))}), "inputs by units, got the shape [4, 1, 3, 3] (a convolution?)"),
        (
            npz(coefs_0=np.eye(2), intercepts_0=np.ones(3)),
            "'intercepts_0': expected 2 numbers, one a unit, got the shape [3]",
        ),
        (
            npz(coefs_0=np.ones(2), intercepts_0=np.ones(2)),
            "'coefs_0': expected the weights of a dense layer, inputs by units, got the shape [2]",
        ),
        (npz(coefs_0=np.ones((2, 65)), intercepts_0=np.ones(65)), "layers.0: expected at most 64 units, got 65"),
        (npz(coefs_0=np.ones((2, 0)), intercepts_0=np.ones(0)), "inputs by units, got the shape [2, 0]"),
        (npz(coefs_0=np.array([["1"]]), intercepts_0=np.ones(1)), "'coefs_0': expected numbers, got text"),
        (npz(coefs_0=np.array([[np.nan]]), intercepts_0=np.ones(1)), "layers.0: expected finite numbers, got others"),
        (npz(coefs_0=np.array([[1e400]], "g"), intercepts_0=np.ones(1)), "expected finite numbers, got others"),
        (npz(coefs_0=np.array([[1j]]), intercepts_0=np.ones(1)), "expected numbers or text, got 'complex128'"),
        (npz(coefs_0=np.array([[{}]], object), intercepts_0=np.ones(1)), "expected numbers or text, got 'object'"),
        (npz(config=np.array("{}"), state=np.array("AA")), "state: expected"),
        (npz(config=np.array("[]")), "expected"),
        (npz(config=np.array(["{}"])), "config: expected one text, got an array of <U2 with shape [1]"),
        (npz(config=np.ones(1)), "config: expected one text"),
        (npz(config=np.frombuffer(struct.pack("<I", 2**31), "<U1").reshape(())), "config: expected a text"),
        (archive({"coefs_0.npy": b"junk"}), "'coefs_0': expected an array as NumPy writes it, got"),
        (archive({"coefs_0.npy": b""}), "'coefs_0': expected an array as NumPy writes it, got"),
        (archive({"coefs_0.npy": header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}")}), "as many bytes"),
        (archive({"a.npy": header("{'descr': '<f8', 'fortran_order': False, 'shape': (10**12,)}")}), "as NumPy writes"),
        (archive({"a.npy": header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", b"8" * 8)}), "as many"),
        (archive({"a.npy": header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0, {10**30})}}")}), "a shape"),
        (archive({"a.npy": header("{'descr': '|U0', 'fortran_order': False, 'shape': (5,)}")}), "expected numbers or"),
        (archive({"a.npy": header("(" * 3_000)}), "as NumPy writes it"),
        (archive({f"{number}.npy": npy(1.0) for number in range(MAX_MEMBERS + 1)}), "at most 64 arrays, got 65"),
        (archive({"a.npy": npy(1.0)}, zipfile.ZIP_LZMA), "'a.npy': expected an array stored or deflated"),
    ],
    ids=range(26),
)
def test_arrays_of_another_kind_are_refused(content: bytes, words: str) -> None:
    refused(content, words)


class Trap:
    """What a pickle runs when it is read."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return pytest.fail, ("a pickle was run",)


def test_no_pickle_is_ever_run() -> None:
    content = pickle.dumps(np.array([[Trap()]], object))
    text = "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}"
    refused(archive({"coefs_0.npy": header(text, content)}), "expected numbers or text, got 'object'")
    refused(archive({"coefs_0.npy": content}), "expected an array as NumPy writes it")
    refused(content, "expected JSON, .npz, safetensors or ONNX")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({f"coefs_{number}.npy": bytes(30_000_000) for number in range(4)})
    assert len(bomb) < 200_000
    refused(bomb, f"file: expected arrays of at most {MAX_BYTES} bytes in all, got 120000000")


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further() -> None:
    size = 30_000_000
    bomb = archive({"coefs_0.npy": bytes(size)})
    lying = bomb.replace(struct.pack("<I", size), struct.pack("<I", 100))
    assert lying != bomb
    refused(lying, "'coefs_0.npy': expected an array in the file")


def accepted(content: bytes) -> Trainer | None:
    """The run in a file, or None where it was refused as it should be."""
    try:
        return trainer_from(read_model(content), None)
    except ValueError as refusal:
        said = str(refusal)
    assert SENTENCE.fullmatch(said), said
    return None


@given(st.data())
def test_a_file_with_bytes_changed_is_refused_in_words_or_read(data: st.DataObject) -> None:
    content = bytearray(export(trained(small(networkShape=(2,))), data.draw(st.sampled_from(["json", "npz"]))))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if trainer := accepted(bytes(content)):
        trainer.train()
        assert np.isfinite(trainer.network.theta).all()
