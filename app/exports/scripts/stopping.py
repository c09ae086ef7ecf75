"""Whether early stopping ends a run at the same epoch in programs that round differently."""

from __future__ import annotations

import math

from engine import Trainer

SMALL = 1e-3
"""Up to this size differences count as absolute."""


def unstoppable(trainer: Trainer) -> Trainer:
    """The run anew, from its first weights, to be trained past any end of its patience."""
    return Trainer(trainer.config.model_copy(update={"patience": 0}))


def has_restored(trainer: Trainer) -> bool:
    """Whether early stopping has ended the run and restored the weights of its best epoch."""
    return trainer.stopped is not None and trainer.stopped.best.weights is not None


def at_best(trainer: Trainer) -> Trainer:
    """The run anew, at the best epoch of one that early stopping has ended."""
    replay = unstoppable(trainer)
    if trainer.stopped:
        replay.train(trainer.stopped.best.epoch)
    return replay


class BestEpoch:
    """The epoch of the lowest validation loss so far, by a program whose losses come off by up to a margin."""

    def __init__(self, margin: float, min_delta: float) -> None:
        self._margin, self._min_delta = margin, min_delta
        self._lowest, self._theta = math.inf, b""
        self.epoch = 0

    def update(self, loss: float, theta: bytes, epoch: int) -> None:
        """Take note of an epoch's loss; the same weights give the same loss in every program."""
        if theta != self._theta and loss + self._min_delta < self._lowest + self._margin * max(loss, SMALL):
            self._lowest, self._theta, self.epoch = min(loss, self._lowest), theta, epoch


def stops_alike(trainer: Trainer, margin: float) -> bool:
    """Whether early stopping lets the run come where it is, and ends it there if it has: also where losses that
    are lower by less than a margin (relative, and below `SMALL` as of that) are not, or those above are."""
    if not trainer.may_stop:
        return False
    replay, best_epochs = unstoppable(trainer), [BestEpoch(side, trainer.config.minDelta) for side in (-margin, margin)]
    while replay.updates + replay.updates_to_epoch_end <= trainer.updates:
        replay.train()
        for best in best_epochs:
            best.update(replay.measure().validation_loss, replay.network.theta.tobytes(), replay.epoch)
        over = [replay.epoch >= best.epoch + trainer.config.patience for best in best_epochs]
        if any(over):
            return all(over) and trainer.stopped is not None and replay.updates == trainer.updates
    return trainer.stopped is None
