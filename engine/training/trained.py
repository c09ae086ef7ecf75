"""A network during or after training: its epoch, how it ended, and its measures.

Shapes: D features, H units of a layer, N points of a set, K outputs, P parameters, B batches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.tables import Array
from engine.training.early_stopping import Stop
from engine.training.evaluator import Evaluator
from engine.training.loop import TrainingLoop
from engine.training.measures import Losses, Measures
from engine.training.prediction import Predictor
from engine.training.split import Part


class Divergence(NamedTuple):
    """Where a run stopped: before an update out of the finite numbers, or after an epoch whose loss left them."""

    epoch: int
    updates: int


class TrainedNetwork(TrainingLoop, Predictor):
    """A network with its data, its place in the training and its measures."""

    diverged: Divergence | None
    stopped: Stop | None
    _evaluator: Evaluator

    @property
    def ended(self) -> bool:
        """Whether the run has stopped by itself."""
        return bool(self.diverged or self.stopped)

    @property
    def train_data(self) -> Part:
        """The points that train, in the order in which they were drawn."""
        return self.parts.train

    @property
    def validation_data(self) -> Part:
        """The points that validate."""
        return self.parts.validation

    @property
    def test_data(self) -> Part:
        """The points that test."""
        return self.parts.test

    def losses(self) -> Losses:
        """The mean loss over training and test points as they are now; infinite only where the run has diverged or is
        about to. The loss of no points is 0."""
        return self._evaluator.losses()

    def measure(self) -> Measures:
        """Losses, and the score that belongs to the problem."""
        return self._evaluator.measure()

    def point_losses(self) -> tuple[Array, Array]:
        """Each point's own loss, (N,): those of the training points, those of the test points."""
        return self._evaluator.point_losses()

    def tested(self) -> tuple[Array, Array]:
        """Each test point's own loss, (N,), and the outputs for it, (K, N)."""
        return self._evaluator.passed(self.parts.test)

    def batch_losses(self) -> Array:
        """The loss of each batch of the last epoch as its own update met it, (B,); empty before an epoch has ended."""
        with np.errstate(all="ignore"):
            return self._sampler.batch_losses.losses(self._loss, self.batch)

    def probe(self, x: float, y: float, label: float | None = None) -> tuple[list[Array], float]:
        """A single point's way: its inputs (D,), each layer's outputs (H,), and its loss, NaN without a label."""
        return self._evaluator.probe(x, y, label)

    def collapsed(self) -> Array | None:
        """W and b, (K, D + 1), of the one layer whose sums are those of the whole network; None where not every hidden
        layer is linear."""
        if {*self.config.hidden_activations} - {"linear"}:
            return None
        with np.errstate(all="ignore"):
            return self.network.collapsed()

    def gradient(self) -> Array:
        """The derivatives of the last update's batch loss by all parameters, (P,), without the penalty's."""
        return self.network.gradient / max(1, self._points)
