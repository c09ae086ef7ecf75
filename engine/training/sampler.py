"""Batch sampling: which training points each update takes, epoch after epoch.

Shapes: D features, N training points, K outputs.
"""

from __future__ import annotations

import numpy as np

from engine import random_draws
from engine.copying import Copyable
from engine.tables import Array
from engine.tapes.batches import Batches
from engine.training.batch_losses import BatchLosses
from engine.training.split import Part


class Sampler(Copyable):
    """Goes through the points batch by batch.

    It holds them twice side by side, those of the last epoch before those of the present one, so that a batch that
    reaches back into the epoch before is one slice.
    """

    def __init__(self, part: Part, seed: str) -> None:
        self._part, self._seed = part, seed
        self._X, self._Y = (np.concatenate([array, array], axis=1) for array in part[1:])  # (D + 1, 2N), (K, 2N)
        self.batch_losses = BatchLosses(self._Y)
        self.size = part.size
        self.cursor = 0  # points of this epoch that are used up
        self.pending = 0  # points before the cursor whose gradient still waits

    def order(self, epoch: int, reshuffle: bool) -> None:
        """Put the points into the orders of the epoch before and of this one, where each has its own."""
        for each, start in ((epoch - 1, 0), (epoch, self.size)):
            places = self._places(each, reshuffle)
            for array, part in zip((self._X, self._Y), self._part[1:], strict=True):
                array[:, start : start + self.size] = part[:, places]

    def _places(self, epoch: int, reshuffle: bool) -> Array:
        """The places of the points among those of its part, (N,), in the order of an epoch."""
        own = reshuffle and epoch >= 0
        return np.asarray(random_draws.order(self._seed, epoch, self.size) if own else np.arange(self.size))

    def next_places(self, epoch: int, batch: int, reshuffle: bool) -> Array:
        """The points of the next update, (n,), by their places among those of its part."""
        places = np.concatenate([self._places(epoch - 1, reshuffle), self._places(epoch, reshuffle)])  # (2N,)
        return places[self.size + self.cursor - self.pending : self.size + (self.cursor // batch + 1) * batch]

    def updates_left(self, batch: int) -> int:
        """Updates until the epoch is over; 0 where a batch is larger than the training set."""
        return self.size // batch - self.cursor // batch

    def take(self, batch: int, most: int) -> Batches:
        """The batches of at most so many updates, within the epoch. The first one goes up to the next
        multiple of the batch size, with the points left over before; it comes alone where it has not as many points as
        the others."""
        first = (self.cursor // batch + 1) * batch
        points = first - self.cursor + self.pending
        updates = min(most, self.updates_left(batch)) if points == batch else 1
        stop = first + (updates - 1) * batch
        taken = slice(self.size + self.cursor - self.pending, self.size + stop)
        self.cursor, self.pending = stop, 0
        return Batches(self._inputs(taken), self._Y[:, taken], self.batch_losses.at(taken), points, updates)

    def _inputs(self, taken: slice) -> Array:
        return self._X[:, taken]  # (D + 1, n)

    def end_epoch(self, epoch: int, reshuffle: bool) -> None:
        """Go on to an epoch. Points left over make no update now: they wait for its first batch."""
        self.batch_losses.end_epoch(self.cursor, reshuffle)
        self.cursor, self.pending = 0, self.size - self.cursor
        if reshuffle:
            self.order(epoch, reshuffle)

    def discard_losses(self) -> None:
        """Drop what was recorded until now."""
        self.batch_losses.discard_losses(None if self.cursor else -self.pending)

    def restore(self, epoch: int, cursor: int, pending: int, reshuffle: bool) -> None:
        """Restore a position of another run; its recorded losses are dropped."""
        self.cursor, self.pending = cursor, pending
        if reshuffle:
            self.order(epoch, reshuffle)
        self.discard_losses()
