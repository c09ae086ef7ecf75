"""Networks of other programs: safetensors, ONNX of dense layers, and arrays in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from app.exports.files.named_arrays import Layer, layers_among
from app.exports.files.optional_packages import extra
from app.exports.files.safetensors_file import SIZE
from engine.errors import InputError, Problem, shown
from engine.tables import Array

ACTIVATIONS = {
    "Relu": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Elu": "elu",
    "Softplus": "softplus",
    "LeakyRelu": "leakyRelu",
    "Gelu": "gelu",
    "Sin": "sine",
}
"""Operators of ONNX that are activations."""
PASSED_OVER = frozenset(
    {"Identity", "Cast", "Flatten", "Reshape", "Dropout", "Softmax", "LogSoftmax", "ArgMax", "Squeeze"}
)


class ForeignNetwork(NamedTuple):
    """What a file of another program says."""

    layers: list[Layer]
    activations: list[str]
    """Of the hidden layers, where the file has them."""
    notes: list[str]
    config: str = ""
    """The configuration as JSON, where a file of ours has it beside the layers."""


def read_safetensors(content: bytes) -> ForeignNetwork:
    """The dense layers of a file of tensors under PyTorch's or Keras' names."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise InputError(Problem("file", "a whole safetensors file", shown(str(error)))) from None
    found = layers_among(arrays)
    size = int.from_bytes(content[: SIZE.size], "little")
    metadata = json.loads(content[SIZE.size : SIZE.size + size]).get("__metadata__", {})
    return ForeignNetwork(found.layers, [], found.notes, str(metadata.get("config", "")))


def foreign_arrays(arrays: Mapping[str, Array]) -> ForeignNetwork:
    """The layers of an archive of NumPy."""
    found = layers_among(arrays)
    return ForeignNetwork(found.layers, [], found.notes)


def is_safetensors(content: bytes) -> bool:
    """Whether a file begins with the length of a header and the header."""
    size = int.from_bytes(content[: SIZE.size], "little")
    return SIZE.size < SIZE.size + size <= len(content) and content[SIZE.size : SIZE.size + 1] == b"{"


def read_array_json(fields: Mapping[str, Any]) -> ForeignNetwork:
    """The layers of an object of nested lists, as `coefs_` and `intercepts_` or a state dict written as JSON."""
    arrays: dict[str, Array] = {}
    for name, value in fields.items():
        for key, one in _numbered(name, value):
            try:
                arrays[key] = np.array(one, float)
            except (ValueError, TypeError, OverflowError):
                continue  # a name, an option, a list of unlike lists: what a layer lacks for it is told
    found = layers_among(arrays)
    return ForeignNetwork(found.layers, _activations(fields), found.notes)


def _numbered(name: str, value: Any) -> list[tuple[str, Any]]:
    """scikit-learn's lists of arrays as the arrays of each layer."""
    if name in ("coefs_", "intercepts_") and isinstance(value, list):
        return [(f"{name}{place}", one) for place, one in enumerate(value)]
    return [(name, value)]


def _activations(fields: Mapping[str, Any]) -> list[str]:
    """scikit-learn's one activation of all hidden layers."""
    names = {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "identity": "linear"}
    given = fields.get("activation")
    return [names[given]] if isinstance(given, str) and given in names else []


# --- ONNX -----------------------------------------------------------------------------------------------------------


def is_onnx(content: bytes) -> bool:
    """Whether a file begins as a graph of ONNX does: with its version, field 1 of the message."""
    return content[:1] == b"\x08" and b"\x3a" in content[:4_096]


def read_onnx(content: bytes) -> ForeignNetwork:
    """The dense layers of a graph, and the activations between them."""
    onnx = extra("onnx")
    try:
        model = onnx.load_model_from_string(content)
        config = next((one.value for one in model.metadata_props if one.key == "config"), "")
        graph = model.graph
        constants = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    except Exception as error:  # its parser fails in ways of its own
        raise InputError(Problem("file", "a whole ONNX file", shown(str(error)))) from None
    layers, activations = list[Layer](), list[str]()
    for node in graph.node:
        if not config or node.op_type == "Gemm":  # a graph of ours computes features and activations too
            _take(onnx, node, constants, layers, activations)
    if not layers:
        raise InputError(Problem("file", "an ONNX graph of dense layers (Gemm, or MatMul and Add)", "none"))
    return ForeignNetwork(layers, activations[: len(layers) - 1], [], config)


def _take(onnx: Any, node: Any, constants: Mapping[str, Array], layers: list[Layer], activations: list[str]) -> None:
    """Put what a node of the graph computes to what there is."""
    given = [constants[name] for name in node.input if name in constants]
    options = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    if node.op_type == "Gemm" and given:
        weights = given[0] if options.get("transB") else given[0].T
        layers.append((weights.astype(float), given[1].astype(float) if len(given) > 1 else np.zeros(len(weights))))
    elif node.op_type == "MatMul" and given:
        layers.append((given[0].T.astype(float), np.zeros(given[0].shape[1])))
    elif node.op_type == "Add" and given and layers and given[0].shape == layers[-1][1].shape:
        layers[-1] = (layers[-1][0], layers[-1][1] + given[0])
    elif node.op_type in ACTIVATIONS:
        activations.append(ACTIVATIONS[node.op_type])
    elif node.op_type not in PASSED_OVER:
        raise InputError(Problem(f"node {node.name or node.op_type}", "dense layers and activations", node.op_type))


def parsed_json(content: bytes) -> dict[str, Any]:
    """The object that a JSON file holds."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError(Problem("file", "JSON", shown(content))) from None
    if not isinstance(value, dict):
        raise InputError(Problem("file", "an object", shown(value)))
    return value
