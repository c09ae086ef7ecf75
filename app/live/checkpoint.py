"""Checkpoints: a live run as bytes, which a worker saves and another worker continues from."""

from __future__ import annotations

import json
import struct

from app.live.controlled_run import Probe
from app.live.run import LiveRun
from app.live.stop_target import StopTarget
from app.wire.history import LossHistory
from engine import Config, Snapshot, Trainer

SIZES = struct.Struct("<II")
"""The bytes of the head, which is JSON, and of the trainer's snapshot; the losses take the rest."""


def run_to_bytes(run: LiveRun) -> bytes:
    """All of a run, but for what belongs to its connection."""
    head = {
        "config": run.config.model_dump(),
        "taken": run.taken,
        "version": run.version,
        "number": run.number,
        "frame": run.window.number,
        "speed": run.speed,
        "visible": run.visible,
        "playing": run.playing,
        "goal": run.stop_target,
        "selected": run.selected,
        "probe": run.probe,
    }
    text: bytes
    text, snapshot = json.dumps(head).encode(), run.trainer.snapshot().to_bytes()
    return SIZES.pack(len(text), len(snapshot)) + text + snapshot + run.losses.history.to_bytes()


def run_from_bytes(data: bytes) -> LiveRun:
    """The run that `run_to_bytes` saved, to the bit."""
    text, snapshot = SIZES.unpack_from(data)
    cut = SIZES.size + text
    head = json.loads(data[SIZES.size : cut])
    trainer = Trainer(Config.model_validate(head["config"]))
    trainer.restore(Snapshot.from_bytes(data[cut : cut + snapshot]))
    run = LiveRun(trainer)
    run.losses.history = LossHistory.from_bytes(data[cut + snapshot :])
    run.taken = head["taken"]
    run.version, run.number, run.window.number = head["version"], head["number"], head["frame"]
    run.speed, run.visible, run.playing = head["speed"], head["visible"], head["playing"]
    run.stop_target = StopTarget(*head["goal"]) if head["goal"] else None
    run.selected = tuple(head["selected"]) if head["selected"] else None
    run.probe = Probe(*head["probe"]) if head["probe"] else None
    run.measure()
    return run
