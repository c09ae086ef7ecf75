"""The losses of a run so far, thinned evenly so that they never outgrow a fixed number of rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.tables import Array

ROWS = 1_000


class Row(NamedTuple):
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


COLUMNS = len(Row._fields)


class History:
    """Rows, epochs ascending.

    Where rows are left out, the next one's batches stand for theirs too, so that no outlier is lost.
    """

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._gap = 0.0
        self._skipped: list[Row] = []

    @classmethod
    def of(cls, rows: Iterable[Sequence[float | None]]) -> History:
        """A history of some rows, as dense as they are; those that do not ascend are left out."""
        history = cls()
        for cells in rows:
            row = Row(*(math.nan if cell is None else cell for cell in cells))
            if not history._rows or row.epoch > history._rows[-1].epoch:
                history.append(row)
        history._gap = history._rows[-1][0] / ROWS if history._rows else 0.0
        return history

    def append(self, row: Row) -> None:
        """Add a row, unless it is too near to the last; a row for the same epoch takes the last one's place."""
        rows = self._rows
        if rows and rows[-1].epoch >= row.epoch:
            rows[-1] = row
        elif not rows or row.epoch - rows[-1].epoch >= self._gap:
            rows.append(_widened(row, *self._skipped))
            self._skipped = []
        else:
            self._skipped = [_widened(row, *self._skipped)]
        if len(rows) > ROWS:
            self._gap = 2 * rows[-1][0] / ROWS
            rows[2::2] = map(_widened, rows[2::2], rows[1::2])
            del rows[1::2]

    def since(self, epoch: float) -> Array:
        """The rows after an epoch, as (rows, COLUMNS) float64."""
        rows = self._rows
        start = len(rows)
        while start and rows[start - 1][0] > epoch:
            start -= 1
        return np.array(rows[start:], np.float64).reshape(-1, COLUMNS)

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
        history._gap, history._rows = gap, list(map(Row, *[iter(numbers)] * COLUMNS))
        return history


def _widened(row: Row, *left_out: Row) -> Row:
    """A row whose range of batches takes in those of others."""
    all_of_them = (row, *left_out)
    lowest, highest = min(one.lowest for one in all_of_them), max(one.highest for one in all_of_them)
    return row._replace(lowest=lowest, highest=highest)
