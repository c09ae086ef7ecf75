"""The engine's tables once more, as NumPy code for scripts: each name leads to the lines that a script needs of it.

In the code z are a layer's sums, a its activations; p is an array of parameters, g its gradient. Of the output layer
`sums` and `outputs` are (N, K), as are the labels.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.tables.activations import GELU_CUBE, GELU_SCALE, LEAK
from engine.tables.optimizers import ADAM_SQUARES, SQUARES, TINIEST, TINY


class FormulaCode(NamedTuple):
    """A function and its derivative. Of several lines the last is the value."""

    value: str
    slope: str
    by_sum: bool = False
    """Whether the derivative is one of z; otherwise it is one of a."""
    setup: str = ""
    """What the script does once, at its beginning."""


class OutputCode(NamedTuple):
    """An activation of the output layer."""

    name: str
    """What the script calls it."""
    value: str
    pull_back: str
    """The loss's derivative by the sums, given d, that by the outputs."""


class LossCode(NamedTuple):
    """The loss of each point, (N,), and its derivative by what it judges, (N, K). Of several lines the last counts."""

    value: str
    slope: str


class UpdateCode(NamedTuple):
    """What an update does to an array of parameters, to which `direction` says where to go."""

    code: str
    words: str = ""
    """What a sentence about the step says of the penalty."""
    before: str = ""
    """What the script does before the first update."""
    memory: tuple[str, ...] = ()


class OptimizerCode(NamedTuple):
    """How an optimizer makes a direction of a gradient."""

    direction: str
    memory: tuple[str, ...] = ()
    """Of each array of parameters: names in `MEMORY`."""
    code: str = ""
    """What brings the memory up to date."""
    counts: bool = False
    """Whether it asks for the number t of the update, from 1 on."""


FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1 * x1",
    "ySquared": "x2 * x2",
    "xTimesY": "x1 * x2",
    "sinX": "{module}.sin(x1)",
    "sinY": "{module}.sin(x2)",
    "cosX": "{module}.cos(x1)",
    "cosY": "{module}.cos(x2)",
}
"""The same in NumPy and in PyTorch, but for the module."""

_EXP = 'np.seterr(over="ignore")  # e^-z may be infinite; its sigmoid is rightly 0'
_SIGMOID = "s = 1 / (1 + np.exp(-z))\n"
_GELU_TANH = f"t = np.tanh({GELU_SCALE} * (z + {GELU_CUBE} * z**3))\n"

ACTIVATIONS = {
    "relu": FormulaCode("np.maximum(z, 0)", "np.sign(a)"),
    "tanh": FormulaCode("np.tanh(z)", "1 - a * a"),
    "sigmoid": FormulaCode("1 / (1 + np.exp(-z))", "a * (1 - a)", setup=_EXP),
    "linear": FormulaCode("z", "np.ones_like(a)"),
    "leakyRelu": FormulaCode(f"np.maximum({LEAK} * z, z)", f"np.where(a > 0, 1, {LEAK})"),
    "step": FormulaCode("np.heaviside(z, 1)", "np.zeros_like(a)"),
    "elu": FormulaCode("np.maximum(z, np.expm1(np.minimum(z, 0)))", "np.minimum(a, 0) + 1"),
    "softplus": FormulaCode("np.logaddexp(0, z)", "-np.expm1(-a)"),
    "silu": FormulaCode("z / (1 + np.exp(-z))", _SIGMOID + "s * (1 + z * (1 - s))", by_sum=True, setup=_EXP),
    "gelu": FormulaCode(
        _GELU_TANH + "0.5 * z * (1 + t)",
        _GELU_TANH + f"0.5 * (1 + t) + 0.5 * z * (1 - t * t) * {GELU_SCALE} * (1 + {3 * GELU_CUBE} * z * z)",
        by_sum=True,
    ),
    "sine": FormulaCode("np.sin(z)", "np.cos(z)", by_sum=True),
}

OUTPUTS = {
    "tanh": OutputCode("tanh", ACTIVATIONS["tanh"].value, "d * (1 - outputs * outputs)"),
    "linear": OutputCode("linear", ACTIVATIONS["linear"].value, "d"),
    "step": OutputCode("sign", "np.where(z >= 0, 1.0, -1.0)", "0 * d"),
    "softmax": OutputCode(
        "softmax",
        "e = np.exp(z - z.max(axis=1, keepdims=True))\ne / e.sum(axis=1, keepdims=True)",
        "outputs * (d - (outputs * d).sum(axis=1, keepdims=True))",
    ),
}

_SQUARED = LossCode("0.5 * ((outputs - labels) ** 2).sum(axis=1)", "outputs - labels")
_OWN = "own = (labels * sums).sum(axis=1, keepdims=True)\n"

