"""A PNG encoder that needs nothing but NumPy and the standard library.

The format: https://www.w3.org/TR/png-3/. Shapes: H rows, W columns.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from engine.errors import InputError, Problem
from engine.tables import Array

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = struct.Struct(">IIBBBBB")
DEPTH, RGB = 8, 2  # bits a channel, and the colour type of three of them
COMPRESSION = 9


def encode(pixels: Array) -> bytes:
    """Red, green and blue, uint8 (H, W, 3), as a PNG; the same pixels give the same bytes. ValueError for others."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise InputError(Problem("pixels", "uint8 (H, W, 3)", f"{pixels.dtype} {pixels.shape}"))
    height, width, _ = pixels.shape
    head = HEAD.pack(width, height, DEPTH, RGB, 0, 0, 0)
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter: 0, none, suits few colours best
    rows[:, 1:] = pixels.reshape(height, -1)
    data = zlib.compress(rows.tobytes(), COMPRESSION)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
