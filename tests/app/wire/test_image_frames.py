"""Frames of runs with images: what is packed comes back, and other bytes are refused."""

from __future__ import annotations

import numpy as np
import pytest

from app.wire.image_frames import ImageFrame, pack, unpack
from engine import Measures


def frame(units: int = 3, pixels: int = 4, shown: int = 5) -> ImageFrame:
    """A frame whose numbers are all different."""
    numbers = np.arange(100, dtype=np.float32)
    return ImageFrame(
        number=7,
        run=2,
        version=9,
        epoch=11,
        updates=123,
        measures=Measures(0.5, 0.25, 0.75, 0.875, 0.125, 0.0625),
        rate=0.1,
        history=np.arange(14.0).reshape(2, 7),
        first=6,
        ranges=numbers[:units],
        templates=np.arange(units * pixels, dtype=np.uint8).reshape(units, pixels),
        losses=numbers[:9] / 8,
        predicted=np.arange(9, dtype=np.uint8),
        activations=numbers[:shown],
        evidence=-numbers[: pixels * bool(shown)],
        chosen=1 if shown else -1,
        playing=True,
        stopped=True,
    )


@pytest.mark.parametrize("shown", [5, 0])
def test_a_frame_comes_back_as_it_was_packed(shown: int) -> None:
    sent = frame(shown=shown)
    found = unpack(pack(sent))
    for name, value in vars(sent).items():
        np.testing.assert_array_equal(getattr(found, name), value, name)
    assert (found.playing, found.diverged, found.stopped) == (True, False, True)


def test_the_header_has_the_offsets_that_the_page_reads() -> None:
    data = pack(frame())
    assert data[:8] == b"NNPI\x01\x00\x09\x00"
    assert np.frombuffer(data, "<u4", 4, 8).tolist() == [7, 2, 9, 1]
    assert np.frombuffer(data, "<f8", 9, 24).tolist() == [11, 123, 0.5, 0.25, 0.75, 0.875, 0.125, 0.0625, 0.1]
    assert np.frombuffer(data, "<u4", 7, 96).tolist() == [2, 6, 3, 4, 9, 5, 4]
    assert np.frombuffer(data, "<f8", 14, 128).tolist() == list(range(14))


@pytest.mark.parametrize("data", [b"", b"NNPF" + bytes(200), pack(frame())[:4] + b"\x02" + pack(frame())[5:]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="frame: expected"):
        unpack(data)
