"""Tables in a terminal of any width: less important columns are cut or left out first."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

GAP = "  "
CUT = "…"


class Column(NamedTuple):
    """One column."""

    heading: str
    cells: list[str]
    rank: int = 0
    """How soon it gives way where there is no room, the highest first; one of rank 0 never does."""
    min_width: int | None = None
    """To so many characters it may be cut."""
    always_shown: bool = False
    """Whether it is cut, but never left out."""

    @property
    def width(self) -> int:
        """As wide as its widest cell."""
        return max(map(cell_len, [self.heading, *self.cells]))

    def cut(self, width: int) -> Column:
        """The column with what is too long cut at its end."""
        return self._replace(heading=_cut(self.heading, width), cells=[_cut(cell, width) for cell in self.cells])


def print_columns(printer: Console, columns: list[Column]) -> None:
    """Print a table; as wide as it is where no terminal limits it."""
    shown = fitted(columns, printer.width) if printer.is_terminal else columns
    widths = [column.width for column in shown]
    for number, row in enumerate(zip(*([column.heading, *column.cells] for column in shown), strict=True)):
        line = GAP.join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
        printer.print(Text(line.rstrip(), "" if number else "bold"), soft_wrap=True)


def fitted(columns: list[Column], width: int) -> list[Column]:
    """The columns as they fit into so many characters."""
    kept = list(columns)
    order = sorted(range(len(columns)), key=lambda place: (columns[place].rank, place), reverse=True)
    for column in (columns[place] for place in order):
        over = sum(one.width for one in kept) + len(GAP) * (len(kept) - 1) - width
        if over <= 0 or not column.rank:
            break
        place = kept.index(column)
        if column.min_width is not None and (column.width - over >= column.min_width or column.always_shown):
            kept[place] = column.cut(max(column.width - over, column.min_width))
        else:
            del kept[place]
    return kept


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + CUT