LOSSES = {
    "squared": _SQUARED,
    "crossEntropy": LossCode(
        "np.logaddexp(0, -2 * labels * sums).sum(axis=1)",
        "-2 * labels * np.exp(-np.logaddexp(0, 2 * labels * sums))",
    ),
    "hinge": LossCode("np.maximum(0, 1 - labels * sums).sum(axis=1)", "-labels * (labels * sums < 1)"),
    "perceptron": LossCode("np.maximum(0, -labels * sums).sum(axis=1)", "-labels * ((sums >= 0) != (labels >= 0))"),
    "huber": LossCode(
        "error = np.abs(outputs - labels)\nnp.where(error <= 1, 0.5 * error**2, error - 0.5).sum(axis=1)",
        "np.clip(outputs - labels, -1, 1)",
    ),
}
"""For one output, with labels -1 and 1 or any number."""

CLASS_LOSSES = {
    "squared": _SQUARED,
    "crossEntropy": LossCode(
        "shifted = sums - sums.max(axis=1, keepdims=True)\n"
        "np.log(np.exp(shifted).sum(axis=1)) - (labels * shifted).sum(axis=1)",
        "outputs - labels",
    ),
    "hinge": LossCode(
        _OWN + "((1 - labels) * np.maximum(0, sums - own + 1)).sum(axis=1)",
        _OWN + "within = (1 - labels) * (sums - own + 1 > 0)\nwithin - labels * within.sum(axis=1, keepdims=True)",
    ),
    "perceptron": LossCode(
        "sums.max(axis=1) - (labels * sums).sum(axis=1)",
        "np.eye(labels.shape[1])[sums.argmax(axis=1)] - labels",
    ),
}
"""For an output a class, with the label 1 in the column of the class."""

TARGETS = {
    "classification": "{data}[:, 2:]",
    "multiclass": "np.eye({K})[{data}[:, 2].astype(int)]",
    "regression": "{data}[:, 2:]",
}
"""What the outputs shall be for points with their labels, by the kind of problem."""

SCHEDULES = {
    "constant": "LEARNING_RATE",
    "step": "LEARNING_RATE * DECAY_RATE ** (epoch // DECAY_EPOCHS)",
    "exponential": "LEARNING_RATE * DECAY_RATE ** (epoch / DECAY_EPOCHS)",
    "inverse": "LEARNING_RATE / (1 + DECAY_RATE * epoch / DECAY_EPOCHS)",
    "cosine": "LEARNING_RATE * (1 + math.cos(math.pi * min(epoch / DECAY_EPOCHS, 1))) / 2",
}
"""The rate of an epoch, counted from 0, in the words of Python alone."""

MEMORY = {
    "v": ("speeds", "np.zeros_like(p)"),
    "s": ("squares", "np.zeros_like(p)"),
    "alive": ("living", "np.ones(p.shape, bool)"),
}
"""What is remembered of each array of parameters: what all of it is called, and what it begins with."""

_ADAM = OptimizerCode(
    f"v / (1 - MOMENTUM**t) / (np.sqrt(s / (1 - {ADAM_SQUARES}**t)) + {TINY})",
    ("v", "s"),
    "v[:] = MOMENTUM * v + (1 - MOMENTUM) * g  # the mean of the gradients\n"
    f"s[:] = {ADAM_SQUARES} * s + (1 - {ADAM_SQUARES}) * g * g  # and of their squares",
    counts=True,
)

OPTIMIZERS = {
    "sgd": OptimizerCode("g"),
    "momentum": OptimizerCode("v", ("v",), "v[:] = MOMENTUM * v + g"),
    "nesterov": OptimizerCode("(g + MOMENTUM * v)", ("v",), "v[:] = MOMENTUM * v + g"),
    "adagrad": OptimizerCode(f"g / (np.sqrt(s) + {TINIEST})", ("s",), "s += g * g"),
    "rmsprop": OptimizerCode(f"g / (np.sqrt(s) + {TINY})", ("s",), f"s[:] = {SQUARES} * s + (1 - {SQUARES}) * g * g"),
    "adam": _ADAM,
    "adamw": _ADAM,
}

PENALTIES = {
    "none": UpdateCode("p -= {rate} * {direction}"),
    "L1": UpdateCode(
        """\
pull = {rate} * REGULARIZATION_RATE * np.sign(p) if p.ndim == 2 else 0  # biases are free
stepped = p - {rate} * {direction}
pulled = stepped - pull
alive &= stepped * pulled >= 0  # a weight that is pulled across zero stays at zero for good
p[:] = np.where(alive, pulled, 0)""",
        ", and L1 pulls every weight by the same amount towards zero",
        memory=("alive",),
    ),
    "L2": UpdateCode(
        """\
pull = {rate} * REGULARIZATION_RATE * p if p.ndim == 2 else 0  # biases are free
p -= {rate} * {direction} + pull""",
        ", and L2 pulls every weight towards zero in proportion to its size",
    ),
}

SLOPES = {"L1": "np.sign(p)", "L2": "p"}
"""The derivative of a penalty in the loss by an array of weights p."""

PLACE = """\
weights = [np.array(W) for W in {weights}]  # (H, D) each
biases = [np.array(b) for b in {biases}]  # (H,) each"""

KEPT = "[p.copy() for p in parameters]"

PUT_BACK = """\
for p, kept in zip(parameters, best, strict=True):
    p[:] = kept"""
