"""Frames of a gallery: what a page draws of runs side by side, as bytes. docs/protocol.md has the table;
`static/wire/galleryframes.js` reads it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from app.wire.compression import compressed, decompressed
from engine.problems import InputError, Problem
from engine.tables import Array

MAGIC = b"NNPG"
VERSION = 2
PLAYING, DONE = 1, 2  # flags of the whole
DIVERGED, STOPPED = 1, 2  # flags of a member
HEADER = struct.Struct("<4sHHIIdIIII")
NUMBERS = 7
"""Of each member: its epoch, three losses and three scores, of the points that train, that test, that validate."""
ALIGNMENT = 8


@dataclass(frozen=True)
class GalleryFrame:
    """The numbers and pictures of M runs at one moment."""

    number: int
    gallery: int  # each that is opened counts
    epoch: int  # that all have reached which still train
    members: Array  # (M, 7) float64, NaN for what a member has not
    rows: Array  # (R, 1 + 3 M) float64: epoch, training losses, test losses, validation losses
    flags: Array  # (M,) uint8
    ranges: Array  # (M, K) float32
    maps: Array  # (M, K, s, s) uint8, as those of a frame
    playing: bool = False
    done: bool = False


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)


def pack(frame: GalleryFrame) -> bytes:
    """The frame as bytes: the header, then each section from a multiple of 8 bytes on, the maps compressed."""
    members, outputs, side, _ = frame.maps.shape
    header = HEADER.pack(
        MAGIC,
        VERSION,
        PLAYING * frame.playing | DONE * frame.done,
        frame.number,
        frame.gallery,
        frame.epoch,
        members,
        outputs,
        side,
        len(frame.rows),
    )
    sections = [frame.members, frame.rows, frame.ranges, frame.flags]
    return b"".join([_padded(header), *(_padded(section.tobytes()) for section in sections), compressed([frame.maps])])


def unpack(data: bytes) -> GalleryFrame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise InputError(Problem("frame", f"bytes that begin with {MAGIC!r}", f"{data[:4]!r}"))
    _, version, flags, number, gallery, epoch, members, outputs, side, rows = HEADER.unpack_from(data)
    if version != VERSION:
        raise InputError(Problem("frame", f"version {VERSION}", version))
    offset = HEADER.size + -HEADER.size % ALIGNMENT

    def section(dtype: str, *shape: int) -> Array:
        nonlocal offset
        array = np.frombuffer(data, dtype, int(np.prod(shape)), offset).reshape(shape)
        offset += array.nbytes + -array.nbytes % ALIGNMENT
        return array

    return GalleryFrame(
        number=number,
        gallery=gallery,
        epoch=int(epoch),
        members=section("<f8", members, NUMBERS),
        rows=section("<f8", rows, 1 + 3 * members),
        ranges=section("<f4", members, outputs),
        flags=section("u1", members),
        maps=decompressed(data[offset:], (members, outputs, side, side))[0],
        playing=bool(flags & PLAYING),
        done=bool(flags & DONE),
    )
