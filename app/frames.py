"""Frames: what a page draws at one moment of a run, as bytes. The README has the table; `static/frames.js` reads it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np

from engine import Measures
from engine.tables import Array

MAGIC = b"NNPF"
VERSION = 2
PLAYING, DIVERGED, STEPPED = 1, 2, 4  # flags
HEADER = struct.Struct("<4sHHIIIIddddddIIIHHhhIII")
ALIGNMENT = 8
NOTHING = np.empty(0)
NO_ROWS = np.empty((0, 2))


@dataclass(frozen=True)
class Frame:
    """The numbers and pictures of one moment; shapes as in `engine.grid.Maps`."""

    number: int
    run: int
    version: int
    epoch: int
    updates: int
    measures: Measures
    theta: Array  # (P,) float64
    history: Array  # (rows, 5) float64: epoch, train loss, test loss, lowest and highest loss of a batch
    ranges: Array  # (U + K,) float32
    units: Array  # (U, s, s) uint8
    outputs: Array  # (K, S, S) uint8
    selected: tuple[int, int] | None = None
    selected_map: Array | None = None  # (S, S) uint8
    change: Array | None = None  # (2, P) float64: the last update's gradient, and what it added to theta
    probe: Array = field(default_factory=lambda: NOTHING)
    """(D + U + K + 1,) float64: a point's features, its way through all units, its loss or NaN."""
    worst: Array = field(default_factory=lambda: NO_ROWS)
    """(W, 2) float64: places among the training and then the test points, and their losses."""
    playing: bool = False
    diverged: bool = False


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)


def pack(frame: Frame) -> bytes:
    """The frame as bytes: the header, then each section from a multiple of 8 bytes on. Only scores and a probe's loss
    may be NaN."""
    layer, unit = frame.selected or (-1, -1)
    stepped = frame.change is not None
    header = HEADER.pack(
        MAGIC,
        VERSION,
        PLAYING * frame.playing | DIVERGED * frame.diverged | STEPPED * stepped,
        frame.number,
        frame.run,
        frame.version,
        len(frame.theta),
        frame.epoch,
        frame.updates,
        *frame.measures,
        len(frame.history),
        len(frame.units),
        len(frame.outputs),
        frame.units.shape[-1],
        frame.outputs.shape[-1],
        layer,
        unit,
        len(frame.probe),
        len(frame.worst),
        0,
    )
    sections = [frame.theta, frame.change, frame.history, frame.probe, frame.worst]
    sections += [frame.ranges, frame.units, frame.outputs, frame.selected_map]
    return b"".join([_padded(header), *(_padded(section.tobytes()) for section in sections if section is not None)])


def unpack(data: bytes) -> Frame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise ValueError(f"frame: expected bytes that begin with {MAGIC!r}, got {data[:4]!r}")
    (_, version, flags, number, run, config, parameters, epoch, updates, *measures, rows, units, outputs, small, side,
     layer, unit, probe, worst, _) = HEADER.unpack_from(data)  # fmt: skip
    if version != VERSION:
        raise ValueError(f"frame: expected version {VERSION}, got {version}")
    offset = HEADER.size + -HEADER.size % ALIGNMENT

    def section(dtype: str, *shape: int) -> Array:
        nonlocal offset
        array = np.frombuffer(data, dtype, int(np.prod(shape)), offset).reshape(shape)
        offset += array.nbytes + -array.nbytes % ALIGNMENT
        return array

    frame = Frame(
        number=number,
        run=run,
        version=config,
        epoch=int(epoch),
        updates=int(updates),
        measures=Measures(*measures),
        theta=section("<f8", parameters),
        change=section("<f8", 2, parameters) if flags & STEPPED else None,
        history=section("<f8", rows, 5),
        probe=section("<f8", probe),
        worst=section("<f8", worst, 2),
        ranges=section("<f4", units + outputs),
        units=section("u1", units, small, small),
        outputs=section("u1", outputs, side, side),
        selected=(layer, unit) if layer >= 0 else None,
        selected_map=section("u1", side, side) if layer >= 0 else None,
        playing=bool(flags & PLAYING),
        diverged=bool(flags & DIVERGED),
    )
    if offset != len(data):
        raise ValueError(f"frame: expected {offset} bytes, got {len(data)}")
    return frame
