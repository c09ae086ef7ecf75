"""A table as it was written: the names of its columns and its cells as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import Problem


class TableError(ValueError):
    """A file that cannot be read as a table, in one sentence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Table:
    """Rows of one width. A cell is text as a file of CSV has it; an empty one says nothing."""

    names: Sequence[str]
    """One for each column; empty where the file names none."""
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    """What was left out or taken for something, in sentences."""
    decimal_comma: bool = False

    def column(self, place: int) -> list[str]:
        return [row[place] for row in self.rows]

    def only(self, places: Sequence[int]) -> Table:
        """The table of some of its columns."""
        rows = [[row[place] for place in places] for row in self.rows]
        return replace(self, names=[self.names[place] for place in places], rows=rows)


def counted(count: int, noun: str) -> str:
    """A number of things: 1 row, 2 rows."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
