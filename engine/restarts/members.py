"""Several runs, trained in turns and measured together.

Shapes: M members.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.config import Config
from engine.copying import Copyable
from engine.names import Whole
from engine.numbers import short
from engine.tables import Array
from engine.trainer import Trainer
from engine.training.measures import Measures
from engine.training.network import Network

LOSSES = 3
"""The losses of a member at the end of an epoch: of the training, test and validation points."""


class Members(Copyable):
    """Runs that train in turns: the one that is farthest behind trains to the end of its epoch."""

    def __init__(self, trainers: Sequence[Trainer]) -> None:
        self._trainers = list(trainers)

    def __len__(self) -> int:
        return len(self._trainers)

    def __repr__(self) -> str:
        losses = np.concatenate([self.losses(group) for group in self.groups])[:, 1]  # (M,)
        reached = losses[np.isfinite(losses)]
        counts = {"diverged": self.has_diverged, "stopped early": self.has_stopped}
        ends = {word: sum(map(has_ended, range(len(self)))) for word, has_ended in counts.items()}
        facts = [f"epoch {self.epoch:,}", *(f"{count} {word}" for word, count in ends.items() if count)]
        if reached.size:
            ends_of_range = map(short, (reached.min(), reached.max()))
            facts.append(f"test loss {' to '.join(dict.fromkeys(ends_of_range))}")
        return f"<{type(self).__name__} of {len(self)}: {', '.join(facts)}>"

    @property
    def configs(self) -> list[Config]:
        """The configuration of each."""
        return [trainer.config for trainer in self._trainers]

    @property
    def _active(self) -> list[Trainer]:
        return [trainer for trainer in self._trainers if not trainer.ended]

    @property
    def ended(self) -> bool:
        """Whether all have stopped by themselves."""
        return not self._active

    @property
    def epoch(self) -> int:
        """The epoch that all have reached which have not stopped by themselves; where all have, the last of any."""
        going = self._active
        return min(trainer.epoch for trainer in going) if going else max(trainer.epoch for trainer in self._trainers)

    @property
    def at_epoch_start(self) -> bool:
        """Whether all active members are between the same two epochs."""
        return all(trainer.at_epoch_start and trainer.epoch == self.epoch for trainer in self._active)

    def step(self, updates: int = 1) -> int:
        """Make at most so many updates with one member, and none beyond its epoch; gives how many."""
        going = self._active
        if not going:
            return 0
        trainer = min(going, key=lambda member: member.epoch)
        before = trainer.updates
        trainer.step(max(1, min(updates, trainer.updates_to_epoch_end)))
        return trainer.updates - before

    def train(self, epochs: Whole = 1) -> None:
        """Train all to the end of the epoch that comes next, and of `epochs` - 1 more."""
        last = self.epoch + int(epochs)
        while self.epoch < last and not self.ended:
            self.step(self._trainers[0].train_size)

    # --- measuring ----------------------------------------------------------------------------------------------

    def trainer(self, member: int) -> Trainer:
        """A member as it is now: a run that continues to the same bits as one that was trained alone."""
        return self._trainers[member]

    def network(self, member: int) -> Network:
        """A member's network as it is now, valid until another is asked for."""
        return self.trainer(member).network

    def epoch_of(self, member: int) -> int:
        """The epoch of a member, which stays where it has stopped by itself."""
        return self.trainer(member).epoch

    def has_diverged(self, member: int) -> bool:
        """Whether a member has left the finite numbers."""
        return self._trainers[member].diverged is not None

    def has_stopped(self, member: int) -> bool:
        """Whether early stopping has ended a member."""
        return self._trainers[member].stopped is not None

    def measure(self, member: int) -> Measures:
        """The losses and scores of a member as it is now."""
        return self.trainer(member).measure()

    @property
    def groups(self) -> list[list[int]]:
        """The members in groups whose losses are best asked for together."""
        return [[member] for member in range(len(self))]

    def losses(self, members: Sequence[int]) -> Array:
        """The losses of some members, (M, 3), in the order of `LOSSES`; NaN where there are no validation points."""
        return np.array([_losses(self.measure(member)) for member in members]).reshape(-1, LOSSES)  # (M, 3)


def _losses(measures: Measures) -> tuple[float, float, float]:
    return measures.train_loss, measures.test_loss, measures.validation_loss
