"""One training step of a scripted run as a pure function of JSON, so that any process can do it, and repeat it.

What comes back depends on what goes in alone, but for the seconds that it took.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from app.explain.reasons import DONE, diverged, stopped
from app.process.arithmetic import arithmetic
from engine import Config, Measures, Trainer, format_state, trainer_at
from engine.state import digest

STOP_LOSSES = ("train_loss", "test_loss", "validation_loss")
"""The losses that a stop rule may name."""
COLUMNS = ("epoch", "updates", *Measures._fields)
HistoryRow = tuple[int, int, float, float, float | None, float | None, float | None, float | None]
"""Epoch, updates, losses and scores as `engine.Measures` has them; None where there is no such number."""


class Ended(NamedTuple):
    """How a run ended."""

    status: str
    reason: str


class Advance(NamedTuple):
    """What a step gave."""

    state: str
    """Where the training is, as `engine.state` writes it."""
    progress: dict[str, Any]
    """Where it is for a reader: epoch, updates, seconds, the present losses and scores, the digest of theta."""
    rows: list[HistoryRow]
    """The losses of the epochs to be recorded."""
    snapshots: list[tuple[int, str]]
    """The states of the epochs to be kept."""
    ended: Ended | None


def advance(text: str) -> str:
    """Train a run from its state to an epoch, or to where it ends before.

    In: `spec` (config, epochs, stop, record), `state` (null for the first weights), the `seconds` that it took so far
    (null where nothing has been done yet), `until`, an epoch, and what it was `computed_with` so far.
    Out: the fields of `Advance`.
    """
    task = json.loads(text)
    return json.dumps(_advance(**task)._asdict(), allow_nan=False)


def read_advance(text: str) -> Advance:
    """What `advance` gave."""
    step = json.loads(text)
    rows, snapshots = ([tuple(row) for row in step[name]] for name in ("rows", "snapshots"))
    return Advance(step["state"], step["progress"], rows, snapshots, step["ended"] and Ended(*step["ended"]))


def _advance(
    spec: dict[str, Any], state: str | None, seconds: float | None, until: int, computed_with: Sequence[str] = ()
) -> Advance:
    began = time.perf_counter()
    config = Config.model_validate(spec["config"])
    trainer = trainer_at(config, state) if state else Trainer(config)
    if seconds is None:
        trainer.resume()  # continuing after early stopping starts its patience again
    rows: list[HistoryRow] = []
    snapshots: list[tuple[int, str]] = []
    every, keep = spec["record"]["losses"], spec["record"]["snapshots"]
    thresholds = {name: threshold for name, threshold in spec["stop"].items() if name in STOP_LOSSES}
    ended = None
    for epoch in _epochs(trainer, until, first=seconds is None):
        last = epoch >= spec["epochs"] or trainer.ended
        measured = row(trainer) if last or epoch % every == 0 or thresholds else None
        ended = ending(trainer, measured, thresholds, spec["epochs"])
        if measured and (ended or epoch % every == 0):
            rows.append(measured)
        if keep and (ended or epoch % keep == 0):
            snapshots.append((epoch, format_state(trainer)))
        if ended:
            break
    progress = {
        **describe(trainer),
        "seconds": (seconds or 0.0) + time.perf_counter() - began,
        "computed_with": list(dict.fromkeys([*computed_with, arithmetic()])),
    }
    return Advance(format_state(trainer), progress, rows, snapshots, ended)


def _epochs(trainer: Trainer, until: int, *, first: bool) -> Iterator[int]:
    """The epochs to look at, each as soon as it is over: 0 where the run begins, then each one that is trained."""
    if first:
        yield trainer.epoch
    while trainer.epoch < until and not trainer.ended:
        trainer.train()
        yield trainer.epoch


def ending(trainer: Trainer, measured: HistoryRow | None, thresholds: dict[str, float], epochs: int) -> Ended | None:
    """Whether a run is over after an epoch, and why; `goals` are looked at where it was measured. The limit of seconds
    is kept by who gives out the steps."""
    if trainer.diverged:
        return Ended("failed", diverged(trainer))
    for name, threshold in thresholds.items():
        loss = measured[COLUMNS.index(name)] if measured else None
        if loss is not None and loss < threshold:
            return Ended("succeeded", f"The {name.replace('_', ' ')} is under {threshold:g}.")
    if trainer.stopped:
        return Ended("succeeded", stopped(trainer.config, trainer.stopped))
    return Ended("succeeded", DONE) if trainer.epoch >= epochs else None


def row(trainer: Trainer) -> HistoryRow:
    """The losses and scores of a run as they are now, as a history keeps them."""
    now = trainer.measure()
    train, test, validation = (
        loss if math.isfinite(loss) else sys.float_info.max
        for loss in (now.train_loss, now.test_loss, now.validation_loss)
    )
    scores = (now.train_score, now.test_score, now.validation_score)
    train_score, test_score, score = (value if math.isfinite(value) else None for value in scores)
    validated = validation if trainer.validation_data.size else None
    return trainer.epoch, trainer.updates, train, test, train_score, test_score, validated, score


def describe(trainer: Trainer) -> dict[str, Any]:
    """Where a run is, for a reader."""
    return {**dict(zip(COLUMNS, row(trainer), strict=True)), "theta_sha256": digest(trainer)}


FINAL = ("succeeded", "failed", "cancelled", "interrupted", "pruned")
