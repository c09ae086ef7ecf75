"""The engine's tables once more, as PyTorch code for scripts."""

from __future__ import annotations

from typing import NamedTuple

from app.exports.scripts.numpy_code import UpdateCode
from engine.tables.activations import LEAK
from engine.tables.optimizers import ADAM_SQUARES, SQUARES, TINIEST, TINY


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

OUTPUTS = {
    "tanh": ACTIVATIONS["tanh"],
    "linear": ACTIVATIONS["linear"],
    "step": Module(
        "Sign()",
        """\
class Sign(nn.Module):
    def forward(self, z):
        return torch.where(z >= 0, 1.0, -1.0) + 0 * z  # the product gives it the slope 0""",
    ),
    "softmax": Module("nn.Softmax(dim=1)"),
}

_SQUARED = "0.5 * ((outputs - labels) ** 2).sum(axis=1)"

LOSSES = {
    "squared": _SQUARED,
    "crossEntropy": "nn.functional.softplus(-2 * labels * sums, threshold=40).sum(axis=1)",
    "hinge": "torch.relu(1 - labels * sums).sum(axis=1)",
    "perceptron": "wrong = (sums >= 0) != (labels >= 0)\n(-labels * sums * wrong).sum(axis=1)",
    "huber": 'nn.functional.huber_loss(outputs, labels, reduction="none").sum(axis=1)',
}
"""The loss of each point, (N,), for one output."""

CLASS_LOSSES = {
    "squared": _SQUARED,
    "crossEntropy": 'nn.functional.cross_entropy(sums, labels, reduction="none")',
    "hinge": "own = (labels * sums).sum(axis=1, keepdim=True)\n((1 - labels) * torch.relu(sums - own + 1)).sum(axis=1)",
    "perceptron": "largest = sums.gather(1, sums.argmax(axis=1, keepdim=True))\n"
    "largest[:, 0] - (labels * sums).sum(axis=1)",
}
"""The same for an output a class."""

TARGETS = {
    "classification": "{data}[:, 2:]",
    "multiclass": "torch.eye({K})[{data}[:, 2].long()]",
    "regression": "{data}[:, 2:]",
}

_ADAM = f"lr=LEARNING_RATE, betas=(MOMENTUM, {ADAM_SQUARES}), eps={TINY}"
_SGD = "torch.optim.SGD(model.parameters(), lr=LEARNING_RATE"
OPTIMIZERS = {
    "sgd": f"{_SGD})",
    "momentum": f"{_SGD}, momentum=MOMENTUM)",
    "nesterov": f"{_SGD}, momentum=MOMENTUM, nesterov=MOMENTUM > 0)",
    "adagrad": f"torch.optim.Adagrad(model.parameters(), lr=LEARNING_RATE, eps={TINIEST})",
    "rmsprop": f"torch.optim.RMSprop(model.parameters(), lr=LEARNING_RATE, alpha={SQUARES}, eps={TINY})",
    "adam": f"torch.optim.Adam(model.parameters(), {_ADAM})",
    "adamw": f"torch.optim.AdamW(model.parameters(), {_ADAM}, weight_decay=0)",
}

ADAMW_DECAY = f"""\
torch.optim.AdamW(
    [
        {{"params": [layer.weight for layer in linear], "weight_decay": REGULARIZATION_RATE}},
        {{"params": [layer.bias for layer in linear], "weight_decay": 0}},  # biases are free
    ],
    {_ADAM},
)"""
"""The one optimizer that has a penalty of its own, which is L2."""

PENALTIES = {
    "none": UpdateCode("optimizer.step()"),
    "L1": UpdateCode(
        """\
pulls = [{rate} * REGULARIZATION_RATE * layer.weight.detach().sign() for layer in linear]
optimizer.step()
with torch.no_grad():
    for layer, pull, alive in zip(linear, pulls, living, strict=True):
        pulled = layer.weight - pull
        alive &= layer.weight * pulled >= 0  # a weight that is pulled across zero stays at zero for good
        layer.weight[:] = torch.where(alive, pulled, 0)""",
        ", and L1 pulls every weight by the same amount towards zero",
        "living = [torch.ones_like(layer.weight, dtype=bool) for layer in linear]",
    ),
    "L2": UpdateCode(
        """\
with torch.no_grad():
    for layer in linear:
        layer.weight *= 1 - {rate} * REGULARIZATION_RATE  # biases are free
optimizer.step()""",
        ", and L2 pulls every weight towards zero in proportion to its size",
    ),
}

COSTS = {"L1": "layer.weight.abs().sum()", "L2": "0.5 * (layer.weight**2).sum()"}
"""What the weights of a layer cost in the loss."""

PLACE = """\
with torch.no_grad():
    for layer, W, b in zip(linear, {weights}, {biases}, strict=True):
        layer.weight[:] = torch.tensor(W)  # (H, D)
        layer.bias[:] = torch.tensor(b)  # (H,)"""

KEPT = "[p.detach().clone() for p in model.parameters()]"

PUT_BACK = """\
with torch.no_grad():
    for p, kept in zip(model.parameters(), best, strict=True):
        p[:] = kept"""
