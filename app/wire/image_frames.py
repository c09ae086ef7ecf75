"""Frames of a run with images, as bytes. docs/protocol.md has the table; `static/wire/imageframes.js` reads it.

Shapes: D pixels, H units of the first layer, T test images, K classes, U units of all layers.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

import numpy as np

from app.wire.history import COLUMNS
from app.wire.sections import SectionReader, padded, read_header
from engine import Measures
from engine.errors import InputError, Problem
from engine.tables import Array

MAGIC = b"NNPI"
VERSION = 1
PLAYING, DIVERGED, STOPPED = 1, 2, 8  # flags, as in other frames
HEADER = struct.Struct("<4sHHIIIi9dIIIIIIII")
NOTHING = np.empty(0, np.float32)
LEVEL = 1


@dataclass(frozen=True)
class ImageFrame:
    """The numbers and pictures of one moment of a run with images."""

    number: int
    run: int
    version: int
    epoch: int
    updates: int
    measures: Measures
    rate: float
    history: Array  # (rows, 7) float64, as `app.wire.history` has them
    first: int  # the unit that the templates begin with
    ranges: Array  # (H',) float32: the largest weight of each of these templates
    templates: Array  # (H', D) uint8: 128 is zero, 1 and 255 are the ranges' ends
    losses: Array  # (T,) float32
    predicted: Array  # (T,) uint8
    activations: Array = field(default_factory=lambda: NOTHING)
    """(U,) float32: what each unit says of the image on show; or nothing."""
    evidence: Array = field(default_factory=lambda: NOTHING)
    """(D,) float32: what each pixel of it adds to the sum of a class, by its present slope; or nothing."""
    chosen: int = -1  # that class
    playing: bool = False
    diverged: bool = False
    stopped: bool = False  # early


def pack(frame: ImageFrame) -> bytes:
    """The frame as bytes: the header, then each section from a multiple of 8 bytes on, the templates deflated."""
    templates, pixels = frame.templates.shape
    header = HEADER.pack(
        MAGIC,
        VERSION,
        PLAYING * frame.playing | DIVERGED * frame.diverged | STOPPED * frame.stopped,
        frame.number,
        frame.run,
        frame.version,
        frame.chosen,
        frame.epoch,
        frame.updates,
        *frame.measures,
        frame.rate,
        len(frame.history),
        frame.first,
        templates,
        pixels,
        len(frame.losses),
        len(frame.activations),
        len(frame.evidence),
        0,
    )
    sections = [frame.history, frame.ranges, frame.losses, frame.predicted, frame.activations, frame.evidence]
    numbers = [padded(section.tobytes()) for section in sections]
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"".join([padded(header), *numbers, deflate.compress(frame.templates.tobytes()), deflate.flush()])


def unpack(data: bytes) -> ImageFrame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    (flags, number, run, version, chosen, epoch, updates, *measures, rate, rows, first, templates, pixels, tests, units,
     evidence, _) = read_header(data, HEADER, MAGIC, VERSION)  # fmt: skip
    sections = SectionReader(data, HEADER)
    return ImageFrame(
        number=number,
        run=run,
        version=version,
        chosen=chosen,
        epoch=int(epoch),
        updates=int(updates),
        measures=Measures(*measures),
        rate=rate,
        history=sections.read("<f8", rows, COLUMNS),
        first=first,
        ranges=sections.read("<f4", templates),
        losses=sections.read("<f4", tests),
        predicted=sections.read("u1", tests),
        activations=sections.read("<f4", units),
        evidence=sections.read("<f4", evidence),
        templates=_inflated(sections.rest(), templates * pixels).reshape(templates, pixels),
        playing=bool(flags & PLAYING),
        diverged=bool(flags & DIVERGED),
        stopped=bool(flags & STOPPED),
    )


def _inflated(data: bytes, size: int) -> Array:
    raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
    if len(raw) != size:
        raise InputError(Problem("templates", f"{size} bytes", str(len(raw))))
    return np.frombuffer(raw, np.uint8)
