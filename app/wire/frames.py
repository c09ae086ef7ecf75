"""Frames: what a page draws at one moment of a run, as bytes. docs/protocol.md has the table;
`static/wire/frames.js` reads it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np

from app.wire import lines
from app.wire.compression import compressed, decompressed
from app.wire.history import COLUMNS
from app.wire.sections import SectionReader, padded, read_header
from engine import Measures
from engine.tables import Array

MAGIC = b"NNPF"
VERSION = 6
PLAYING, DIVERGED, STEPPED, STOPPED = 1, 2, 4, 8  # flags
HEADER = struct.Struct("<4sHHIIII9dIIIHHhhIIIIIIII")
NOTHING = np.empty(0)
NO_ROWS = np.empty((0, 2))
NO_LINES = NO_PLACES = np.empty(0, np.uint32)


@dataclass(frozen=True)
class Frame:
    """The numbers and pictures of one moment; shapes as in `engine.pictures.grid.Maps`."""

    number: int
    run: int
    version: int
    epoch: int
    updates: int
    measures: Measures
    theta: Array  # (P,) float64
    history: Array  # (rows, 7) float64, as `app.wire.history` has them
    ranges: Array  # (U + K,) float32
    units: Array  # (U, s, s) uint8, levels as `app.wire.compression.leveled` gives them
    unit_ends: Array  # (U, 2) uint8, the lowest and the highest value of each
    outputs: Array  # (K, S, S) uint8
    rate: float = 0.0  # the learning rate
    selected: tuple[int, int] | None = None
    selected_map: Array | None = None  # (S, S) uint8
    change: Array | None = None  # (2, P) float64: the last update's gradient, and what it added to theta
    batch: Array = field(default_factory=lambda: NO_PLACES)
    """(B,) uint32: the points of the last update, by their places among those that train."""
    batch_number: int = 0
    batches: int = 0
    """Which batch of the epoch it was, counted from 1, and how many there are."""
    probe: Array = field(default_factory=lambda: NOTHING)
    """(D + U + K + 1,) float64: a point's features, the outputs of all units for it, its loss or NaN."""
    worst: Array = field(default_factory=lambda: NO_ROWS)
    """(W, 2) float64: places among the training and then the test points, and their losses."""
    collapsed: Array = field(default_factory=lambda: NOTHING)
    """(K (D + 1),) float64: W and b, row by row, of the one layer that an all-linear network equals."""
    lines: Array = field(default_factory=lambda: NO_LINES)
    """(E,) uint32: where the decision changes, as `engine.pictures.crossings` has it."""
    selected_lines: Array = field(default_factory=lambda: NO_LINES)
    """The same of the selected unit: where it crosses zero."""
    playing: bool = False
    diverged: bool = False
    stopped: bool = False  # early


def pack(frame: Frame) -> bytes:
    """The frame as bytes: the header, then each section from a multiple of 8 bytes on, the maps compressed. Scores
    and what is said of a validation may be NaN; a probe's numbers and a collapsed network's infinite too."""
    layer, unit = frame.selected or (-1, -1)
    stepped = frame.change is not None
    header = HEADER.pack(
        MAGIC,
        VERSION,
        PLAYING * frame.playing | DIVERGED * frame.diverged | STEPPED * stepped | STOPPED * frame.stopped,
        frame.number,
        frame.run,
        frame.version,
        len(frame.theta),
        frame.epoch,
        frame.updates,
        *frame.measures,
        frame.rate,
        len(frame.history),
        len(frame.units),
        len(frame.outputs),
        frame.units.shape[-1],
        frame.outputs.shape[-1],
        layer,
        unit,
        len(frame.probe),
        len(frame.worst),
        len(frame.collapsed),
        len(frame.lines),
        len(frame.selected_lines),
        len(frame.batch),
        frame.batch_number,
        frame.batches,
    )
    sections = [frame.theta, frame.change, frame.history, frame.probe, frame.worst, frame.collapsed, frame.ranges,
                frame.batch, frame.unit_ends]  # fmt: skip
    numbers = [padded(section.tobytes()) for section in sections if section is not None]
    return b"".join([padded(header), *numbers, compressed(stacks(frame))])


def stacks(frame: Frame) -> list[Array]:
    """What is compressed of a frame: its maps, and its lines."""
    selected = [] if frame.selected_map is None else [frame.selected_map]
    return [frame.units, frame.outputs, *selected, *lines.coded(frame.lines), *lines.coded(frame.selected_lines)]


def unpack(data: bytes) -> Frame:
    """The frame that `pack` wrote; ValueError for bytes that are none."""
    (flags, number, run, config, parameters, epoch, updates, *measures, rate, rows, units, outputs, small, side, layer,
     unit, probe, worst, collapsed, crossings, selected_crossings, batch, batch_number, batches,
     ) = read_header(data, HEADER, MAGIC, VERSION)  # fmt: skip
    sections = SectionReader(data, HEADER)
    return Frame(
        number=number,
        run=run,
        version=config,
        epoch=int(epoch),
        updates=int(updates),
        measures=Measures(*measures),
        rate=rate,
        theta=sections.read("<f8", parameters),
        change=sections.read("<f8", 2, parameters) if flags & STEPPED else None,
        history=sections.read("<f8", rows, COLUMNS),
        probe=sections.read("<f8", probe),
        worst=sections.read("<f8", worst, 2),
        collapsed=sections.read("<f8", collapsed),
        ranges=sections.read("<f4", units + outputs),
        batch=sections.read("<u4", batch),
        batch_number=batch_number,
        batches=batches,
        unit_ends=sections.read("u1", units, 2),
        **_stacks(
            sections.rest(),
            {
                "units": (units, small, small),
                "outputs": (outputs, side, side),
                **({"selected_map": (side, side)} if layer >= 0 else {}),
            },
            {"lines": crossings, "selected_lines": selected_crossings},
        ),
        selected=(layer, unit) if layer >= 0 else None,
        playing=bool(flags & PLAYING),
        diverged=bool(flags & DIVERGED),
        stopped=bool(flags & STOPPED),
    )


def _stacks(data: bytes, maps: dict[str, tuple[int, ...]], crossings: dict[str, int]) -> dict[str, Array]:
    """The maps and the lines at a frame's end, by their names."""
    coded = [shape for count in crossings.values() for shape in lines.shapes(count)]
    found = decompressed(data, *maps.values(), *coded)
    found_lines = [lines.decoded(found[-6:-3]), lines.decoded(found[-3:])]
    return dict(zip([*maps, *crossings], [*found[:-6], *found_lines], strict=True))
