"""The training loop: mini-batches and epochs, for one network or a stack of them.

Shapes: D features, N points of a batch, K outputs, P parameters, H units of a layer; many networks side by side have
one axis more before these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from engine import random_draws
from engine.config import Config
from engine.copying import Copyable
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.tables.outputs import OUTPUTS
from engine.tapes.batches import Batches
from engine.tapes.tape import Tapes
from engine.training.descent import Descent
from engine.training.image_parts import ImageSampler
from engine.training.network import Network, Pass, Passes
from engine.training.sampler import Sampler
from engine.training.split import Parts


class TrainingLoop(Copyable):
    """Which points each update takes, what it does with them, and what the end of an epoch changes."""

    _keeps_batch_losses = True
    """Whether what the loss took of each batch is kept."""

    def __init__(self, config: Config, parts: Parts) -> None:
        self.config: Config = config
        self.parts: Parts = parts
        self.epoch = self.updates = 0
        self.rate = config.rate_at(0)
        self._points = 0  # of the last update
        self._sampler = (ImageSampler if config.image_set else Sampler)(parts.train, config.seed)
        self._sampler.order(0, config.reshuffle)

    def _begin(self, network: Network, passing: Passes) -> None:
        """Train a network, by its passes, under the present configuration; the optimizer's memory is empty."""
        self.passing, self._loss = passing, LOSSES[self.config.loss_name]
        self.descent = Descent(network, self.config.optimizer)
        self._tapes = Tapes()

    def on(self, passed: Pass, descent: Descent) -> Self:
        """The same loop with another pass of points and another descent."""
        loop = object.__new__(type(self))
        vars(loop).update({**vars(self), "passing": lambda points: passed, "descent": descent})
        return loop

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
        return bool(self.config.patience and self.parts.validation.size)

    def masks(self, update: int, points: int) -> list[Array]:
        """Which units an update, counted from 0, leaves out: of each hidden layer (H, N)."""
        return self._drawn_masks(self.config.weightSeed, update, points)

    def _drawn_masks(self, weight_seed: str, update: int, points: int) -> list[Array]:
        config = self.config
        seed = f"{config.seed} {weight_seed}"
        return random_draws.dropout_masks(seed, update, config.dropout, config.networkShape, points)

    def next_batch(self) -> Array:
        """The points of the next update, (n,), by their places among those that train."""
        return self._sampler.next_places(self.epoch, self.batch, self.config.reshuffle)

    def take(self, most: int) -> Batches:
        """The batches of at most so many updates that follow within the epoch."""
        return self._sampler.take(self.batch, most)

    def _advance(self, most: int) -> int:
        """At most so many updates, and none beyond the epoch; gives how many.

        Where a batch is larger than the training set, an epoch without an update counts as one.
        """
        batch, updates = self.batch, 1
        if self._sampler.updates_left(batch):
            batches = self.take(most)
            self._train_on(batches)
            updates = batches.updates
            self.updates += updates
        if self._sampler.updates_left(batch) == 0:
            self._end_epoch()
        return updates

    def _train_on(self, batches: Batches) -> None:
        """An update with each of the batches."""
        self._points = batches.points
        if tape := self._tapes.get(self, batches):
            tape.run(self, batches)
            return
        for update in range(batches.updates):
            self.descend(*batches.at(update), self.updates + update)

    def descend(self, X: Array, Y: Array, loss_inputs: Array, update: int) -> None:
        """One update with its number, counted from 0, for inputs X (D + 1, N) and labels Y (K, N)."""
        masks = self.masks(update, X.shape[1]) if self.config.dropout else []
        self.descent.next_step(self.config.momentum)
        self.move(X, Y, loss_inputs, masks, self.rate)

    def move(self, X: Array, Y: Array, loss_inputs: Array, masks: Sequence[Array], rate: float) -> None:
        """Forward, backward and a step against the gradient: what a tape repeats."""
        passed = self.passing(X.shape[1])
        if masks:
            passed.forward_dropping(X, masks)
        else:
            passed.forward(X)
        if self._keeps_batch_losses:
            loss_inputs[...] = passed.loss_input(self._loss)
        gradient = passed.backward(X, Y, self._loss)  # (P,), summed over the points
        self.descent.step(gradient, X.shape[1], rate, self.config)

    def _end_epoch(self) -> None:
        self.epoch += 1
        self._sampler.end_epoch(self.epoch, self.config.reshuffle)
        self.rate = self.config.rate_at(self.epoch)
