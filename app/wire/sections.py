"""What both kinds of frames are made of: a header of one format and version, then sections, which are arrays that begin
at multiples of 8 bytes. `static/wire/sections.js` reads them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from engine.errors import InputError, Problem
from engine.tables import Array

ALIGNMENT = 8


def padded(data: bytes) -> bytes:
    """Bytes up to the next multiple of 8."""
    return data + bytes(-len(data) % ALIGNMENT)


def read_header(data: bytes, header: struct.Struct, magic: bytes, version: int) -> tuple[Any, ...]:
    """The values behind magic and version; ValueError for bytes that are no such frame."""
    if len(data) < header.size or data[:4] != magic:
        raise InputError(Problem("frame", f"bytes that begin with {magic!r}", f"{data[:4]!r}"))
    _, found, *values = header.unpack_from(data)
    if found != version:
        raise InputError(Problem("frame", f"version {version}", found))
    return tuple(values)


class SectionReader:
    """Reads the sections of a frame one after the other."""

    def __init__(self, data: bytes, header: struct.Struct) -> None:
        self._data, self._offset = data, len(padded(bytes(header.size)))

    def read(self, dtype: str, *shape: int) -> Array:
        """The next section, as a view on the bytes."""
        array = np.frombuffer(self._data, dtype, int(np.prod(shape)), self._offset).reshape(shape)
        self._offset += array.nbytes + -array.nbytes % ALIGNMENT
        return array

    def rest(self) -> bytes:
        """All bytes behind the sections that were read."""
        return self._data[self._offset :]
