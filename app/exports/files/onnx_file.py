"""A network as an ONNX graph, from raw points to outputs: the features are computed and normalized inside.

All numbers are float64: onnxruntime has kernels of that precision for every operator used here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.exports.files.layers import TrainedLayer, layers, require_features
from app.exports.files.optional_packages import extra
from engine import Config, Trainer, format_link
from engine.tables import Array
from engine.tables.activations import GELU_CUBE, GELU_SCALE, LEAK

OPSET, IR_VERSION = 18, 8
"""Old enough for runtimes of 2023; 18 is the first where Split counts its outputs."""


class Graph:
    """A graph that grows node by node: `graph("Tanh", "z")` adds one and gives the name of its output.

    Numbers among the inputs become constants.
    """

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def __call__(self, op: str, *inputs: str | float, outputs: int = 1, **attributes: Any) -> Any:
        names = [self.constant(repr(value), np.array(value)) if isinstance(value, float) else value for value in inputs]
        made = [f"{op.lower()}_{len(self.nodes)}{f'_{i}' if outputs > 1 else ''}" for i in range(outputs)]
        self.nodes.append(self._onnx.helper.make_node(op, names, made, **attributes))
        return made if outputs > 1 else made[0]

    def constant(self, name: str, values: Array) -> str:
        """The name of an array that the graph carries."""
        self.constants[name] = self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name


Operators = Callable[[Graph, str], str]
"""operators(graph, z): adds what computes an activation and gives the name of its output."""


def _gelu(op: Graph, z: str) -> str:
    cube = op("Mul", GELU_CUBE, op("Mul", z, op("Mul", z, z)))
    t = op("Tanh", op("Mul", GELU_SCALE, op("Add", z, cube)))
    return str(op("Mul", op("Mul", 0.5, z), op("Add", 1.0, t)))


def _softplus(op: Graph, z: str) -> str:
    """ln(1 + e^z) without overflow, which the operator of that name does not keep from."""
    rest = op("Log", op("Add", 1.0, op("Exp", op("Neg", op("Abs", z)))))
    return str(op("Add", op("Relu", z), rest))


ACTIVATIONS: dict[str, Operators] = {
    "relu": lambda op, z: op("Relu", z),
    "tanh": lambda op, z: op("Tanh", z),
    "sigmoid": lambda op, z: op("Sigmoid", z),
    "linear": lambda op, z: z,
    "leakyRelu": lambda op, z: op("Max", z, op("Mul", LEAK, z)),  # its own operator has a float32 slope
    "step": lambda op, z: op("Where", op("GreaterOrEqual", z, 0.0), 1.0, 0.0),
    "elu": lambda op, z: op("Elu", z),
    "softplus": _softplus,
    "silu": lambda op, z: op("Mul", z, op("Sigmoid", z)),
    "gelu": _gelu,
    "sine": lambda op, z: op("Sin", z),
}

OUTPUTS: dict[str, Operators] = {
    "tanh": ACTIVATIONS["tanh"],
    "linear": ACTIVATIONS["linear"],
    "step": lambda op, z: op("Where", op("GreaterOrEqual", z, 0.0), 1.0, -1.0),
    "softmax": lambda op, z: op("Softmax", z, axis=1),
}

FEATURES: dict[str, Callable[[Graph, str, str], str]] = {
    "x": lambda op, x, y: x,
    "y": lambda op, x, y: y,
    "xSquared": lambda op, x, y: op("Mul", x, x),
    "ySquared": lambda op, x, y: op("Mul", y, y),
    "xTimesY": lambda op, x, y: op("Mul", x, y),
    "sinX": lambda op, x, y: op("Sin", x),
    "sinY": lambda op, x, y: op("Sin", y),
    "cosX": lambda op, x, y: op("Cos", x),
    "cosY": lambda op, x, y: op("Cos", y),
}


def make(trainer: Trainer) -> bytes:
    """The file: input "points" (N, 2) float64, output "output" (N, K) float64."""
    require_features(trainer, "ONNX")
    onnx, config, parts = extra("onnx"), trainer.config, layers(trainer)
    graph = Graph(onnx)
    x, y = graph("Split", "points", outputs=2, axis=1, num_outputs=2)  # (N, 1), (N, 1)
    features = [FEATURES[name](graph, x, y) for name in config.features]
    last = _layers(graph, _inputs(graph, graph("Concat", *features, axis=1), trainer), parts)
    graph.nodes.append(onnx.helper.make_node("Identity", [last], ["output"]))
    model = _model(onnx, graph, len(parts[-1].biases), config)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def _inputs(graph: Graph, features: str, trainer: Trainer) -> str:
    if not trainer.config.normalize:
        return features
    mean, sigma = (graph.constant(*item) for item in trainer.scaling._asdict().items())  # (D,) each
    return str(graph("Div", graph("Sub", features, mean), sigma))


def _layers(graph: Graph, a: str, parts: list[TrainedLayer]) -> str:
    tables = [*[ACTIVATIONS] * (len(parts) - 1), OUTPUTS]
    for l, (part, table) in enumerate(zip(parts, tables, strict=True)):
        W = graph.constant(f"{2 * l}.weight", part.weights)  # (H, D), named as in the safetensors
        b = graph.constant(f"{2 * l}.bias", part.biases)  # (H,)
        z = graph("Gemm", a, W, b, transB=1)  # (N, D) @ (D, H) -> (N, H)
        a = table[part.activation](graph, z)
    return a


def _model(onnx: Any, graph: Graph, outputs: int, config: Config) -> Any:
    helper, double = onnx.helper, onnx.TensorProto.DOUBLE
    proto = helper.make_graph(
        graph.nodes,
        "network",
        [helper.make_tensor_value_info("points", double, ["N", 2])],
        [helper.make_tensor_value_info("output", double, ["N", outputs])],
        list(graph.constants.values()),
    )
    model = helper.make_model(
        proto,
        producer_name="neural-playground",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, {"config": config.model_dump_json(), "link": format_link(config)})
    return model
