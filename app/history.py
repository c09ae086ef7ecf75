"""The losses of a run so far, thinned evenly so that they never outgrow a fixed number of rows."""

from __future__ import annotations

import numpy as np

from engine.tables import Array

ROWS = 1_000


class History:
    """Rows of (epoch, train loss, test loss), epochs ascending."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, float, float]] = []
        self._gap = 0.0

    def append(self, epoch: int, train: float, test: float) -> None:
        """Add a row, unless it is too near to the last; a row for the same epoch takes the last one's place."""
        rows = self._rows
        if rows and rows[-1][0] >= epoch:
            rows[-1] = (epoch, train, test)
        elif not rows or epoch - rows[-1][0] >= self._gap:
            rows.append((epoch, train, test))
        if len(rows) > ROWS:
            self._gap = 2 * rows[-1][0] / ROWS
            del rows[1::2]

    def since(self, epoch: float) -> Array:
        """The rows after an epoch, as (rows, 3) float64."""
        rows = self._rows
        start = len(rows)
        while start and rows[start - 1][0] > epoch:
            start -= 1
        return np.array(rows[start:], np.float64).reshape(-1, 3)

    @property
    def last(self) -> tuple[float, float, float] | None:
        """The newest row."""
        return self._rows[-1] if self._rows else None

    def to_bytes(self) -> bytes:
        """All as little-endian float64: how far apart rows have to be, and the rows."""
        return np.float64(self._gap).tobytes() + self.since(-1).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> History:
        """The history that `to_bytes` wrote."""
        history = cls()
        gap, *numbers = np.frombuffer(data, "<f8").tolist()
        history._gap, history._rows = gap, list(zip(*[iter(numbers)] * 3, strict=True))
        return history
