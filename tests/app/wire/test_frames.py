"""Frames as bytes: the layout that the page reads, byte for byte, and the refusal of everything else."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.compression import compressed, decompressed
from app.wire.frames import HEADER, VERSION, Frame, pack, stacks, unpack
from app.wire.history import COLUMNS
from app.wire.lines import shapes
from engine import Measures
from tests.golden.frames import RECORDS, Record, frame_of


def plain(frame: Frame) -> dict[str, object]:
    """A frame's fields in a form that can be compared: all numbers by their bits, arrays by kind and shape too."""
    fields = asdict(frame) | {"measures": np.array(frame.measures)}
    return {
        name: (value.dtype.str, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value
        for name, value in fields.items()
    }


@pytest.fixture(params=RECORDS, ids=lambda record: record["file"])
def record(request: pytest.FixtureRequest) -> Record:
    """A golden frame, described."""
    described: Record = request.param
    return described


@pytest.fixture
def golden_bytes(record: Record, golden: Path) -> bytes:
    """The same frame as bytes."""
    path: Path = golden / record["file"]
    return path.read_bytes()


def numbers_of(data: bytes, frame: Frame) -> bytes:
    """A frame's bytes up to the maps: how small those become is the business of the library that deflates them."""
    return data[: -len(compressed(stacks(frame)))]


def test_a_frame_is_packed_to_the_golden_bytes(record: Record, golden_bytes: bytes) -> None:
    packed, frame = pack(frame_of(record)), frame_of(record)
    assert numbers_of(packed, frame) == golden_bytes[: len(numbers_of(packed, frame))]
    assert plain(unpack(packed)) == plain(unpack(golden_bytes))


def test_the_golden_bytes_are_read_as_the_frame_that_they_hold(record: Record, golden_bytes: bytes) -> None:
    assert plain(unpack(golden_bytes)) == plain(frame_of(record))


def test_the_bytes_are_those_of_the_stated_layout() -> None:
    smallest = bytes.fromhex(
        "4e4e5046 0600 0800"  # magic, version of the format, flags: stopped early
        "01000000 01000000 00000000 03000000"  # numbers of the frame and of the run, version of the config, parameters
        "0000000000000000 0000000000000000"  # epoch, updates
        "000000000000e03f 000000000000e43f"  # losses of training and test
        "000000000000e03f 000000000000e83f"  # scores of training and test
        "000000000000f87f 000000000000f87f"  # loss and score of the validation, which there is none of
        "b81e85eb51b89e3f"  # the learning rate
        "01000000 00000000 01000000"  # rows of history, hidden units, outputs
        "0200 0300 ffff ffff"  # sides of a unit's and an output's map, the selected layer and unit
        "00000000 00000000 00000000"  # numbers of a probe, points of large loss, numbers of a collapsed network
        "02000000 01000000"  # crossings of the decision and of the selected unit
        "00000000 00000000 00000000 00000000"  # points of a batch, its number, batches of an epoch, and to 8 bytes
        "000000000000d03f 000000000000e0bf 000000000000c03f"  # theta
        "0000000000000000 000000000000e03f 000000000000e43f"  # history: epoch, losses of training and test,
        "000000000000d03f 000000000000f03f"  # of the batches the lowest and the highest loss,
        "000000000000f87f b81e85eb51b89e3f"  # the validation's loss, the learning rate
        "0000803f 00000000"  # ranges, filled up to 8 bytes
    )
    frame = frame_of(RECORDS[0])
    packed = pack(frame)
    assert numbers_of(packed, frame) == smallest
    filtered = zlib.decompress(packed[len(smallest) :], -zlib.MAX_WBITS)
    assert frame.outputs.tobytes().hex() == "0120406080a0c0e0ff"
    # the first as it is, beside the edges the difference, elsewhere this - left - upper + upper left, modulo 256
    maps = "011f20" + "5f0100" + "6000ff"
    # crossings: from below zero to above at share 0 of edge 1, and of edge 9, which is 8 farther: lowest bytes, middle
    # and highest ones and classes, shares
    crossings = "0108" + "0000" + "0000" + "0101" + "0000"
    assert filtered.hex() == maps + crossings + "ff" + "ff" + "03" + "3f" + "ff"


def test_all_sections_stand_in_their_order_at_multiples_of_eight_bytes(golden: Path) -> None:
    data = (golden / "frame-1.bin").read_bytes()
    assert HEADER.size == 148
    assert struct.unpack_from("<HH", data, 4) == (6, 1 + 4)  # playing, and stepped by a person
    assert struct.unpack_from("<IIII", data, 8) == (2**32 - 1, 3, 7, 11)
    assert struct.unpack_from("<dddd", data, 24) == (1e6, 25e6, 0.03125, 0.0625)
    assert data[56:64] == bytes.fromhex("000000000000f87f")  # a training score without meaning
    assert struct.unpack_from("<dddd", data, 64) == (-2.5, 0.046875, 0.75, 0.001953125)  # test, validation, rate
    assert struct.unpack_from("<IIIHHhhIIIII", data, 96) == (0, 3, 1, 2, 3, 1, 0, 4, 2, 3, 1, 0)
    assert struct.unpack_from("<IIII", data, 136) == (3, 3, 25, 0)  # points of the batch, its number, batches
    assert struct.unpack_from("<dd", data, 152) == (-1.5, -1.25)  # theta
    assert struct.unpack_from("<dd", data, 152 + 8 * 11) == (0, 0.5)  # the gradient
    assert struct.unpack_from("<dd", data, 152 + 8 * 22) == (0, -0.25)  # the step
    assert struct.unpack_from("<ddd", data, 416) == (0.5, -0.25, 1)  # the probe
    assert data[440:448] == bytes.fromhex("000000000000f87f")  # and its loss, without a label
    assert struct.unpack_from("<dddd", data, 448) == (3, 1.5, 0, 0.25)  # the worst: places and losses
    assert struct.unpack_from("<ddd", data, 480) == (0.5, -0.5, 0.25)  # W and b of the one layer that it equals
    assert struct.unpack_from("<ffff", data, 504) == (1, 1, 2.5, 0.75)  # ranges
    assert struct.unpack_from("<III", data, 520) == (7, 3, 250)  # the batch
    assert data[536:542] == bytes([1, 4, 128, 131, 10, 255])  # the lowest and highest values of units' maps
    units, outputs, selected, *_ = decompressed(data[544:], (3, 2, 2), (1, 3, 3), (3, 3), *shapes(1))
    assert units.ravel().tolist() == [0, 1, 2, 3, 3, 2, 1, 0, 0, 5, 10, 16]
    assert outputs.ravel().tolist() == [255, 224, 192, 160, 128, 96, 64, 32, 1]
    assert selected.ravel().tolist() == [250, 251, 252, 253, 254, 255, 1, 2, 3]


def test_the_golden_frames_between_them_show_every_part_of_the_format() -> None:
    assert {bool(record["units"]) for record in RECORDS} == {True, False}
    assert {bool(record["batch"]) for record in RECORDS} == {True, False}
    assert {bool(record["history"]) for record in RECORDS} == {True, False}
    assert {bool(record["probe"]) for record in RECORDS} == {True, False}
    assert {bool(record["worst"]) for record in RECORDS} == {True, False}
    assert {bool(record["collapsed"]) for record in RECORDS} == {True, False}
    assert {record["validation_loss"] is None for record in RECORDS} == {True, False}
    assert {bool(record["lines"]) for record in RECORDS} == {True, False}
    assert {bool(record["selected_lines"]) for record in RECORDS} == {True, False}
    assert {record["stopped"] for record in RECORDS} == {True, False}
    assert {len(record["outputs"]) > 1 for record in RECORDS} == {True, False}
    assert {record["change"] is None for record in RECORDS} == {True, False}
    assert {record["train_score"] is None for record in RECORDS} == {True, False}
    assert {record["selected"] is None for record in RECORDS} == {True, False}
    assert {(record["playing"], record["diverged"]) for record in RECORDS} >= {(True, False), (False, True)}


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Frames of any shape."""

    def array(dtype: str, *shape: int) -> Any:
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        return np.frombuffer(draw(st.binary(min_size=size, max_size=size)), dtype).reshape(shape)

    parameters, rows, units = draw(st.integers(0, 5)), draw(st.integers(0, 3)), draw(st.integers(0, 4))
    outputs, small, side = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    probe, worst, collapsed = draw(st.integers(0, 5)), draw(st.integers(0, 3)), draw(st.integers(0, 6))
    selected = draw(st.none() | st.tuples(st.integers(0, 9), st.integers(0, 63)))
    count = st.integers(0, 2**32 - 1)
    return Frame(
        number=draw(count),
        run=draw(count),
        version=draw(count),
        epoch=draw(st.integers(0, 2**53)),
        updates=draw(st.integers(0, 2**53)),
        measures=Measures(*draw(st.tuples(*[st.floats()] * len(Measures._fields)))),
        rate=draw(st.floats(allow_nan=False)),
        theta=array("<f8", parameters),
        change=array("<f8", 2, parameters) if draw(st.booleans()) else None,
        history=array("<f8", rows, COLUMNS),
        probe=array("<f8", probe),
        worst=array("<f8", worst, 2),
        collapsed=array("<f8", collapsed),
        ranges=array("<f4", units + outputs),
        lines=array("<u4", draw(st.integers(0, 4))),
        selected_lines=array("<u4", draw(st.integers(0, 4))),
        batch=array("<u4", draw(st.integers(0, 4))),
        batch_number=draw(count),
        batches=draw(count),
        unit_ends=array("u1", units, 2),
        units=array("u1", units, small, small),
        outputs=array("u1", outputs, side, side),
        selected=selected,
        selected_map=array("u1", side, side) if selected else None,
        playing=draw(st.booleans()),
        diverged=draw(st.booleans()),
        stopped=draw(st.booleans()),
    )


@given(frames())
def test_every_frame_comes_back_from_its_bytes(frame: Frame) -> None:
    assert plain(unpack(pack(frame))) == plain(frame)


@pytest.mark.parametrize(
    ("place", "wrong"),
    [(0, b"NNPG"), (0, b"\0\0\0\0"), *[(4, struct.pack("<H", version)) for version in (VERSION + 1, VERSION - 1, 0)]],
    ids=["magic", "zeros", "later version", "earlier version", "no version"],
)
def test_bytes_of_another_kind_or_version_are_refused(place: int, wrong: bytes) -> None:
    data = bytearray(pack(frame_of(RECORDS[1])))
    data[place : place + len(wrong)] = wrong
    with pytest.raises(ValueError, match="frame: expected"):
        unpack(bytes(data))


def test_a_frame_that_was_cut_off_is_refused_wherever_the_cut_is(golden_bytes: bytes) -> None:
    for length in range(len(golden_bytes)):
        with pytest.raises(ValueError):  # noqa: PT011 - numpy's own words are as good as any
            unpack(golden_bytes[:length])


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + bytes(8)], ids=["shorter", "longer"])
def test_a_frame_of_another_length_than_its_header_says_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        unpack(change(pack(frame_of(RECORDS[0]))))


@given(st.binary(max_size=200).map(lambda tail: pack(frame_of(RECORDS[2]))[:6] + tail))
def test_whatever_follows_a_good_beginning_is_read_or_refused_with_a_value_error(data: bytes) -> None:
    try:
        unpack(data)
    except ValueError:
        return
