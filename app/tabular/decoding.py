"""The text of a file, whatever program on whatever system wrote it."""

from __future__ import annotations

import codecs

from app.tabular.table import TableError
from engine.errors import Problem

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
CONTROL = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1a\x1c\x1d\x1e\x1f")
SAMPLE = 4_000
"""Characters by which text is told from other data."""


def decoded(data: bytes) -> str:
    """The text without a byte order mark, with \\n at the end of lines; TableError where it is none.

    What is no UTF-8 is read as Windows-1252, which has the letters of Latin-1.
    """
    text = _text(data)
    if any(char in CONTROL for char in text[:SAMPLE]):
        raise TableError(Problem("file", "a table (text, JSON, .xlsx, .npy, .npz)", "other binary data"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    zeros = data[:SAMPLE].count(0)
    if zeros and zeros >= len(data[:SAMPLE]) // 3:  # every other byte of UTF-16 in Western letters is 0
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
