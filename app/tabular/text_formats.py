"""Text formats of machine learning that are no delimited text: ARFF (Weka) and libsvm."""

from __future__ import annotations

import re

from app.tabular.delimited import read_delimited, shaped
from app.tabular.table import Table, TableError
from engine.errors import Problem

ATTRIBUTE = re.compile(r"""@attribute\s+("[^"]*"|'[^']*'|\S+)""", re.IGNORECASE)
DATA = re.compile(r"^[ \t]*@data[ \t]*$", re.IGNORECASE | re.MULTILINE)
ENTRY = r"\d+:[-+.\deE]+"
SPARSE_ROW = re.compile(rf"\s*[-+.\deE]+(\s+{ENTRY})+\s*(#.*)?")
MOST_FEATURES = 100


def is_arff(text: str) -> bool:
    """Whether a text has the marks of ARFF."""
    return bool(DATA.search(text)) and "@attribute" in text.lower()


def read_arff(text: str) -> Table:
    """The table of an ARFF file."""
    head, rows = DATA.split(text, maxsplit=1)
    names = [found.strip("'\"") for found in ATTRIBUTE.findall(head)]
    lines = [line.replace("'", '"') for line in rows.split("\n") if not line.lstrip().startswith("%")]
    if any(line.lstrip().startswith("{") for line in lines):
        raise TableError(Problem("file", "a dense ARFF file", "a sparse one"))
    quoted = ",".join('"{}"'.format(name.replace('"', "")) for name in names)
    return read_delimited("\n".join(["sep=,", quoted, *lines]))


def is_libsvm(text: str) -> bool:
    """Whether the first lines are a label and numbered features."""
    lines = [line for line in text[:4_000].split("\n") if line.strip()][:3]
    return bool(lines) and all(SPARSE_ROW.fullmatch(line) for line in lines[: max(1, len(lines) - 1)])


def read_libsvm(text: str) -> Table:
    """The table of a libsvm file: what a row leaves out is 0."""
    rows = []
    for line in text.split("\n"):
        label, *entries = line.split("#")[0].split() or [""]
        if label:
            pairs = (entry.split(":", 1) for entry in entries if ":" in entry)
            rows.append((label.removeprefix("+"), {int(place): value for place, value in pairs if place.isdecimal()}))
    width = max((max(row, default=0) for _, row in rows), default=0)
    if width > MOST_FEATURES:
        raise TableError(Problem("file", f"at most {MOST_FEATURES} features", f"{width}"))
    names = [f"x{place}" for place in range(1, width + 1)]
    cells = [[*(row.get(place, "0") for place in range(1, width + 1)), label] for label, row in rows]
    return shaped([[*names, "label"], *cells], headed_already=True)
