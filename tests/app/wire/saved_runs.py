"""What the tests of saved runs share."""

from __future__ import annotations

import json
from typing import Any

from app.live.run import LiveRun
from app.wire.refusal import Answer
from engine import Config
from tests.app.talk import apply, run_at

SPARSE = Config(
    dataset="xor", networkShape=(6, 3), batchSize=7, regularization="L1", regularizationRate=0.1, learningRate=0.1
)


def amid_an_epoch(config: Config) -> LiveRun:
    """A run with the losses of three epochs, some updates into the next."""
    run = run_at(0, config)
    for _ in range(3):
        run.trainer.train()
        run.measure()
    run.trainer.step(5)
    run.measure()
    return run


def save(run: LiveRun) -> Answer:
    saved: Answer = apply(run, "save")["saved"]
    return saved


def file_of(run: LiveRun) -> dict[str, Any]:
    """A saved file, as it is read by whoever opens it."""
    file: dict[str, Any] = json.loads(json.dumps(save(run)["file"], allow_nan=False))
    return file
