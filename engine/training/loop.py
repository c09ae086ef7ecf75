"""The training loop: mini-batches and epochs, for one network or a stack of them.

Shapes: D features, N points of a batch, K outputs, P parameters, H units of a layer; many networks side by side have
one axis more before these.
"""

from __future__ import annotations

from engine.config import Config
from engine.copying import Copyable
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.training import random_draws
from engine.training.descent import Descent
from engine.training.network import Network, Pass, Passes
from engine.training.sampler import Sampler
from engine.training.split import Parts


class TrainingLoop(Copyable):
    """Which points each update takes, what it does with them, and what the end of an epoch changes."""

    def __init__(self, config: Config, parts: Parts) -> None:
        self.config, self.parts = config, parts
        self.epoch = self.updates = 0
        self.rate = config.rate_at(0)
        self._points = 0  # of the last update
        self._sampler = Sampler(parts.train, config.seed)
        self._sampler.order(0, config.reshuffle)

    def _begin(self, network: Network, passing: Passes) -> None:
        """Train a network, by its passes, under the present configuration; the optimizer's memory is empty."""
        self._passing, self._loss = passing, LOSSES[self.config.loss_name]
        self._descent = Descent(network, self.config.optimizer)

    @property
    def train_size(self) -> int:
        """How many points train."""
        return self._sampler.size

    @property
    def batch(self) -> int:
        """Points per update. Of a person's own points, which may be few, at most all; otherwise what the
        configuration says, as in the original."""
        size = self.config.batchSize
        return max(1, min(size, self.train_size)) if self.config.data.own else size

    @property
    def updates_to_epoch_end(self) -> int:
        """Updates until the present epoch is over; 0 where a batch is larger than the training set."""
        return self._sampler.updates_left(self.batch)

    @property
    def at_epoch_start(self) -> bool:
        """Whether it is between two epochs."""
        return self._sampler.cursor == 0

    @property
    def loss_is_bounded(self) -> bool:
        """Whether the loss cannot leave the finite numbers before the parameters do."""
        return OUTPUTS[self.config.output_name].bound is not None and not self._loss.of_sums

    @property
    def may_stop(self) -> bool:
        """Whether early stopping is on, and has anything to judge by."""
        return bool(self.config.patience and self.parts.validation.points)

    def masks(self, update: int, points: int) -> list[Array]:
        """Which units an update, counted from 0, leaves out: of each hidden layer (H, N)."""
        return self._drawn_masks(self.config.weightSeed, update, points)

    def _drawn_masks(self, weight_seed: str, update: int, points: int) -> list[Array]:
        config = self.config
        seed = f"{config.seed} {weight_seed}"
        return random_draws.dropout_masks(seed, update, config.dropout, config.networkShape, points)

    def _update(self) -> None:
        """One update with the points up to the next multiple of the batch size, and those left over before.

        Where a batch is larger than the training set, an epoch without an update counts as one.
        """
        batch = self.batch
        if self._sampler.updates_left(batch):
            self._descend(*self._sampler.take(batch))
            self.updates += 1
        if self._sampler.updates_left(batch) == 0:
            self._end_epoch()

    def _descend(self, X: Array, Y: Array) -> None:
        """Forward, backward and a step against the gradient, for inputs X (D + 1, N) and labels Y (K, N)."""
        self._points = points = X.shape[1]
        passed = self._passing(points)
        if self.config.dropout:
            passed.forward_dropping(X, self.masks(self.updates, points))
        else:
            passed.forward(X)
        self._record_batch(passed)
        gradient = passed.backward(X, Y, self._loss)  # (P,), summed over the points
        self._descent.step(gradient, points, self.rate, self.config)

    def _record_batch(self, passed: Pass) -> None:
        """Record the losses of a batch; nothing here, because a stack does not show them."""

    def _end_epoch(self) -> None:
        self.epoch += 1
        self._sampler.end_epoch(self.epoch, self.config.reshuffle)
        self.rate = self.config.rate_at(self.epoch)
