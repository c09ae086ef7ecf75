"""The engine's tables once more, as NumPy code for scripts: each name leads to the lines that a script needs of it.

In the code z are a layer's sums, a its activations, W the weights, dW their gradient, l the layer's number.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.activations import GELU_CUBE, GELU_SCALE, LEAK


class Formula(NamedTuple):
    """A function and its derivative. Of several lines the last is the value."""

    value: str
    slope: str
    by_sum: bool = False
    """Whether the derivative is one of z; otherwise it is one of a."""
    setup: str = ""
    """What the script does once, at its beginning."""


class Step(NamedTuple):
    """What an update does to the weights of a layer."""

    code: str
    words: str = ""
    """What a sentence about the step says of the penalty."""
    before: str = ""
    """What the script does before the first update."""


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
    "relu": Formula("np.maximum(z, 0)", "np.sign(a)"),
    "tanh": Formula("np.tanh(z)", "1 - a * a"),
    "sigmoid": Formula("1 / (1 + np.exp(-z))", "a * (1 - a)", setup=_EXP),
    "linear": Formula("z", "np.ones_like(a)"),
    "leakyRelu": Formula(f"np.maximum({LEAK} * z, z)", f"np.where(a > 0, 1, {LEAK})"),
    "step": Formula("np.heaviside(z, 1)", "np.zeros_like(a)"),
    "elu": Formula("np.maximum(z, np.expm1(np.minimum(z, 0)))", "np.minimum(a, 0) + 1"),
    "softplus": Formula("np.logaddexp(0, z)", "-np.expm1(-a)"),
    "silu": Formula("z / (1 + np.exp(-z))", _SIGMOID + "s * (1 + z * (1 - s))", by_sum=True, setup=_EXP),
    "gelu": Formula(
        _GELU_TANH + "0.5 * z * (1 + t)",
        _GELU_TANH + f"0.5 * (1 + t) + 0.5 * z * (1 - t * t) * {GELU_SCALE} * (1 + {3 * GELU_CUBE} * z * z)",
        by_sum=True,
    ),
    "sine": Formula("np.sin(z)", "np.cos(z)", by_sum=True),
}

LOSSES = {
    "squared": Formula("0.5 * ((outputs - labels) ** 2).sum(axis=1)", "outputs - labels"),
}
"""The loss of each point, (N,), and its derivative by the outputs, (N, K)."""

PENALTIES = {
    "none": Step("W -= LEARNING_RATE * dW"),
    "L1": Step(
        """\
pull = LEARNING_RATE * REGULARIZATION_RATE * np.sign(W)
stepped = W - LEARNING_RATE * dW
pulled = stepped - pull
alive[l] &= stepped * pulled >= 0  # a weight that is pulled across zero stays at zero for good
W[:] = np.where(alive[l], pulled, 0)""",
        ", and L1 pulls every weight by the same amount towards zero",
        "alive = [np.ones(W.shape, bool) for W in {weights}]",
    ),
    "L2": Step(
        "W -= LEARNING_RATE * (dW + REGULARIZATION_RATE * W)",
        ", and L2 pulls every weight towards zero in proportion to its size",
    ),
}

PLACE = """\
weights = [np.array(W) for W in {weights}]  # (H, D) each
biases = [np.array(b) for b in {biases}]  # (H,) each"""
