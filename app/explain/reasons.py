"""Why a run has ended by itself, in a sentence, and what to try next."""

from __future__ import annotations

import math

from engine import Config, Stop, Trainer
from engine.numbers import short
from engine.tables.activations import ACTIVATIONS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.tasks import TASKS

DONE = "All epochs are trained."
USUAL_RATE = 0.03
"""A learning rate that is seldom too high."""
LARGE = 100.0
"""Inputs that reach as far as this want to be normalized."""


def diverged(trainer: Trainer) -> str:
    """About a run whose loss grew without bound."""
    config = trainer.config
    rate = f"{trainer.rate:g}" if math.isfinite(trainer.rate) else "beyond all numbers"
    raised = ", to which its schedule has raised it," if trainer.rate > config.learningRate else ""
    return (
        f"The loss grew without bound at epoch {trainer.epoch}: the learning rate {rate}{raised} is too high"
        f"{_burden(config)}."
    )


def _burden(config: Config) -> str:
    """What decides how high a learning rate may be: " for ReLU with Momentum and the loss Hinge"."""
    largest = largest_input(config)
    if largest >= LARGE:
        return f" for inputs up to {largest:g}: normalize them"
    names = dict.fromkeys(ACTIVATIONS[name].label for name in config.hidden_activations)
    beside = [OPTIMIZERS[config.optimizer].label] if OPTIMIZERS[config.optimizer].memory else []
    if config.loss_name != TASKS[config.problem].loss:
        beside.append(f"the loss {LOSSES[config.loss_name].label}")
    return (f" for {' and '.join(names)}" if names else "") + (f" with {' and '.join(beside)}" if beside else "")


def largest_input(config: Config) -> float:
    """How far the plotted coordinates reach, where they are not normalized."""
    return 0.0 if config.normalize else max(abs(end) for axis in config.data.domain for end in axis)


def lower_rate(config: Config) -> float:
    """A learning rate to try where a run has diverged."""
    return min(config.learningRate / 10, USUAL_RATE)


def stopped(config: Config, stop: Stop) -> str:
    """About a run that early stopping has ended."""
    least, best = config.minDelta, short(stop.best.loss)
    by = f" by over {least:g}" if least else ""
    last = f"it last did, to {best}," if least else f"it was lowest, {best},"
    restored = ", whose weights are restored" if stop.best.weights else ""
    return (
        f"Stopped early at epoch {stop.epoch}: the validation loss has not fallen{by} for {config.patience} epochs; "
        f"{last} at epoch {stop.best.epoch}{restored}."
    )
