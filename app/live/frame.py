"""Makes the frame of a run: all that a page draws at one moment."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.live.controlled_run import ControlledRun, RecordedUpdate
from app.live.images.image_view import ImageView
from app.wire import image_frames
from app.wire.compression import coarsened, leveled
from app.wire.frames import NO_ROWS, NOTHING, Frame, pack
from app.wire.image_frames import ImageFrame
from app.wire.limits import LARGEST
from engine.tables import Array

WORST = 10
"""How many of the points with the largest loss are marked."""


def packed(run: ControlledRun, number: int, history: Array) -> bytes:
    """The frame of this number as bytes, with those rows (rows, COLUMNS) of the losses that the page does not have."""
    if run.images:
        return image_frames.pack(image_frame_of(run, run.images, number, history))
    return pack(frame_of(run, number, history))


def image_frame_of(run: ControlledRun, view: ImageView, number: int, history: Array) -> ImageFrame:
    """The frame of a run with images."""
    trainer = run.trainer
    return ImageFrame(
        **_place(run, number, history),
        **view.templates(trainer, whole=not run.playing),
        **view.tested(trainer),
        **view.answer(trainer, run.shown),
    )


def frame_of(run: ControlledRun, number: int, history: Array) -> Frame:
    """The frame of a run with points."""
    trainer = run.trainer
    maps = run.grid.maps(trainer.network, run.selected, lines=True)
    units, ends = leveled(maps.units)
    fine = coarsened if run.plays_on else np.asarray
    return Frame(
        **_place(run, number, history),
        theta=trainer.network.theta,
        ranges=maps.ranges,
        units=units,
        unit_ends=ends,
        outputs=fine(maps.outputs),
        selected=run.selected,
        selected_map=None if maps.selected is None else fine(maps.selected),
        lines=maps.lines,
        selected_lines=maps.selected_lines,
        **_update(run.update),
        probe=_probed(run),
        worst=_worst(run),
        collapsed=_collapsed(run),
    )


def _place(run: ControlledRun, number: int, history: Array) -> dict[str, Any]:
    """Where a run is, with its numbers, as fields of either frame."""
    trainer = run.trainer
    return {
        "number": number,
        "run": run.number,
        "version": run.version,
        "epoch": trainer.epoch,
        "updates": trainer.updates,
        "measures": run.losses.now,
        "rate": min(trainer.rate, LARGEST),
        "history": history,
        "playing": run.plays_on,
        "diverged": trainer.diverged is not None,
        "stopped": trainer.stopped is not None,
    }


def _update(update: RecordedUpdate | None) -> dict[str, Any]:
    """The last update, where that was a person's, as fields of a frame."""
    if update is None:
        return {}
    return {"change": update.change, "batch": update.points, "batch_number": update.number, "batches": update.of}


def _probed(run: ControlledRun) -> Array:
    """The activations of the probed point, (D + U + K + 1,), or nothing."""
    if run.probe is None:
        return NOTHING
    layers, loss = run.trainer.probe(*run.probe)
    return np.concatenate([*layers, [loss]])


def _collapsed(run: ControlledRun) -> Array:
    """W and b that an all-linear network equals, row by row, (K (D + 1),), or nothing."""
    collapsed = run.trainer.collapsed()
    return NOTHING if collapsed is None else collapsed.ravel()


def _worst(run: ControlledRun) -> Array:
    """The points with the largest losses, (W, 2): their places and losses."""
    if not run.config.showWorst:
        return NO_ROWS
    train, test = run.trainer.point_losses()
    losses = np.nan_to_num(np.concatenate([train, test]) if run.config.showTestData else train, nan=LARGEST)
    places = np.argsort(-losses, kind="stable")[:WORST]
    return np.stack([places, losses[places]], axis=1)
