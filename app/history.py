"""The losses of a run so far, thinned evenly so that they never outgrow a fixed number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.tables import Array

ROWS = 1_000

Row = tuple[float, float, float, float, float]


class History:
    """Rows of (epoch, train loss, test loss, lowest and highest loss of a batch), epochs ascending.

    Where rows are left out, the next one's batches stand for theirs too, so that no outlier is lost.
    """

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._gap = 0.0
        self._skipped: list[Row] = []

    @classmethod
    def of(cls, rows: Iterable[Sequence[float]]) -> History:
        """A history of some rows, as dense as they are; those that do not ascend are left out."""
        history = cls()
        for row in rows:
            if not history._rows or row[0] > history._rows[-1][0]:
                history.append(*row)
        history._gap = history._rows[-1][0] / ROWS if history._rows else 0.0
        return history

    def append(self, epoch: float, train: float, test: float, low: float, high: float) -> None:
        """Add a row, unless it is too near to the last; a row for the same epoch takes the last one's place."""
        rows = self._rows
        if rows and rows[-1][0] >= epoch:
            rows[-1] = (epoch, train, test, low, high)
        elif not rows or epoch - rows[-1][0] >= self._gap:
            rows.append(_widened((epoch, train, test, low, high), *self._skipped))
            self._skipped = []
        else:
            self._skipped = [_widened((epoch, train, test, low, high), *self._skipped)]
        if len(rows) > ROWS:
            self._gap = 2 * rows[-1][0] / ROWS
            rows[2::2] = map(_widened, rows[2::2], rows[1::2])
            del rows[1::2]

    def since(self, epoch: float) -> Array:
        """The rows after an epoch, as (rows, 5) float64."""
        rows = self._rows
        start = len(rows)
        while start and rows[start - 1][0] > epoch:
            start -= 1
        return np.array(rows[start:], np.float64).reshape(-1, 5)

    @property
    def last(self) -> Row | None:
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
        history._gap, history._rows = gap, list(zip(*[iter(numbers)] * 5, strict=True))
        return history


def _widened(row: Row, *left_out: Row) -> Row:
    """A row whose range of batches takes in those of others."""
    return (*row[:3], min(one[3] for one in (row, *left_out)), max(one[4] for one in (row, *left_out)))
