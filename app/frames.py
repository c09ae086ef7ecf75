"""Frames: what a page draws at one moment of a run, as bytes. The README has the table; `static/frames.js` reads it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np

from engine.tables import Array

MAGIC = b"NNPF"
VERSION = 1
PLAYING, DIVERGED = 1, 2  # flags
HEADER = struct.Struct("<4sHHIIIIddddIIIHHhhI")
ALIGNMENT = 8


@dataclass(frozen=True)
class Frame:
    """The numbers and pictures of one moment; shapes as in `engine.grid.Maps`."""

    number: int
    run: int
    version: int
    epoch: int
    updates: int
    train_loss: float
    test_loss: float
    theta: Array  # (P,) float64
    history: Array  # (rows, 3) float64: epoch, train loss, test loss
    ranges: Array  # (U + K,) float32
    units: Array  # (U, s, s) uint8
    outputs: Array  # (K, S, S) uint8
    selected: tuple[int, int] | None = None
    selected_map: Array | None = field(default=None)  # (S, S) uint8
    playing: bool = False
    diverged: bool = False


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)


def pack(frame: Frame) -> bytes:
    """The frame as bytes: the header, then each section from a multiple of 8 bytes on. Nothing in it may be NaN."""
    layer, unit = frame.selected or (-1, -1)
    header = HEADER.pack(
        MAGIC,
        VERSION,
        PLAYING * frame.playing | DIVERGED * frame.diverged,
        frame.number,
        frame.run,
        frame.version,
        len(frame.theta),
        frame.epoch,
        frame.updates,
        frame.train_loss,
        frame.test_loss,
        len(frame.history),
        len(frame.units),
        len(frame.outputs),
        frame.units.shape[-1],
        frame.outputs.shape[-1],
        layer,
        unit,
        0,
    )
    sections = [frame.theta, frame.history, frame.ranges, frame.units, frame.outputs]
    if frame.selected_map is not None:
        sections.append(frame.selected_map)
    return b"".join([_padded(header), *(_padded(section.tobytes()) for section in sections)])


def unpack(data: bytes) -> Frame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise ValueError(f"frame: expected bytes that begin with {MAGIC!r}, got {data[:4]!r}")
    (_, version, flags, number, run, config, parameters, epoch, updates, train, test, rows, units, outputs, small, side,
     layer, unit, _) = HEADER.unpack_from(data)  # fmt: skip
    if version != VERSION:
        raise ValueError(f"frame: expected version {VERSION}, got {version}")
    offset = HEADER.size + -HEADER.size % ALIGNMENT

    def section(dtype: str, *shape: int) -> Array:
        nonlocal offset
        array = np.frombuffer(data, dtype, int(np.prod(shape)), offset).reshape(shape)
        offset += array.nbytes + -array.nbytes % ALIGNMENT
        return array

    frame = Frame(
        number,
        run,
        config,
        int(epoch),
        int(updates),
        train,
        test,
        section("<f8", parameters),
        section("<f8", rows, 3),
        section("<f4", units + outputs),
        section("u1", units, small, small),
        section("u1", outputs, side, side),
        (layer, unit) if layer >= 0 else None,
        section("u1", side, side) if layer >= 0 else None,
        bool(flags & PLAYING),
        bool(flags & DIVERGED),
    )
    if offset != len(data):
        raise ValueError(f"frame: expected {offset} bytes, got {len(data)}")
    return frame
