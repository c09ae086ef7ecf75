"""The loss of each mini-batch at its own update: the noise behind the loss of the epoch.

Shapes: N training points, K outputs, B batches of an epoch.
"""

from __future__ import annotations

import numpy as np

from engine.copying import Copyable
from engine.tables import Array
from engine.tables.losses import Loss


class BatchLosses(Copyable):
    """Keeps what the loss took of each point at the update that used it.

    Points are counted twice over, as in the sampler's doubled arrays: a batch that takes in points left over by the
    epoch before reaches from the first copy into the second.
    """

    def __init__(self, labels: Array) -> None:
        self._labels = self._whole_labels = labels  # (K, 2N)
        self._size = labels.shape[1] // 2
        self._loss_inputs = np.zeros_like(labels)  # (K, 2N), of the present epoch
        self._first: int | None = 0  # the place, less N, where that began; None where it was not seen
        self._whole = np.zeros_like(labels)  # (K, 2N), of the last whole epoch
        self._last: slice | None = None  # where that is

    def at(self, places: slice) -> Array:
        """Where to write what the loss takes of some places at an update, (K, n)."""
        return self._loss_inputs[:, places]

    def end_epoch(self, used: int, reordered: bool) -> None:
        """The epoch is over, with so many of its points used; the others go with the next one's first batch. Labels
        that will be reordered are kept as they were."""
        seen = used and self._first is not None
        self._last = slice(self._size + (self._first or 0), self._size + used) if seen else None
        self._first = used - self._size
        self._loss_inputs, self._whole = self._whole, self._loss_inputs
        self._whole_labels = self._labels.copy() if reordered else self._labels

    def discard_losses(self, first: int | None) -> None:
        """Another past: the present epoch begins with -`first` points left over, or in its middle."""
        self._first, self._last = first, None

    def losses(self, loss: Loss, batch: int) -> Array:
        """The loss of each batch of the last whole epoch, (B,); empty where that was not seen."""
        if self._last is None:
            return np.empty(0)
        losses = loss.f(self._whole, self._whole_labels)[self._last]  # (N,)
        starts = np.array([0, *range(self._size - self._last.start + batch, len(losses), batch)])  # (B,)
        return np.asarray(np.add.reduceat(losses, starts) / np.diff(starts, append=len(losses)))  # (B,)
