"""Records the losses of a live run: the present ones, and those of each epoch so far."""

from __future__ import annotations

import math

import numpy as np

from app.live.window import Window
from app.wire.history import HistoryRow, LossHistory
from app.wire.limits import LARGEST
from engine import Measures, Trainer


class LossRecorder:
    """What was measured. A page that may have other losses of an epoch gets that row again."""

    def __init__(self, window: Window, history: LossHistory | None = None) -> None:
        self.history = history or LossHistory()
        self.now = Measures(LARGEST, LARGEST, math.nan, math.nan)  # where the network's own are out of all numbers
        self._window = window

    def measure(self, trainer: Trainer) -> None:
        """Measure the network as it is now. At the end of an epoch it is a row of the history."""
        measures = trainer.measure()
        measures = measures._replace(validation_loss=np.minimum(measures.validation_loss, LARGEST).item())
        if all(map(math.isfinite, measures[:2])):
            self.now = measures
            if trainer.at_epoch_start:
                self._append(self._row(trainer))

    def _append(self, row: HistoryRow) -> None:
        last = self.history.last
        if last and last.epoch == row.epoch and last[:3] != row[:3]:
            self._window.revise(row.epoch)
        self.history.append(row)

    def _row(self, trainer: Trainer) -> HistoryRow:
        train, test, _, _, validation, _ = self.now
        return HistoryRow(
            trainer.epoch, train, test, *self._batch_range(trainer), validation, min(trainer.rate, LARGEST)
        )

    def _batch_range(self, trainer: Trainer) -> tuple[float, float]:
        """The lowest and the highest loss of a batch of the last epoch, as far as they are known."""
        losses, last = trainer.batch_losses(), self.history.last
        if len(losses):
            low, high = np.clip([losses.min(), losses.max()], 0, LARGEST).tolist()
            return low, high
        if last and last.epoch == trainer.epoch:
            return last.lowest, last.highest
        return self.now.train_loss, self.now.train_loss
