"""Optimizers: how a step follows from the gradient.

Shapes: P parameters; any axes before them are networks side by side. S arrays of an optimizer's memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.tables import Array, Entry

SQUARES = 0.99
"""How much of the mean of the squared gradients RMSprop keeps at each update, as PyTorch has it."""
ADAM_SQUARES = 0.999
TINY, TINIEST = 1e-8, 1e-10


@dataclass(frozen=True, kw_only=True)
class Optimizer(Entry):
    """A direction for each gradient; theta then goes the learning rate times the direction back."""

    memory: int
    """S: how many arrays like the parameters it remembers, zero at the first update."""
    f: Callable[[Array, Array, Array, float], Array]
    """f(gradient, memory, unbias, momentum): (..., P), (S, ..., P), (S, 1) -> (..., P); it brings the memory up to
    date. The gradient is the mean over the batch."""
    unbias: Callable[[int, float], tuple[float, ...]] | None = None
    """unbias(t, momentum): by what each memory is divided at update t, counted from 1, as it began at zero."""
    uses_momentum: bool = False
    decouples: bool = False
    """Whether it keeps a penalty out of the gradient, whatever else is asked for."""


def _gradient(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    return g


def _momentum(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    velocity: Array
    (velocity,) = memory
    velocity *= momentum
    velocity += g
    return velocity


def _nesterov(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    ahead: Array = g + momentum * _momentum(g, memory, unbias, momentum)
    return ahead


def _adagrad(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    (squares,) = memory
    squares += g * g
    paced: Array = g / (np.sqrt(squares) + TINIEST)
    return paced


def _rmsprop(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    (squares,) = memory
    squares *= SQUARES
    squares += (1 - SQUARES) * g * g
    paced: Array = g / (np.sqrt(squares) + TINY)
    return paced


def _adam(g: Array, memory: Array, unbias: Array, momentum: float) -> Array:
    mean, squares = memory
    mean *= momentum
    mean += (1 - momentum) * g
    squares *= ADAM_SQUARES
    squares += (1 - ADAM_SQUARES) * g * g
    paced: Array = mean / unbias[0] / (np.sqrt(squares / unbias[1]) + TINY)
    return paced


def _adam_unbias(t: int, momentum: float) -> tuple[float, ...]:
    return 1 - momentum**t, 1 - ADAM_SQUARES**t


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(
        label="Gradient descent",
        formula="w - rate g",
        latex=r"w \coloneqq w - \eta g",
        hint="A step against the gradient, as long as the gradient is steep: nothing else.",
        memory=0,
        f=_gradient,
    ),
    "momentum": Optimizer(
        label="Momentum",
        formula="v = m v + g, w - rate v",
        latex=r"v \coloneqq \mu v + g, \quad w \coloneqq w - \eta v",
        hint="Steps gather speed like a ball that rolls downhill, and so cross flat places and small bumps.",
        memory=1,
        f=_momentum,
        uses_momentum=True,
    ),
    "nesterov": Optimizer(
        label="Nesterov",
        formula="v = m v + g, w - rate (g + m v)",
        latex=r"v \coloneqq \mu v + g, \quad w \coloneqq w - \eta (g + \mu v)",
        hint="Momentum that looks one step ahead, so that it brakes sooner.",
        memory=1,
        f=_nesterov,
        uses_momentum=True,
    ),
    "adagrad": Optimizer(
        label="AdaGrad",
        formula="s = s + g^2, w - rate g / sqrt(s)",
        latex=r"s \coloneqq s + g^2, \quad w \coloneqq w - \eta \frac{g}{\sqrt{s}}",
        hint="Each weight has its own pace, the slower the more it has moved already.",
        memory=1,
        f=_adagrad,
    ),
    "rmsprop": Optimizer(
        label="RMSprop",
        formula="s = 0.99 s + 0.01 g^2, w - rate g / sqrt(s)",
        latex=r"s \coloneqq 0.99\,s + 0.01\,g^2, \quad w \coloneqq w - \eta \frac{g}{\sqrt{s}}",
        hint="Like AdaGrad, but it forgets what is long ago, so that it never comes to a halt.",
        memory=1,
        f=_rmsprop,
    ),
    "adam": Optimizer(
        label="Adam",
        formula="v = mean of g, s = mean of g^2, w - rate v / sqrt(s)",
        latex=r"w \coloneqq w - \eta \frac{\hat{v}}{\sqrt{\hat{s}}}",
        hint="Momentum and a pace of its own for each weight (Kingma and Ba, 2015): the usual choice today.",
        memory=2,
        f=_adam,
        unbias=_adam_unbias,
        uses_momentum=True,
    ),
    "adamw": Optimizer(
        label="AdamW",
        formula="Adam, with the regularization as weight decay: w - rate lambda r'(w)",
        latex=r"w \coloneqq w - \eta \lambda r'(w) - \eta \frac{\hat{v}}{\sqrt{\hat{s}}}",
        hint="Adam whose regularization is always weight decay (Loshchilov and Hutter, 2019); without any it is Adam.",
        memory=2,
        f=_adam,
        unbias=_adam_unbias,
        uses_momentum=True,
        decouples=True,
    ),
}
"""Each as PyTorch's optimizer of that name computes it."""
