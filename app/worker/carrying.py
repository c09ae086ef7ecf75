"""Hands a page its run, so that it can bring it to a server which has never heard of it; and takes it back."""

from __future__ import annotations

import json
import math
from typing import Any

from app.live.controls import restored
from app.live.run import LiveRun
from app.live.stop_target import StopTarget
from app.live.undo import UndoPoint
from app.wire.carried_run import MAX_CARRIED, CarriedRun, CarriedUndo
from app.wire.history import LossHistory
from app.wire.refusal import Answer
from app.wire.saved_run import rows_of
from engine import Config, format_state
from engine.state import format_snapshot

CARRY_SECONDS = 2.0
"""A run that trains is handed to its page so often."""
CARRY_RATE = 25_000
"""Characters a second that this may take of the connection: what is long is handed over more rarely."""


class Carrier:
    """Hands a run to one connection, and leaves out what that has already."""

    def __init__(self) -> None:
        self._next = -math.inf  # when it is due again
        self._version = -1
        self._undo_point: UndoPoint | None = None
        self._run, self._last_epoch = -1, -1.0  # the newest row that was handed over

    def due(self, run: LiveRun, now: float) -> bool:
        """Whether a training run is to be handed over again, and its page keeps up with its frames."""
        return now >= self._next and run.attached and (run.window.is_open or not run.visible)

    def carry(self, run: LiveRun, now: float) -> Answer | None:
        """The message that hands a run over as it is; None where that is too long: the page then has to live with
        what it got before."""
        fields = self._fields(run)
        length = len(json.dumps(fields))
        self._next = now + max(CARRY_SECONDS, length / CARRY_RATE)
        if length > MAX_CARRIED:
            return None
        self._version, self._undo_point = run.version, _newest(run)
        last = run.losses.history.last
        self._run, self._last_epoch = run.number, last.epoch if last else -1.0
        return {"type": "carry", **fields}

    def _fields(self, run: LiveRun) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "taken": run.taken,
            "version": run.version,
            "run": run.number,
            "state": format_state(run.trainer),
            "history": rows_of(run.losses.history, self._known(run)),
            "speed": run.speed,
            "playing": run.playing,
            "stop_target": run.stop_target,
        }
        if run.version != self._version:
            fields["config"] = run.config.model_dump()
        if (point := _newest(run)) is not self._undo_point or self._version < 0:
            fields["undo"] = _undo_fields(point) if point else None
        return fields

    def _known(self, run: LiveRun) -> float:
        """The last epoch whose losses the page has and will keep; the newest row handed over may have changed."""
        carried = math.nextafter(self._last_epoch, -math.inf) if run.number == self._run else -1.0
        return max(carried, run.window.seen)


def _newest(run: LiveRun) -> UndoPoint | None:
    return run.undo_stack.done[-1] if run.undo_stack.done else None


def _undo_fields(point: UndoPoint) -> dict[str, Any]:
    network = {}
    if point.snapshot:
        history = rows_of(LossHistory.from_bytes(point.history), -1)
        network = {"state": format_snapshot(point.snapshot), "history": history}
    return {"what": point.what, "config": point.config.model_dump(), **network}


def run_of(carried: CarriedRun) -> LiveRun:
    """The run that a page brought; ValidationError or InputError, as for an opened file, where it is none."""
    trainer, history = restored(carried.config, carried.state, carried.history)
    run = LiveRun(trainer)
    run.losses.history = history
    run.taken, run.version, run.number = carried.taken, carried.version, carried.run
    run.speed, run.playing = carried.speed, carried.playing
    run.stop_target = StopTarget(*carried.stop_target) if carried.stop_target else None
    if carried.undo:
        run.undo_stack.push(_undo_point(carried.undo))
    run.window.seen = trainer.epoch if history.last else -1.0
    run.measure()
    return run


def _undo_point(undo: CarriedUndo) -> UndoPoint:
    if undo.state is None:
        return UndoPoint(Config.model_validate(undo.config), undo.what)
    trainer, history = restored(undo.config, undo.state, undo.history)
    return UndoPoint(trainer.config, undo.what, None, trainer.snapshot(), history.to_bytes())
