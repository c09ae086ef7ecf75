"""What can be read, and how each format is told from the others by its first bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from app.tabular.binary_formats import read_matlab, read_npy, read_npz, read_spreadsheet
from app.tabular.decoding import decoded
from app.tabular.delimited import read_delimited
from app.tabular.json_tables import read_json
from app.tabular.table import Table, TableError
from app.tabular.text_formats import is_arff, is_libsvm, read_arff, read_libsvm
from engine.errors import Problem

MAX_BYTES = 2_000_000
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class Binary(NamedTuple):
    """A format that is no text."""

    name: str
    recognizes: Callable[[bytes], bool]
    read: Callable[[bytes], Table]


class Textual(NamedTuple):
    """A format that is text."""

    name: str
    recognizes: Callable[[str], bool]
    read: Callable[[str], Table]


def _members(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return []


def _is_npz(data: bytes) -> bool:
    return data.startswith(b"PK") and any(name.endswith(".npy") for name in _members(data))


def _is_workbook(data: bytes) -> bool:
    return data.startswith(OLD_WORKBOOK) or (
        data.startswith(b"PK") and any(name in ("xl/workbook.xml", "content.xml") for name in _members(data))
    )


BINARY = (
    Binary("NumPy array", lambda data: data.startswith(b"\x93NUMPY"), read_npy),
    Binary("NumPy archive", _is_npz, read_npz),
    Binary("workbook", _is_workbook, read_spreadsheet),
    Binary("MATLAB file", lambda data: data.startswith(b"MATLAB 5.0"), read_matlab),
)
TEXT = (
    Textual("JSON", lambda text: text.lstrip()[:1] in ("[", "{"), read_json),
    Textual("ARFF", is_arff, read_arff),
    Textual("libsvm", is_libsvm, read_libsvm),
    Textual("delimited text", lambda text: True, read_delimited),
)
REFUSED = {
    b"PK": ("a table", "an archive: unpack it first"),
    b"\x1f\x8b": ("a table", "a compressed file: unpack it first"),
    b"%PDF": ("a table", "a PDF: save the table as CSV"),
    b"\x89HDF": ("a .mat file up to version 7, or CSV", "an HDF5 file"),
    b"PAR1": ("CSV (pandas: read_parquet, then to_csv)", "a Parquet file"),
}
"""What is known by its first bytes and not read: what to bring, and what it is."""


class Read(NamedTuple):
    """A table, and the format that it was read as."""

    table: Table
    format: str


def read_table(data: bytes) -> Read:
    """The table that a file holds; TableError where it holds none."""
    if len(data) > MAX_BYTES:
        raise TableError(Problem("file", f"at most {MAX_BYTES:,} bytes", f"{len(data):,}"))
    found = _read(data)
    if not found.table.rows or not found.table.names:
        raise TableError(Problem("file", "rows of numbers", "no row of a table" if data.strip() else "an empty file"))
    return found


def _read(data: bytes) -> Read:
    for binary in BINARY:
        if binary.recognizes(data):
            return Read(binary.read(data), binary.name)
    for start, (expected, got) in REFUSED.items():
        if data.startswith(start):
            raise TableError(Problem("file", expected, got))
    text = decoded(data)
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise TableError(Problem("file", "a table", "a page of HTML: save the table itself as CSV"))
    textual = next(one for one in TEXT if one.recognizes(text))
    return Read(textual.read(text), textual.name)
