"""Gradient descent: how an update moves the parameters.

Shapes: P parameters; any axes before them are networks side by side. S arrays of the optimizer's memory.
"""

from __future__ import annotations

import numpy as np

from engine.config import Config
from engine.copying import Copyable
from engine.tables import Array
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.penalties import PENALTIES, Penalty
from engine.training.network import Network


class Descent(Copyable):
    """Moves a network's parameters against the gradient of loss and penalty.

    `dead` marks the weights, (P,), that a sparse penalty has pushed to zero for good; `memory` is the optimizer's,
    (S, P), and `steps` counts the updates that are in it.
    """

    def __init__(self, network: Network, optimizer: str) -> None:
        self._theta = network.theta  # (P,)
        self._is_weight = network.weight_mask()  # (P,)
        self._step = np.zeros_like(network.theta)  # (P,)
        self.dead = np.zeros(network.theta.shape, bool)  # (P,)
        self._optimizer = OPTIMIZERS[optimizer]
        self.memory = np.zeros((self._optimizer.memory, *network.theta.shape))  # (S, P)
        self.steps = 0
        self.unbias = np.ones((self._optimizer.memory, 1))  # (S, 1), by what this update divides the memories

    def next_step(self, momentum: float) -> None:
        """Count an update that is about to be made."""
        self.steps += 1
        if self._optimizer.unbias:
            self.unbias[:, 0] = self._optimizer.unbias(self.steps, momentum)

    def corrections(self, updates: int, momentum: float) -> Array:
        """`unbias` at each of the updates that follow, (updates, S, 1), or (1, S, 1) where it stays as it is."""
        if not self._optimizer.unbias:
            return self.unbias[np.newaxis]
        steps = range(self.steps + 1, self.steps + 1 + updates)
        return np.array([self._optimizer.unbias(t, momentum) for t in steps])[..., np.newaxis]

    def step(self, gradient: Array, points: int, rate: float, config: Config) -> None:
        """theta := theta - rate (direction + regularizationRate r'(theta)), with the optimizer's direction for the
        gradient / points, which is cut to the norm `clipNorm` before; or, where the penalty is part of the loss,
        theta := theta - rate direction, for the gradient / points + regularizationRate r'(theta).

        The gradient, (P,), is that of the loss summed over so many points.
        """
        penalty, coupled = PENALTIES[config.regularization], is_in_loss(config)
        if self._optimizer.memory or config.clipNorm or coupled:
            mean = gradient / points  # (P,)
            if penalty and coupled:
                mean += self._penalty_step(penalty, config.regularizationRate)
            step = np.multiply(self._direction(mean, config), rate, self._step)  # (P,)
        else:
            step = np.multiply(gradient, rate / points, self._step)  # (P,)
        if penalty is None or coupled:
            np.subtract(self._theta, step, self._theta)
        else:
            self._step_with_penalty(penalty, step, rate * config.regularizationRate)

    def _direction(self, mean: Array, config: Config) -> Array:
        """Where the optimizer goes for the mean gradient, (P,)."""
        if config.clipNorm:
            mean = clipped(mean, config.clipNorm)
        return self._optimizer.f(mean, self.memory, self.unbias, config.momentum)

    def _step_with_penalty(self, penalty: Penalty, step: Array, rate: float) -> None:
        """The step against the gradient, then the penalty's, taken at the weights before both."""
        theta, alive = self._theta, ~self.dead  # (P,)
        pull = self._penalty_step(penalty, rate)  # (P,)
        stepped = theta - step  # (P,)
        pulled = stepped - pull  # (P,)
        if penalty.sparse:
            crossed = (stepped * pulled < 0) & alive  # only weights are pulled, so only they cross
            self.dead |= crossed
            pulled[crossed] = 0.0
        np.copyto(theta, pulled, where=alive)

    def _penalty_step(self, penalty: Penalty, rate: float) -> Array:
        """rate r'(theta) of the weights and 0 of the biases, (P,)."""
        pull: Array = rate * penalty.derivative(self._theta) * self._is_weight
        return pull


def is_in_loss(config: Config) -> bool:
    """Whether the penalty's gradient is added to the loss's, before clipping and the optimizer's memory.

    Of plain gradient descent both ways are the same step, but for what a sparse penalty does at zero.
    """
    penalty, optimizer = PENALTIES[config.regularization], OPTIMIZERS[config.optimizer]
    if penalty is None or optimizer.decouples or config.regularizationMode != "loss":
        return False
    return bool(optimizer.memory or config.clipNorm or penalty.sparse)


def zeroes_weights(config: Config) -> bool:
    """Whether a weight that the penalty pushes across zero stays there for good."""
    penalty = PENALTIES[config.regularization]
    return penalty is not None and penalty.sparse and not is_in_loss(config)


def clipped(gradient: Array, norm: float) -> Array:
    """The gradient, (P,), where it is longer than `norm` cut down to that."""
    length = np.sqrt(np.sum(gradient * gradient, axis=-1, keepdims=True))  # (1,)
    shorter: Array = gradient * (norm / np.maximum(length, norm))  # times exactly 1 where it is no longer
    return shorter
