"""Text whose fields are parted by commas, semicolons, tabs, pipes or spaces, sniffed from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mode

from app.tabular.cells import has_decimal_comma, missing, number
from app.tabular.heading import headed
from app.tabular.table import Table, TableError, counted
from engine.errors import Problem

SEPARATORS = ("\t", ";", "|", ",", " ")
"""The first wins among equals."""
SAMPLE = 200
"""Lines by which a file is sniffed."""
LONGEST_CELL, MOST_COLUMNS = 1_000, 1_000
SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
COMMENT = re.compile(r"\s*(#|%|//)\s*")
TRAILING_COMMENT = re.compile(r"""(?<=\s)(#|%|//)\s[^"']*$""")
Row = list[str]


def read_delimited(text: str) -> Table:
    """The table that a text holds; without rows where it holds none."""
    lines, separator = text.rstrip("\x1a\n ").split("\n"), ""
    if given := SEP_LINE.fullmatch(lines[0].strip()):
        lines, separator = lines[1:], given[1]
    comments = [line for line in lines if COMMENT.match(line)]
    lines = [TRAILING_COMMENT.sub("", line) for line in lines if line.strip() and not COMMENT.match(line)]
    separator = separator or _sniffed(lines[:SAMPLE])
    rows = list(_rows(lines, separator))
    comma = has_decimal_comma((cell for row in rows[:SAMPLE] for cell in row), comma_separates=separator == ",")
    heading = _commented_heading(comments, rows, separator)
    return shaped(heading + rows, comma, headed_already=bool(heading))


def shaped(rows: list[Row], comma: bool = False, *, headed_already: bool = False) -> Table:
    """A table of rows that may differ in width: titles above, torn rows and empty columns are left out, with notes.

    Raises:
        TableError: the rows are too wide.
    """
    rows = [row for row in rows if not all(map(missing, row))]
    if not rows:
        return Table([], [])
    width = mode(map(len, rows))
    if width > MOST_COLUMNS:
        raise TableError(Problem("file", f"at most {MOST_COLUMNS} columns", f"{width:,}"))
    start = next(place for place, row in enumerate(rows) if len(row) == width)
    above, rows = rows[:start], rows[start:]
    notes = list[str]()
    if above and len(above[-1]) == width - 1 and not any(number(cell, comma) is not None for cell in above[-1]):
        rows = [_beside(above.pop(), rows), *rows]  # a heading without a name for the rows' names, or a trailing sign
        headed_already = True
    if above:
        notes.append(f"Left out above the table: {' '.join(' '.join(row).strip() for row in above)[:80]!r}.")
    whole = [row for row in rows if len(row) == width]
    if torn := len(rows) - len(whole):
        notes.append(f"{counted(torn, 'row')} left out: not {width} cells wide.")
    names, body = headed(whole, comma, certain=headed_already)
    table = Table(names, body, notes, comma)
    return table.only([place for place in range(width) if names[place] or not all(map(missing, table.column(place)))])


def _beside(heading: Row, rows: Sequence[Row]) -> Row:
    """A heading that is one name short, as wide as the rows."""
    trailing = all(missing(row[-1]) for row in rows)
    return [*heading, ""] if trailing else ["", *heading]


def _sniffed(lines: Sequence[str]) -> str:
    """The separator that gives most rows of one width with the cleanest cells."""
    return max(SEPARATORS, key=lambda separator: _score(list(_rows(lines, separator)), separator))


def _score(rows: Sequence[Row], separator: str) -> float:
    if not rows:
        return 0.0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.0
    cells = [cell for row in rows if len(row) == width for cell in row]
    others = [sign for sign in SEPARATORS if sign != separator]
    clean = sum(_clean(cell, others) for cell in cells)
    return count / len(rows) * clean / len(cells)


def _clean(cell: str, others: Sequence[str]) -> float:
    """How sure it is that a cell is one: a number is, words may hold another sign that separates."""
    if missing(cell) or number(cell) is not None or number(cell, decimal_comma=True) is not None:
        return 1.0
    return 0.3 if any(sign in cell for sign in others) else 0.9


def _rows(lines: Sequence[str], separator: str) -> Iterator[Row]:
    if separator == " ":
        lines = [" ".join(line.split()) for line in lines]
    rows = _parsed(lines, separator, csv.QUOTE_MINIMAL)
    if any(len(cell) > LONGEST_CELL or "\n" in cell for row in rows for cell in row):  # a lone quote
        rows = _parsed(lines, separator, csv.QUOTE_NONE)
    return ([cell.strip() for cell in row] for row in rows if row)


def _parsed(lines: Sequence[str], separator: str, quoting: int) -> list[Row]:
    ends = [f"{line}\n" for line in lines]
    reader = csv.reader(ends, delimiter=separator, skipinitialspace=True, quoting=quoting)  # type: ignore[arg-type]
    try:
        return list(reader)
    except csv.Error:
        return [line.split(separator) for line in lines]


def _commented_heading(comments: Sequence[str], rows: Sequence[Row], separator: str) -> list[Row]:
    """The last comment that names as many columns as there are, as NumPy's savetxt and gnuplot write headings."""
    if not rows:
        return []
    width = mode(map(len, rows))
    for comment in reversed(comments):
        for cells in _rows([COMMENT.sub("", comment, count=1)], separator):
            if len(cells) == width and not any(number(cell) is not None for cell in cells):
                return [cells]
    return []
