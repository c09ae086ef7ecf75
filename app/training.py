"""A run from the command line, in this process or at a playground: its losses at some epochs, and a record of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from app.requests import StopRule
from app.task import GOALS, digest, diverged
from engine import Divergence, Losses, Trainer, format_link

if TYPE_CHECKING:
    from app.client_run import Run


def milestones(epochs: int, first: int = 0) -> list[int]:
    """The first epoch, those of 1, 2, 5, 10, 20, 50, ... behind it, and the last one."""
    steps = {digit * 10**power for power in range(8) for digit in (1, 2, 5)}
    return sorted({first, epochs} | {step for step in steps if first < step < epochs})


def _layers(trainer: Trainer) -> list[dict[str, Any]]:
    return [{"weights": layer.weights.tolist(), "biases": layer.biases.tolist()} for layer in trainer.network.layers]


class Training:
    """A run in this process, from where its trainer is to a last epoch."""

    def __init__(self, trainer: Trainer, epochs: int, at: list[int], stop: StopRule | None = None) -> None:
        self.trainer, self.epochs, self.at = trainer, epochs, set(at)
        self.stop = (stop or StopRule()).model_dump(exclude_none=True)
        self.trace: list[tuple[int, Losses]] = []
        """The losses at the epochs that are asked for, and at the one that a stop rule ended it at."""
        self.reason = ""
        """Why it ended before the last epoch, in a sentence."""
        self._initial = _layers(trainer)

    def __iter__(self) -> Iterator[int]:
        """Train epoch by epoch; gives each epoch that is done, and ends early where the run diverges or a stop rule is
        met."""
        trainer, began = self.trainer, time.monotonic()
        while True:
            self.reason = self._met(time.monotonic() - began)
            if trainer.epoch in self.at or self.reason:
                self.trace.append((trainer.epoch, trainer.losses()))
            yield trainer.epoch
            if trainer.epoch >= self.epochs or self.reason:
                return
            trainer.train()
            if trainer.diverged:
                return

    def _met(self, seconds: float) -> str:
        """The stop rule that is met, in a sentence."""
        goals = [name for name in GOALS if name in self.stop]
        losses = dict(zip(GOALS, self.trainer.losses(), strict=True)) if goals else {}
        for name in goals:
            if losses[name] < self.stop[name]:
                return f"The {name.replace('_', ' ')} is under {self.stop[name]:g}."
        limit = self.stop.get("seconds", np.inf)
        return f"{limit:g} seconds of training are over." if seconds >= limit else ""

    def losses(self) -> Losses:
        """The losses as they are now."""
        return self.trainer.losses()

    @property
    def diverged(self) -> Divergence | None:
        """Where the loss grew without bound, if it did."""
        return self.trainer.diverged

    @property
    def failed(self) -> bool:
        """Whether it has not come to where it was to come."""
        return self.diverged is not None

    @property
    def theta_sha256(self) -> str:
        """The digest of all weights and biases."""
        return digest(self.trainer)

    def record(self, *, weights: bool, data: bool) -> dict[str, Any]:
        """The run as plain data, in the fields of the recorded runs of the original."""
        config, trainer = self.trainer.config, self.trainer
        record: dict[str, Any] = {
            "config": config.model_dump(mode="json"),
            "link": format_link(config),
            "features": list(config.features),
            "shape": list(config.shape),
            "trace": [{"epoch": e, "train_loss": loss.train, "test_loss": loss.test} for e, loss in self.trace],
            "diverged": self.diverged._asdict() if self.diverged else None,
            "theta_sha256": self.theta_sha256,
        }
        if weights:
            record |= {"initial": self._initial, "final": _layers(trainer)}
        if data:
            record |= {"train": trainer.train_data.points, "test": trainer.test_data.points}
        return record


class RemoteTraining(Training):
    """A run at a playground, handed in already; `trainer` is where it begins, and once it has ended where it is."""

    def __init__(self, run: Run, trainer: Trainer, epochs: int, at: list[int]) -> None:
        super().__init__(trainer, epochs, at)
        self.run = run

    def __iter__(self) -> Iterator[int]:
        """Watch it; gives each epoch that is recorded."""
        last = None
        for entry in self.run.events():
            last = entry.epoch, Losses(entry.train_loss, entry.test_loss)
            if entry.epoch in self.at and max(last[1]) < np.finfo(float).max:
                self.trace.append(last)
            yield entry.epoch
        self.trainer = self.run.trainer()
        if self.failed or self.run.progress.epoch < self.epochs:
            self.reason = self.run.reason or ""
        if last and self.reason and not self.failed and last not in self.trace:
            self.trace.append(last)

    def losses(self) -> Losses:
        """The losses at the last epoch that was told."""
        now = self.run.progress
        if now.train_loss is None or now.test_loss is None:
            return self.trainer.losses()
        return Losses(now.train_loss, now.test_loss)

    @property
    def diverged(self) -> Divergence | None:
        """Where the loss grew without bound, if it did."""
        now = self.run.progress
        return Divergence(now.epoch, now.updates) if self.run.reason == diverged(self.trainer) else None

    @property
    def failed(self) -> bool:
        """Whether it has not come to where it was to come."""
        return self.run.status != "succeeded"

    @property
    def theta_sha256(self) -> str:
        """The digest of all weights and biases, as the playground told it."""
        return self.run.progress.theta_sha256 or ""
