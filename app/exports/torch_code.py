"""The engine's tables once more, as PyTorch code for scripts."""

from __future__ import annotations

from typing import NamedTuple

from app.exports.numpy_code import Step
from engine.activations import LEAK


class Module(NamedTuple):
    """An activation as a layer of an nn.Sequential."""

    code: str
    definition: str = ""
    """The class that PyTorch lacks."""


ACTIVATIONS = {
    "relu": Module("nn.ReLU()"),
    "tanh": Module("nn.Tanh()"),
    "sigmoid": Module("nn.Sigmoid()"),
    "linear": Module("nn.Identity()"),
    "leakyRelu": Module(f"nn.LeakyReLU({LEAK})"),
    "step": Module(
        "Step()",
        """\
class Step(nn.Module):
    def forward(self, z):
        return (z >= 0) + 0 * z  # the product gives it the slope 0""",
    ),
    "elu": Module("nn.ELU()"),
    "softplus": Module("nn.Softplus(threshold=40)"),
    "silu": Module("nn.SiLU()"),
    "gelu": Module('nn.GELU(approximate="tanh")'),
    "sine": Module(
        "Sine()",
        """\
class Sine(nn.Module):
    def forward(self, z):
        return torch.sin(z)""",
    ),
}

LOSSES = {"squared": "0.5 * ((outputs - labels) ** 2).sum(axis=1)"}
"""The loss of each point, (N,)."""

PENALTIES = {
    "none": Step("W -= LEARNING_RATE * W.grad"),
    "L1": Step(
        """\
pull = LEARNING_RATE * REGULARIZATION_RATE * W.sign()
stepped = W - LEARNING_RATE * W.grad
pulled = stepped - pull
alive[l] &= stepped * pulled >= 0  # a weight that is pulled across zero stays at zero for good
W[:] = torch.where(alive[l], pulled, 0)""",
        ", and L1 pulls every weight by the same amount towards zero",
        "alive = [torch.ones_like(layer.weight, dtype=bool) for layer in linear]",
    ),
    "L2": Step(
        "W -= LEARNING_RATE * (W.grad + REGULARIZATION_RATE * W)",
        ", and L2 pulls every weight towards zero in proportion to its size",
    ),
}

PLACE = """\
with torch.no_grad():
    for layer, W, b in zip(linear, {weights}, {biases}, strict=True):
        layer.weight[:] = torch.tensor(W)  # (H, D)
        layer.bias[:] = torch.tensor(b)  # (H,)"""
