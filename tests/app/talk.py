"""What a page asks of a run, without a connection."""

from __future__ import annotations

import json

from app.live import controls
from app.live.run import LiveRun
from app.wire.messages import INCOMING, Control
from app.wire.refusal import Answer
from engine import Config, Trainer


def message(kind: str, seq: int = 1, **fields: object) -> Control:
    """A control as the worker gets it: read from JSON and checked."""
    control = INCOMING.validate_json(json.dumps({"type": kind, "seq": seq, **fields}))
    assert isinstance(control, Control)
    return control


def apply(run: LiveRun, kind: str, seq: int = 1, **fields: object) -> Answer:
    return controls.apply(run, message(kind, seq, **fields))


def run_at(epoch: int, config: Config | None = None) -> LiveRun:
    run = LiveRun(Trainer(config or Config()))
    run.attach(-1)
    run.trainer.train(epoch)
    run.measure()
    return run
