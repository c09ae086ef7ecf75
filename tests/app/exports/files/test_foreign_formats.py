"""Networks that other programs saved: their layers are found by name and shape, and answer as they did there."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from app.exports import Model, config_for, export, read_model, trainer_from
from engine import Config, Trainer
from engine.errors import InputError
from engine.tables import Array

rng = np.random.default_rng(5)
HIDDEN, OUT = (
    (rng.normal(size=(3, 2)), rng.normal(size=3)),
    (rng.normal(size=(1, 3)), rng.normal(size=1)),
)  # (H, D), (H,)
TANH = Config(activation="tanh")


def npz(**arrays: Array) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def answers(x: Array) -> Array:
    """What the network says of points (N, 2), before its output activation."""
    (w1, b1), (w2, b2) = HIDDEN, OUT
    found: Array = np.tanh(x @ w1.T + b1) @ w2.T + b2
    return found[:, 0]


def opened(content: bytes, base: Config = TANH) -> tuple[Trainer, list[str]]:
    model = read_model(content)
    config, notes = config_for(model, base)
    return trainer_from(model, config), notes


KERAS = {
    "dense/kernel:0": HIDDEN[0].T,
    "dense/bias:0": HIDDEN[1],
    "dense_1/kernel:0": OUT[0].T,
    "dense_1/bias:0": OUT[1],
}
TORCH = {"out.weight": OUT[0], "out.bias": OUT[1], "hidden.weight": HIDDEN[0], "hidden.bias": HIDDEN[1]}
FILES = {
    "PyTorch, safetensors": safetensors.numpy.save({name: np.ascontiguousarray(one) for name, one in TORCH.items()}),
    "PyTorch, JSON": json.dumps({name: one.tolist() for name, one in TORCH.items()}).encode(),
    "Keras, npz": npz(**KERAS),
    "Keras, get_weights": npz(arr_0=HIDDEN[0].T, arr_1=HIDDEN[1], arr_2=OUT[0].T, arr_3=OUT[1]),
    "Keras 3": npz(**{"layers/dense/vars/0": HIDDEN[0].T, "layers/dense/vars/1": HIDDEN[1],
                      "layers/dense_1/vars/0": OUT[0].T, "layers/dense_1/vars/1": OUT[1]}),
    "scikit-learn, JSON": json.dumps({
        "coefs_": [HIDDEN[0].T.tolist(), OUT[0].T.tolist()], "intercepts_": [HIDDEN[1].tolist(), OUT[1].tolist()],
        "activation": "tanh", "n_iter_": 3}).encode(),
    "scikit-learn, npz": npz(coefs_0=HIDDEN[0].T, intercepts_0=HIDDEN[1], coefs_1=OUT[0].T, intercepts_1=OUT[1]),
    "by hand": npz(W1=HIDDEN[0].T, b1=HIDDEN[1], W2=OUT[0].T, b2=OUT[1]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_network_of_another_program_answers_as_it_did_there(name: str) -> None:
    trainer, notes = opened(FILES[name])
    points = rng.uniform(-6, 6, (20, 2))
    (w1, b1), (w2, b2) = ((layer.weights, layer.biases) for layer in trainer.network.layers)
    np.testing.assert_allclose(np.tanh(points @ w1.T + b1) @ w2.T + b2, answers(points)[:, None], rtol=1e-6)
    assert trainer.config.networkShape == (3,)
    assert notes[0] == "The network in the file is 2-3-1."


def test_a_graph_of_onnx_brings_its_activations() -> None:
    onnx = pytest.importorskip("onnx")
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    constants = {"w1": HIDDEN[0], "b1": HIDDEN[1], "w2": OUT[0].T, "b2": OUT[1]}
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["z1"], transB=1),
        helper.make_node("Relu", ["z1"], ["a1"]),
        helper.make_node("MatMul", ["a1", "w2"], ["m"]),
        helper.make_node("Add", ["m", "b2"], ["y"]),
    ]
    kinds = [
        helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, ["N", size]) for name, size in (("x", 2), ("y", 1))
    ]
    initial = [numpy_helper.from_array(np.ascontiguousarray(one), name) for name, one in constants.items()]
    content = helper.make_model(helper.make_graph(nodes, "g", kinds[:1], kinds[1:], initial)).SerializeToString()
    trainer, _ = opened(content)
    assert trainer.config.activation == "relu"
    np.testing.assert_array_equal(trainer.network.layers[0].weights, HIDDEN[0])
    np.testing.assert_array_equal(trainer.network.layers[1].biases, OUT[1])
    nodes[1] = helper.make_node("Conv", ["z1", "w1"], ["a1"])
    content = helper.make_model(helper.make_graph(nodes, "g", kinds[:1], kinds[1:], initial)).SerializeToString()
    with pytest.raises(InputError, match=r"^node Conv: expected dense layers and activations, got Conv\.$"):
        read_model(content)


@pytest.mark.parametrize("format", ["safetensors", "onnx"])
def test_our_own_files_for_others_are_read_again(format: str) -> None:
    if format == "onnx":
        pytest.importorskip("onnx")
    trainer = Trainer(Config(networkShape=(3, 2), sinX=True, normalize=True, activation="relu", seed="0.3"))
    trainer.train(3)
    model = read_model(export(trainer, format))
    assert model.config == trainer.config
    again = trainer_from(model, None)
    for ours, theirs in zip(trainer.network.layers, again.network.layers, strict=True):
        np.testing.assert_array_equal(ours.W, theirs.W)


def test_many_outputs_are_classes_and_missing_biases_are_told() -> None:
    trainer, notes = opened(
        npz(**{"fc1.weight": np.ones((4, 2)), "fc2.weight": np.ones((5, 4)), "fc2.bias": np.ones(5)})
    )
    assert (trainer.config.problem, trainer.config.classes, trainer.config.networkShape) == ("multiclass", 5, (4,))
    assert "There are no biases beside fc1.weight in the file, so they are 0." in notes
    assert notes[1] == "The file does not say its activation: tanh is taken, which you may change."


def test_what_is_not_used_is_told() -> None:
    _, notes = opened(npz(W1=HIDDEN[0].T, b1=HIDDEN[1], W2=OUT[0].T, b2=OUT[1], losses=np.ones(4)))
    assert "Not used: losses." in notes


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (
            {"a.weight": np.ones((3, 2)), "b.weight": np.ones((1, 4))},
            "layers: expected each layer to take as many inputs",
        ),
        (
            {"a.weight": np.ones((3, 5))},
            "layers.0.weights: expected 2 inputs, as many as the link has features, or 2, got 5",
        ),
        ({"a.weight": np.ones((9, 2))}, "layers: expected at most 6 outputs, one a class, got 9"),
        ({"a.weight": np.ones((3, 2)), "a.bias": np.ones(4)}, "'a.bias': expected 3 numbers, one a unit"),
        ({"bn.weight": np.ones(3)}, "got the shape [3] (a normalization layer?)"),
        (
            {"x": np.ones(3)},
            "file: expected arrays named as PyTorch, Keras or scikit-learn name those of dense layers, got x",
        ),
    ],
)
def test_a_refusal_names_the_layer_and_says_why(arrays: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(npz(**arrays))
    assert sentence in str(caught.value)


def test_the_base_keeps_what_the_file_does_not_say() -> None:
    model = Model(None, None, [HIDDEN, OUT])
    config, _ = config_for(model, Config(problem="regression", activation="sine", learningRate=0.1, seed="0.7"))
    assert config == Config(problem="regression", activation="sine", learningRate=0.1, seed="0.7", networkShape=(3,))
