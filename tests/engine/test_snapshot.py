"""Snapshots as bytes: the layout, and the refusal of everything else."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.snapshot import Snapshot

SMALL = Snapshot(
    epoch=3,
    updates=70,
    cursor=20,
    pending=5,
    diverged=True,
    stream=b"st",
    theta=struct.pack("<2d", 1.0, -2.0),
    dead=b"\0\1",
)
BYTES = bytes.fromhex(
    "4e4e5332 01 02000000"  # magic, diverged, length of the stream's state
    "0300000000000000 4600000000000000"  # epoch, updates
    "14000000 05000000 10000000"  # cursor, pending, length of theta
    "7374"  # the stream's state
    "000000000000f03f 00000000000000c0"  # theta
    "0001"  # dead
)


def test_the_bytes_are_those_of_the_stated_layout() -> None:
    assert SMALL.to_bytes() == BYTES
    assert Snapshot.from_bytes(BYTES) == SMALL


snapshots = st.integers(0, 20).flatmap(
    lambda parameters: st.builds(
        Snapshot,
        epoch=st.integers(0, 2**64 - 1),
        updates=st.integers(0, 2**64 - 1),
        cursor=st.integers(0, 5000),
        pending=st.integers(0, 5000),
        diverged=st.booleans(),
        stream=st.binary(max_size=300),
        theta=st.binary(min_size=8 * parameters, max_size=8 * parameters),
        dead=st.binary(min_size=parameters, max_size=parameters),
    )
)


@given(snapshots)
def test_every_snapshot_comes_back_from_its_bytes(snapshot: Snapshot) -> None:
    assert Snapshot.from_bytes(snapshot.to_bytes()) == snapshot


@pytest.mark.parametrize("length", range(len(BYTES)))
def test_bytes_that_were_cut_off_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="snapshot: expected"):
        Snapshot.from_bytes(BYTES[:length])


@pytest.mark.parametrize("data", [BYTES + b"\0", b"NNS1" + BYTES[4:], b"\0" * 100, b'{"epoch": 3}' * 9])
def test_bytes_of_anything_else_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="snapshot: expected"):
        Snapshot.from_bytes(data)


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: BYTES[:24] + tail)))
def test_whatever_is_taken_for_a_snapshot_is_exactly_the_bytes_of_one(data: bytes) -> None:
    try:
        snapshot = Snapshot.from_bytes(data)
    except ValueError:
        return
    assert snapshot.to_bytes() == data
