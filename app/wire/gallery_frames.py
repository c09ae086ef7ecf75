"""Frames of a gallery as bytes. docs/protocol.md has the table;
`static/wire/galleryframes.js` reads it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from app.wire.compression import compressed, decompressed
from app.wire.sections import SectionReader, padded, read_header
from engine.tables import Array

MAGIC = b"NNPG"
VERSION = 2
PLAYING, DONE = 1, 2  # flags of the whole
DIVERGED, STOPPED = 1, 2  # flags of a member
HEADER = struct.Struct("<4sHHIIdIIII")
NUMBERS = 7
"""Of each member: its epoch, three losses and three scores, of the points that train, that test, that validate."""


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
    return b"".join([padded(header), *(padded(section.tobytes()) for section in sections), compressed([frame.maps])])


def unpack(data: bytes) -> GalleryFrame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    flags, number, gallery, epoch, members, outputs, side, rows = read_header(data, HEADER, MAGIC, VERSION)
    sections = SectionReader(data, HEADER)
    return GalleryFrame(
        number=number,
        gallery=gallery,
        epoch=int(epoch),
        members=sections.read("<f8", members, NUMBERS),
        rows=sections.read("<f8", rows, 1 + 3 * members),
        ranges=sections.read("<f4", members, outputs),
        flags=sections.read("u1", members),
        maps=decompressed(sections.rest(), (members, outputs, side, side))[0],
        playing=bool(flags & PLAYING),
        done=bool(flags & DONE),
    )
