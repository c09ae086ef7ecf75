"""Gradient descent: how far and where to an update moves the parameters.

Shapes: P parameters.
"""

from __future__ import annotations

import numpy as np

from engine.config import Config
from engine.network import Network
from engine.penalties import PENALTIES, Penalty
from engine.tables import Array


class Descent:
    """Moves a network's parameters against the gradient of loss and penalty.

    `dead` marks the weights, (P,), that a sparse penalty has pushed to zero for good.
    """

    def __init__(self, network: Network) -> None:
        self._theta = network.theta  # (P,)
        self._is_weight = network.weight_mask()  # (P,)
        self._step = np.zeros_like(network.theta)  # (P,)
        self.dead = np.zeros(len(network.theta), bool)  # (P,)

    def step(self, gradient: Array, points: int, config: Config) -> None:
        """theta := theta - learningRate (gradient / points + regularizationRate r'(theta)).

        The gradient, (P,), is that of the loss summed over so many points.
        """
        step = np.multiply(gradient, config.learningRate / points, self._step)  # (P,)
        penalty = PENALTIES[config.regularization]
        if penalty is None:
            np.subtract(self._theta, step, self._theta)
        else:
            self._step_with(penalty, step, config.learningRate * config.regularizationRate)

    def _step_with(self, penalty: Penalty, step: Array, rate: float) -> None:
        """The step against the gradient, then the penalty's, taken at the weights before both."""
        theta, alive = self._theta, ~self.dead  # (P,)
        pull = rate * penalty.derivative(theta) * self._is_weight  # (P,)
        stepped = theta - step  # (P,)
        pulled = stepped - pull  # (P,)
        if penalty.sparse:
            crossed = (stepped * pulled < 0) & alive  # only weights are pulled, so only they cross
            self.dead |= crossed
            pulled[crossed] = 0.0
        np.copyto(theta, pulled, where=alive)
