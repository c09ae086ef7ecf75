"""What the columns of a table hold: numbers or words, how many different ones, and whether they merely count rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.tabular.cells import missing, number
from app.tabular.table import Table

MOSTLY = 0.7
"""The share of its cells from which on a column is one of numbers."""


@dataclass(frozen=True)
class Column:
    """A column, looked at."""

    name: str
    """As it came, or its place where it has none."""
    named: bool
    numbers: Sequence[float | None]
    """What each cell says as a number."""
    words: Counter[str]
    """The different cells that say something, lower case, and how many there are of each."""
    numeric: bool

    @property
    def values(self) -> list[float]:
        """The numbers alone."""
        return [value for value in self.numbers if value is not None]

    @property
    def whole(self) -> bool:
        """Whether all its numbers are whole."""
        return all(value == int(value) for value in self.values)

    @property
    def fractional(self) -> bool:
        """Whether it is one of numbers of which one is no whole one."""
        return self.numeric and not self.whole

    @property
    def counts_rows(self) -> bool:
        """Whether it goes up by one from row to row."""
        steps = zip(self.numbers, self.numbers[1:], strict=False)
        return self.numeric and all(a is not None and b == a + 1 for a, b in steps)


def columns_of(table: Table) -> list[Column]:
    """Each column of a table, looked at."""
    return [_column(table, place, name) for place, name in enumerate(table.names)]


def _column(table: Table, place: int, name: str) -> Column:
    cells = table.column(place)
    said = [cell for cell in cells if not missing(cell)]
    numbers = [number(cell, table.decimal_comma) for cell in cells]
    count = sum(value is not None for value in numbers)
    return Column(
        name=name or f"column {place + 1}",
        named=bool(name),
        numbers=numbers,
        words=Counter(cell.lower() for cell in said),
        numeric=bool(said) and count >= MOSTLY * len(said),
    )
