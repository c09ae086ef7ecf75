"""What each mini-batch of an epoch was met with: the loss noise behind the loss of the epoch.

Shapes: N training points, K outputs, B batches of an epoch.
"""

from __future__ import annotations

import numpy as np

from engine.copying import Copyable
from engine.tables import Array
from engine.tables.losses import Loss


class Batches(Copyable):
    """Keeps what the loss judged of each point at the update that it had part in.

    Points are counted twice over, as in the sampler's doubled arrays: a batch that takes in points left over by the
    epoch before reaches from the first copy into the second.
    """

    def __init__(self, labels: Array) -> None:
        self._labels = self._whole_labels = labels  # (K, 2N)
        self._size = labels.shape[1] // 2
        self._judged = np.zeros_like(labels)  # (K, 2N), of the present epoch
        self._first: int | None = 0  # the place, less N, where that began; None where it was not seen
        self._whole = np.zeros_like(labels)  # (K, 2N), of the last whole epoch
        self._last: slice | None = None  # where that is

    def keep(self, places: slice, judged: Array) -> None:
        """What was judged of some places at an update, (K, n)."""
        self._judged[:, places] = judged

    def end_epoch(self, used: int, reordered: bool) -> None:
        """The epoch is over, with so many of its points used; the others go with the next one's first batch. Labels
        that will be reordered are kept as they were."""
        seen = used and self._first is not None
        self._last = slice(self._size + (self._first or 0), self._size + used) if seen else None
        self._first = used - self._size
        self._judged, self._whole = self._whole, self._judged
        self._whole_labels = self._labels.copy() if reordered else self._labels

    def forget(self, first: int | None) -> None:
        """Another past: the present epoch begins with -`first` points left over, or in its middle."""
        self._first, self._last = first, None

    def losses(self, loss: Loss, batch: int) -> Array:
        """The loss of each batch of the last whole epoch, (B,); empty where that was not seen."""
        if self._last is None:
            return np.empty(0)
        losses = loss.f(self._whole, self._whole_labels)[self._last]  # (N,)
        starts = np.array([0, *range(self._size - self._last.start + batch, len(losses), batch)])  # (B,)
        return np.asarray(np.add.reduceat(losses, starts) / np.diff(starts, append=len(losses)))  # (B,)
