"""Snapshots as bytes: the layout, and the refusal of everything else."""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.snapshot import Snapshot
from engine.training.early_stopping import Best, Weights

SMALL = Snapshot(
    epoch=3,
    updates=70,
    cursor=20,
    pending=5,
    theta=struct.pack("<2d", 1.0, -2.0),
    dead=b"\0\1",
    memory=struct.pack("<2d", 0.5, 0.25),
    steps=70,
    best=Best(0.5, 2, 3),
    diverged=True,
    stopped=True,
)
BYTES = bytes.fromhex(
    "4e4e5333 03000000"  # magic, diverged and stopped
    "0300000000000000 4600000000000000"  # epoch, updates
    "14000000 05000000 4600000000000000"  # cursor, pending, steps
    "000000000000e03f 0200000000000000 0300000000000000"  # the best loss, its epoch, since when
    "10000000 10000000"  # lengths of theta and of the memory
    "000000000000f03f 00000000000000c0"  # theta
    "0001"  # dead
    "000000000000e03f 000000000000d03f"  # memory
)


SIZE = Snapshot.HEAD.size


def test_the_bytes_are_those_of_the_stated_layout() -> None:
    assert SMALL.to_bytes() == BYTES
    assert Snapshot.from_bytes(BYTES) == SMALL


def test_the_weights_of_the_best_epoch_stand_at_the_end_and_are_told_by_a_flag() -> None:
    weights = struct.pack("<2d", 3.0, 4.0), b"\1\0"
    snapshot = replace(SMALL, best=SMALL.best._replace(weights=Weights(*weights)))
    data = BYTES[:4] + b"\7" + BYTES[5:] + b"".join(weights)
    assert snapshot.to_bytes() == data
    assert Snapshot.from_bytes(data) == snapshot


counts = st.integers(0, 2**64 - 1)


def weights(parameters: int) -> st.SearchStrategy[Weights]:
    theta = st.binary(min_size=8 * parameters, max_size=8 * parameters)
    return st.builds(Weights, theta, st.binary(min_size=parameters, max_size=parameters))


snapshots = st.integers(0, 20).flatmap(
    lambda parameters: st.builds(
        Snapshot,
        epoch=counts,
        updates=counts,
        cursor=st.integers(0, 5000),
        pending=st.integers(0, 5000),
        diverged=st.booleans(),
        stopped=st.booleans(),
        memory=st.binary(max_size=300),
        steps=counts,
        best=st.builds(Best, st.floats(allow_nan=False), counts, counts, st.none() | weights(parameters)),
        theta=st.binary(min_size=8 * parameters, max_size=8 * parameters),
        dead=st.binary(min_size=parameters, max_size=parameters),
    )
)


@given(snapshots)
def test_every_snapshot_comes_back_from_its_bytes(snapshot: Snapshot) -> None:
    assert Snapshot.from_bytes(snapshot.to_bytes()) == snapshot


def test_bytes_that_were_cut_off_are_refused() -> None:
    for length in range(len(BYTES)):
        with pytest.raises(ValueError, match="snapshot: expected"):
            Snapshot.from_bytes(BYTES[:length])


@pytest.mark.parametrize(
    "data", [BYTES + b"\0", b"NNS2" + BYTES[4:], BYTES[:4] + b"\x08" + BYTES[5:], b"\0" * 100, b'{"epoch": 3}' * 9]
)
def test_bytes_of_anything_else_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="snapshot: expected"):
        Snapshot.from_bytes(data)


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: BYTES[:SIZE] + tail)))
def test_whatever_is_taken_for_a_snapshot_is_exactly_the_bytes_of_one(data: bytes) -> None:
    try:
        snapshot = Snapshot.from_bytes(data)
    except ValueError:
        return
    assert snapshot.to_bytes() == data


def test_every_byte_of_the_head_means_something_or_is_refused() -> None:
    for place in range(SIZE):
        data = bytearray(BYTES)
        data[place] ^= 0x80
        try:
            snapshot = Snapshot.from_bytes(bytes(data))
        except ValueError:
            continue
        assert snapshot != SMALL


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"cursor": 26}, "a place among 25 training points, got 26"),
        ({"pending": 26}, "a place among 25 training points, got 26"),
        ({"dead": b"\0\0\0"}, "2 parameters, got 3"),
        ({"theta": b"\0" * 15}, "16 bytes of parameters, got 15"),
        ({"memory": b""}, "16 bytes of the optimizer's memory, got 0"),
        ({"memory": b"\0" * 32}, "16 bytes of the optimizer's memory, got 32"),
        ({"dead": b"\0\2"}, "finite parameters and marks of 0 and 1, got others"),
        ({"theta": struct.pack("<2d", 0, math.inf)}, "finite parameters and marks of 0 and 1, got others"),
        ({"best": Best(0.5, 2, 3, Weights(bytes(16), b"\0\1"))}, None),
        ({"best": Best(0.5, 2, 3, Weights(bytes(16), bytes(3)))}, "2 parameters of the best epoch, got 3"),
        ({"best": Best(0.5, 2, 3, Weights(bytes(15), bytes(2)))}, "16 bytes of them, got 15"),
        (
            {"best": Best(0.5, 2, 3, Weights(struct.pack("<2d", 0, math.inf), bytes(2)))},
            "finite parameters and marks of 0 and 1, got others",
        ),
        ({"memory": struct.pack("<2d", math.nan, 0)}, "finite parameters and marks of 0 and 1, got others"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_arrays_are_those_of_a_run_of_two_parameters_one_memory_and_25_points(
    change: dict[str, Any], words: str | None
) -> None:
    snapshot = replace(SMALL, **change)
    if words:
        with pytest.raises(ValueError, match=rf"^snapshot: expected {words}\.$"):
            snapshot.arrays(2, 1, 25)
        return
    theta, dead, memory = snapshot.arrays(2, 1, 25)
    assert theta.tolist() == [1, -2]
    assert dead.tolist() == [False, True]
    assert memory.tolist() == [[0.5, 0.25]]
