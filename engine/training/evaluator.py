"""Evaluation: the losses and scores of a network over each part of the data, and the activations of one point.

Shapes: D features, H units of a layer, K outputs, N points of a part.
"""

from __future__ import annotations

import math

import numpy as np

from engine.config import Config
from engine.copying import Copyable
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.tables.scores import SCORES
from engine.training.measures import Losses, Measures, mean
from engine.training.network import Network, Passes
from engine.training.split import Part, Parts, targets

AT_ONCE = 500
"""Images in one pass, so that its buffers stay small."""


class Evaluator(Copyable):
    """Passes of points through a network, and what the configuration's loss says of them."""

    def __init__(self, network: Network, config: Config, parts: Parts) -> None:
        self._config, self._parts = config, parts
        self.loss = LOSSES[config.loss_name]
        self.passing = Passes(network)

    def losses(self) -> Losses:
        """The mean loss over training and test points; infinite only out of all numbers."""
        train, test = self.point_losses()
        return Losses(mean(train), mean(test))

    def mean_loss(self, part: Part) -> float:
        """The mean loss over a part of the data; of no points 0."""
        return mean(self._point_losses(part))

    def measure(self) -> Measures:
        """Losses, and the score that belongs to the problem."""
        train, validation, test = map(self._measured, self._parts[:3])
        if not self._parts.validation.size:
            validation = math.nan, math.nan
        return Measures(train[0], test[0], train[1], test[1], *validation)

    def _measured(self, part: Part) -> tuple[float, float]:
        losses, outputs = self.passed(part)  # (N,), (K, N)
        with np.errstate(all="ignore"):
            return mean(losses), SCORES[self._config.problem].f(outputs, part.Y)

    def point_losses(self) -> tuple[Array, Array]:
        """Each point's own loss, (N,): those of the training points, those of the test points."""
        return self._point_losses(self._parts.train), self._point_losses(self._parts.test)

    def _point_losses(self, part: Part) -> Array:
        return self.passed(part)[0]  # (N,)

    def passed(self, part: Part) -> tuple[Array, Array]:
        """Each point's loss, (N,), and the outputs, (K, N)."""
        if not self._config.image_set:
            return self._pass(part.X, part.Y)
        losses, outputs = np.zeros(part.size), np.zeros((len(part.Y), part.size))  # (N,), (K, N)
        for start in range(0, part.size, AT_ONCE):
            piece = slice(start, start + AT_ONCE)
            losses[piece], outputs[:, piece] = self._pass(part.X[:, piece], part.Y[:, piece])
        return losses, outputs

    def _pass(self, X: Array, Y: Array) -> tuple[Array, Array]:
        passed = self.passing(X.shape[1])
        with np.errstate(all="ignore"):
            outputs = passed.forward(X)  # (K, N)
            return self.loss.f(passed.loss_input(self.loss), Y), outputs

    def probe(self, x: float, y: float, label: float | None) -> tuple[list[Array], float]:
        """A single point's way: its inputs (D,), each layer's outputs (H,), and its loss, NaN without a label."""
        passed = self.passing(1)
        with np.errstate(all="ignore"):
            X = self._parts.scaling.design_matrix(self._config.features, [(x, y)])  # (D + 1, 1)
            passed.forward(X)
            loss = math.nan
            if label is not None:
                loss = float(self.loss.f(passed.loss_input(self.loss), targets(self._config, [label]))[0])
        return [X[:-1, 0], *(a[:, 0].copy() for a in passed.outputs)], loss
