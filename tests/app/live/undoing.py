"""What the tests of undo share."""

from __future__ import annotations

from app.live.run import LiveRun
from engine import Config
from tests.app.talk import run_at


def amid_an_epoch(config: Config | None = None) -> LiveRun:
    """A run with some history, five updates into an epoch."""
    run = run_at(2, config)
    run.trainer.train()
    run.measure()
    run.trainer.step(5)
    run.measure()
    return run


def everything(run: LiveRun) -> tuple[object, ...]:
    """All that a change may put an end to; measures as text, because one that there is not is not equal to itself."""
    return run.config, run.trainer.snapshot(), run.losses.history.to_bytes(), repr(run.losses.now)
