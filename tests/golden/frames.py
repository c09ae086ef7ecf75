"""The golden frames: described in frames.json, and as bytes in frame-N.bin, which tests of both languages read.

`.venv/bin/python -m tests.golden.frames` writes the bytes anew from their descriptions, for when the format has another
version. What git then shows is the change of the format: look at it before it is kept.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from app.wire.frames import Frame, pack
from app.wire.history import COLUMNS
from engine import Measures
from engine.tables import Array

Record = dict[str, Any]
FOLDER = Path(__file__).parent
RECORDS: list[Record] = json.loads((FOLDER / "frames.json").read_text())


def frame_of(record: Record) -> Frame:
    """The frame that a golden record describes."""
    small, side = record["unit_side"], record["side"]
    change, chosen = record["change"], record["selected_map"]
    return Frame(
        number=record["number"],
        run=record["run"],
        version=record["version"],
        epoch=record["epoch"],
        updates=record["updates"],
        measures=Measures(*(number(record[name]) for name in Measures._fields)),
        rate=record["rate"],
        theta=np.array(record["theta"], np.float64),
        change=None if change is None else np.array(change, np.float64),
        history=numbers([cell for row in record["history"] for cell in row]).reshape(-1, COLUMNS),
        probe=numbers(record["probe"]),
        worst=np.array(record["worst"], np.float64).reshape(-1, 2),
        collapsed=np.array(record["collapsed"], np.float64),
        ranges=np.array(record["ranges"], np.float32),
        lines=np.array(record["lines"], np.uint32),
        selected_lines=np.array(record["selected_lines"], np.uint32),
        batch=np.array(record["batch"], np.uint32),
        batch_number=record["batch_number"],
        batches=record["batches"],
        unit_ends=np.array(record["unit_ends"], np.uint8).reshape(-1, 2),
        units=np.array(record["units"], np.uint8).reshape(-1, small, small),
        outputs=np.array(record["outputs"], np.uint8).reshape(-1, side, side),
        selected=tuple(record["selected"]) if record["selected"] else None,
        selected_map=None if chosen is None else np.array(chosen, np.uint8).reshape(side, side),
        playing=record["playing"],
        diverged=record["diverged"],
        stopped=record["stopped"],
    )


def number(value: float | None) -> float:
    """JSON has no NaN, so that null stands for it."""
    return math.nan if value is None else value


def numbers(values: list[float | None]) -> Array:
    """The same for many."""
    return np.array([number(value) for value in values], np.float64)


if __name__ == "__main__":
    for described in RECORDS:
        (FOLDER / described["file"]).write_bytes(pack(frame_of(described)))
