"""The epoch or update at which a stepped run stops."""

from __future__ import annotations

from typing import Literal, NamedTuple

from engine import Trainer

Counter = Literal["epoch", "updates"]


class StopTarget(NamedTuple):
    """A counter of the trainer, and the value at which the run stops."""

    counter: Counter
    value: int

    def reached(self, trainer: Trainer) -> bool:
        """Whether it is time to stop."""
        return int(getattr(trainer, self.counter)) >= self.value

    def updates_before(self, trainer: Trainer) -> int:
        """How many updates of this epoch come before the one that reaches it."""
        left = trainer.updates_to_epoch_end
        if self.counter == "updates":
            return min(left, self.value - trainer.updates - 1)
        return left - (trainer.epoch >= self.value - 1)
