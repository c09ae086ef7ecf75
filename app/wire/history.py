"""The loss history of a run, thinned evenly to a fixed number of rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.tables import Array

ROWS = 1_000


class HistoryRow(NamedTuple):
    """What is kept of one epoch."""

    epoch: float
    train: float
    test: float
    lowest: float
    """The lowest loss of a batch."""
    highest: float
    validation: float = math.nan
    """NaN where no points validate."""
    rate: float = math.nan
    """The learning rate, NaN where it is not known any more."""


COLUMNS = len(HistoryRow._fields)
LOWEST, HIGHEST = HistoryRow._fields.index("lowest"), HistoryRow._fields.index("highest")


class LossHistory:
    """Rows, epochs ascending.

    Where rows are left out, the next one's batches stand for theirs too, so that no outlier is lost.
    """

    def __init__(self) -> None:
        self._table = np.empty((ROWS + 1, COLUMNS))  # an array: it is copied into every saved state
        self._length = 0
        self._gap = 0.0
        self._skipped: list[HistoryRow] = []

    @classmethod
    def of(cls, rows: Iterable[Sequence[float | None]]) -> LossHistory:
        """A history of some rows, as dense as they are; those that do not ascend are left out."""
        history = cls()
        for cells in rows:
            row = HistoryRow(*(math.nan if cell is None else cell for cell in cells))
            if not history._length or row.epoch > history._newest:
                history.append(row)
        history._gap = history._newest / ROWS if history._length else 0.0
        return history

    def append(self, row: HistoryRow) -> None:
        """Add a row, unless it is too near to the last; a row for the same epoch takes the last one's place."""
        if self._length and self._newest >= row.epoch:
            self._table[self._length - 1] = row
        elif not self._length or row.epoch - self._newest >= self._gap:
            self._table[self._length] = _widened(row, *self._skipped)
            self._length += 1
            self._skipped = []
        else:
            self._skipped = [_widened(row, *self._skipped)]
        if self._length > ROWS:
            self._thin()

    def _thin(self) -> None:
        """Leave out every second row; the next one's batches stand for its too."""
        self._gap = 2 * self._newest / ROWS
        kept, left_out = self._rows[::2].copy(), self._rows[1::2]
        kept[1:, LOWEST] = np.minimum(kept[1:, LOWEST], left_out[:, LOWEST])
        kept[1:, HIGHEST] = np.maximum(kept[1:, HIGHEST], left_out[:, HIGHEST])
        self._length = len(kept)
        self._table[: self._length] = kept

    @property
    def _rows(self) -> Array:
        return self._table[: self._length]

    @property
    def _newest(self) -> float:
        return float(self._table[self._length - 1, 0])

    def since(self, epoch: float) -> Array:
        """The rows after an epoch, as (rows, COLUMNS) float64."""
        start = int(np.searchsorted(self._rows[:, 0], epoch, side="right"))
        return self._rows[start:].copy()

    @property
    def last(self) -> HistoryRow | None:
        """The newest row."""
        return HistoryRow(*self._rows[-1].tolist()) if self._length else None

    def to_bytes(self) -> bytes:
        """All as little-endian float64: how far apart rows have to be, and the rows."""
        return np.float64(self._gap).tobytes() + self._rows.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> LossHistory:
        """The history that `to_bytes` wrote."""
        history, numbers = cls(), np.frombuffer(data, "<f8")
        rows = numbers[1:].reshape(-1, COLUMNS)
        history._gap, history._length = float(numbers[0]), len(rows)
        history._table[: len(rows)] = rows
        return history


def _widened(row: HistoryRow, *left_out: HistoryRow) -> HistoryRow:
    """A row whose range of batches takes in those of others."""
    all_of_them = (row, *left_out)
    lowest, highest = min(one.lowest for one in all_of_them), max(one.highest for one in all_of_them)
    return row._replace(lowest=lowest, highest=highest)
