"""Pixels as PNG: what another program reads from the bytes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.pictures.png import encode
from engine.tables import Array

NOISE = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)


def test_another_program_reads_the_same_pixels() -> None:
    image = Image.open(io.BytesIO(encode(NOISE)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (7, 5))
    np.testing.assert_array_equal(np.asarray(image), NOISE)


def test_every_part_of_the_file_has_its_checksum() -> None:
    data = bytearray(encode(NOISE))
    Image.open(io.BytesIO(data)).verify()
    data[-20] ^= 1  # within the pixels
    with pytest.raises((SyntaxError, OSError)):
        Image.open(io.BytesIO(data)).verify()


def test_pixels_that_are_no_block_of_memory_will_do() -> None:
    turned = NOISE[::-1].transpose(1, 0, 2)  # (7, 5, 3), a view
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(encode(turned)))), turned)


def test_the_same_pixels_give_the_same_bytes() -> None:
    assert encode(NOISE) == encode(NOISE.copy())


@pytest.mark.parametrize(
    ("pixels", "got"),
    [
        (NOISE.astype(float), r"got float64 \(5, 7, 3\)"),
        (NOISE[..., 0], r"got uint8 \(5, 7\)"),
        (NOISE[..., :2], r"got uint8 \(5, 7, 2\)"),
        (NOISE[:0], r"got uint8 \(0, 7, 3\)"),
    ],
    ids=["floats", "grey", "two channels", "no rows"],
)
def test_other_arrays_are_refused(pixels: Array, got: str) -> None:
    with pytest.raises(ValueError, match=rf"^pixels: expected uint8 \(H, W, 3\), {got}"):
        encode(pixels)
