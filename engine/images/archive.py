"""Archives of images beside the code: the one place of the engine that reads files, which are part of it.

An archive is a zlib stream of a header (height, width, bits a pixel as uint16, the numbers of training and of test
images as uint32, little-endian), the labels as bytes, and the pixels: at four bits two of them in a byte, the first in
the upper half. The training images come first, mixed, so that the first n of them are about as many of each class.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from importlib.resources import files

import numpy as np

from engine.images.image_set import Labelled
from engine.tables import Array

HEADER = struct.Struct("<3H2I")


@cache
def images(name: str) -> tuple[Labelled, Labelled]:
    """The training and the test images of an archive, pixels from 0 to 255; they are shared, and cannot be written."""
    return unpacked(files("engine.images").joinpath("archives", f"{name}.bin").read_bytes())


def packed(train: Labelled, test: Labelled, height: int, width: int, bits: int) -> bytes:
    """An archive of images whose pixels go from 0 to 255, at so many bits a pixel: 4 or 8."""
    labels = np.concatenate([train.labels, test.labels]).astype(np.uint8)
    pixels = np.concatenate([train.pixels, test.pixels])  # (N, D)
    if bits == 4:
        levels = ((pixels.astype(np.uint16) * 15 + 127) // 255).astype(np.uint8)  # the nearest of 16
        pixels = levels[:, ::2] << 4 | levels[:, 1::2]  # (N, D / 2)
    head = HEADER.pack(height, width, bits, len(train.labels), len(test.labels))
    return zlib.compress(head + labels.tobytes() + pixels.tobytes(), 9)


def unpacked(data: bytes) -> tuple[Labelled, Labelled]:
    """The images that `packed` wrote."""
    content = zlib.decompress(data)
    height, width, bits, train, test = HEADER.unpack_from(content)
    count = train + test
    labels = np.frombuffer(content, np.uint8, count, HEADER.size)
    stored = np.frombuffer(content, np.uint8, offset=HEADER.size + count).reshape(count, -1)
    pixels = _from_four_bits(stored) if bits == 4 else stored  # (N, D)
    if pixels.shape[1] != height * width:
        raise ValueError(f"images of {height} x {width} pixels expected, {pixels.shape[1]} came")
    return Labelled(pixels[:train], labels[:train]), Labelled(pixels[train:], labels[train:])


def _from_four_bits(stored: Array) -> Array:
    """Two pixels of each byte, (N, D / 2) -> (N, D), as the same shares of 255."""
    both = np.stack([stored >> 4, stored & 15], axis=-1) * np.uint8(17)  # (N, D / 2, 2)
    pixels = both.reshape(len(stored), -1)
    pixels.flags.writeable = False
    return pixels
