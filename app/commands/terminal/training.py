"""A run from the command line, in this process or at a playground: its losses at some epochs, and a record of it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from app.explain.reasons import DONE, diverged
from app.process.arithmetic import arithmetic
from app.schemas.run_request import StopRule
from app.store.step import COLUMNS, STOP_LOSSES, HistoryRow, ending, row
from engine import Divergence, Losses, Trainer, format_link
from engine.state import digest

if TYPE_CHECKING:
    from app.client.run import Run
    from app.exports.charts.film import Film


def milestones(epochs: int, first: int = 0) -> list[int]:
    """The first epoch, those of 1, 2, 5, 10, 20, 50, ... behind it, and the last one."""
    steps = {digit * 10**power for power in range(8) for digit in (1, 2, 5)}
    return sorted({first, epochs} | {step for step in steps if first < step < epochs})


def _layers(trainer: Trainer) -> list[dict[str, Any]]:
    return [{"weights": layer.weights.tolist(), "biases": layer.biases.tolist()} for layer in trainer.network.layers]


class EpochLosses(NamedTuple):
    """The losses at an epoch, as they are told."""

    epoch: int
    train_loss: float
    test_loss: float
    validation_loss: float | None
    """None where no points validate."""

    @classmethod
    def of(cls, measured: HistoryRow) -> EpochLosses:
        """Those of a row of a history."""
        epoch, _, train, test, _, _, validation, _ = measured
        return cls(epoch, train, test, validation)


class Training:
    """A run in this process, from where its trainer is to a last epoch."""

    def __init__(self, trainer: Trainer, epochs: int, at: list[int], stop: StopRule | None = None) -> None:
        self.trainer, self.epochs, self.at = trainer, epochs, set(at)
        self.stop = (stop or StopRule()).model_dump(exclude_none=True)
        self.trace: list[EpochLosses] = []
        """The losses at the epochs that are asked for, and at the one that it was stopped at."""
        self.rows: list[HistoryRow] | None = None
        """The losses and scores at every epoch, where a list is set for them."""
        self.film: Film | None = None
        """What takes pictures on the way, where one is set."""
        self.reason = ""
        """Why it ended before the last epoch, in a sentence."""
        self._initial = _layers(trainer)

    def __iter__(self) -> Iterator[int]:
        """Train epoch by epoch; gives each epoch that is done, and ends early where the run diverges, is stopped early
        or meets a stop rule."""
        trainer, began = self.trainer, time.monotonic()
        while True:
            self.reason = self._reason_to_stop(time.monotonic() - began)
            if trainer.epoch in self.at or self.reason:
                self.trace.append(EpochLosses.of(row(trainer)))
            if self.rows is not None:
                self.rows.append(row(trainer))
            if self.film:
                self.film.take(trainer, ended=bool(self.reason))
            yield trainer.epoch
            if trainer.epoch >= self.epochs or self.reason:
                return
            trainer.train()
            if trainer.diverged:
                self.reason = diverged(trainer)
                return

    def _reason_to_stop(self, seconds: float) -> str:
        """Why it ends here, in a sentence, where it does so early."""
        thresholds = {name: threshold for name, threshold in self.stop.items() if name in STOP_LOSSES}
        ended = ending(self.trainer, row(self.trainer) if thresholds else None, thresholds, self.epochs)
        limit = self.stop.get("seconds", math.inf)
        if ended is None and seconds >= limit:
            return f"{limit:g} seconds of training are over."
        return ended.reason if ended and ended.reason != DONE else ""

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

    @property
    def computed_with(self) -> list[str]:
        """NumPy, its BLAS and the processor's instructions, on which the digest depends."""
        return [arithmetic()]

    def record(self, *, weights: bool, data: bool) -> dict[str, Any]:
        """The run as plain data, in the fields of the recorded runs of the original."""
        config, trainer = self.trainer.config, self.trainer
        record: dict[str, Any] = {
            "config": config.model_dump(mode="json"),
            "link": format_link(config),
            "features": list(config.features),
            "shape": list(config.shape),
            "trace": [losses._asdict() for losses in self.trace],
            "reason": self.reason or None,
            "diverged": self.diverged._asdict() if self.diverged else None,
            "theta_sha256": self.theta_sha256,
            "computed_with": self.computed_with,
        }
        if weights:
            record |= {"initial": self._initial, "final": _layers(trainer)}
        if data:
            parts = {"train": trainer.train_data, "validation": trainer.validation_data, "test": trainer.test_data}
            record |= {name: part.points for name, part in parts.items()}
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
            last = EpochLosses(entry.epoch, entry.train_loss, entry.test_loss, entry.validation_loss)
            if entry.epoch in self.at and max(entry.train_loss, entry.test_loss) < sys.float_info.max:
                self.trace.append(last)
            if self.rows is not None:
                self.rows.append(tuple(getattr(entry, name) for name in COLUMNS))
            yield entry.epoch
        self.trainer = self.run.trainer()
        if self.run.reason != DONE:
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

    @property
    def computed_with(self) -> list[str]:
        """What the playground computed with."""
        return self.run.progress.computed_with
