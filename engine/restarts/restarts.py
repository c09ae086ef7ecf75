"""Restarts: the same network on the same data from different first weights, trained at once.

Gradient descent goes down into the valley above which it starts; who starts several times keeps the lowest. The members
share their data, order of points and clock, so that they are one stack of arrays as long as that pays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.config import Config
from engine.config.field_types import MAX_TEXT
from engine.names import Whole
from engine.restarts.members import Members
from engine.restarts.stack import MAX_STACKED_SIZE, Stack
from engine.snapshot import Snapshot
from engine.tables import Array
from engine.tables.losses import LOSSES
from engine.trainer import Trainer
from engine.training.measures import Measures
from engine.training.network import Network, Pass


def weight_seeds(config: Config, count: Whole) -> list[str]:
    """The seeds of the first weights of so many restarts: the configuration's own, and that with -2, -3, ... behind it;
    where it has none of its own, so does the first, and the others have the seed of the data."""
    own = (config.weightSeed or config.seed)[: MAX_TEXT - len(f"-{count}")]
    return [config.weightSeed, *(f"{own}-{number}" for number in range(2, count + 1))]


def restarted(config: Config, count: Whole) -> Iterator[Trainer]:
    """So many runs of a configuration, one after another, each at first weights of its own: the first is the run of the
    configuration itself."""
    first = Trainer(config)
    yield first
    for seed in weight_seeds(config, count)[1:]:
        yield Trainer(config.model_copy(update={"weightSeed": seed}), first.parts)


class Restarts(Members):
    """Runs at their first weights that differ by these alone: `Restarts(list(restarted(config, 16)))`.

    Each is at every epoch the same bits as when it is trained alone, and so is what it goes on to. Members that have
    diverged or were stopped early stay where they are, and no other feels it.
    """

    def __init__(self, trainers: Sequence[Trainer]) -> None:
        super().__init__(trainers)
        self._stack = Stack(trainers) if _is_faster_stacked(trainers) else None
        self._places = {row.member: place for place, row in enumerate(self._stack.rows)} if self._stack else {}

    @property
    def stacked(self) -> bool:
        """Whether any of them train at once."""
        return bool(self._places)

    @property
    def ended(self) -> bool:
        """Whether all have stopped by themselves."""
        return not self._places and super().ended

    @property
    def epoch(self) -> int:
        """The epoch that all have reached which have not stopped by themselves; where all have, the last of any."""
        return self._stack.epoch if self._stack and self._places else super().epoch

    @property
    def at_epoch_start(self) -> bool:
        """Whether all active members are between the same two epochs."""
        return self._stack.at_epoch_start if self._stack and self._places else super().at_epoch_start

    def step(self, updates: int = 1) -> int:
        """Make at most so many updates, and none beyond an epoch, with all members where they train at once; gives how
        many."""
        stack = self._stack
        if not stack or not self._places:
            return super().step(updates)
        before = stack.updates
        left = max(1, min(updates, stack.updates_to_epoch_end))
        for member, snapshot in stack.step(left):
            self._trainers[member].restore(snapshot)
            self._trainers[member].step(left)  # to where it ends
        self._places = {row.member: place for place, row in enumerate(stack.rows)}
        return stack.updates - before

    # --- measuring ----------------------------------------------------------------------------------------------

    def snapshot(self, member: int) -> Snapshot:
        """A member's state now."""
        place = self._places.get(member)
        if self._stack is None or place is None:
            return self._trainers[member].snapshot()
        return self._stack.snapshot(place)

    def trainer(self, member: int) -> Trainer:
        """A member as it is now: a run that continues to the same bits as one that was trained alone."""
        trainer = self._trainers[member]
        if member in self._places:
            trainer.restore(self.snapshot(member))
        return trainer

    def network(self, member: int) -> Network:
        """A member's network as it is now, valid until another is asked for."""
        place = self._places.get(member)
        return super().network(member) if self._stack is None or place is None else self._stack.network(place)

    def epoch_of(self, member: int) -> int:
        """The epoch of a member, which stays where it has stopped by itself."""
        return self.epoch if member in self._places else super().epoch_of(member)

    def measure(self, member: int) -> Measures:
        """The losses and scores of a member as it is now."""
        place = self._places.get(member)
        if self._stack is None or place is None:
            return super().measure(member)
        return self._stack.evaluator(place).measure()

    @property
    def groups(self) -> list[list[int]]:
        """The members in groups whose losses are best asked for together."""
        if self._stack is None or not self._places or not self._stack.evaluates_together:
            return super().groups
        alone = [[member] for member in range(len(self)) if member not in self._places]
        return [list(self._places), *alone]

    def losses(self, members: Sequence[int]) -> Array:
        """The losses of some members, (M, 3), over the points that train, that test, that validate."""
        if self._stack and self._stack.evaluates_together and list(members) == list(self._places):
            return self._stack.losses()
        return super().losses(members)


def _is_faster_stacked(trainers: Sequence[Trainer]) -> bool:
    """Whether some runs are trained faster at once, and to the same bits."""
    first = trainers[0]
    units = sum(first.network.shape[1:])
    return len(trainers) > 1 and units * first.batch <= MAX_STACKED_SIZE and _same_bits(first)


def _same_bits(trainer: Trainer) -> bool:
    """Whether the products of a stack are those of single networks to the last bit, for all numbers of points that
    come up. Those of one point are not, and other libraries may add in other orders."""
    batch, size = trainer.batch, trainer.train_size
    parts = (trainer.train_data, trainer.validation_data, trainer.test_data)
    counts = {batch, batch + size % batch, *(part.size for part in parts)} - {0}
    return all(_gives_same_bits(trainer, points) for points in counts)


def _gives_same_bits(trainer: Trainer, points: int) -> bool:
    """The same of one number of points, tried with numbers that make every order of adding them visible."""
    one, loss = trainer.network.like(np.float64), LOSSES["squared"]
    two = Network(one.shape, one.activations, copies=(2,))
    two.theta[:] = one.theta[:] = np.sin(np.arange(1.0, one.size + 1))  # (P,)
    X = np.cos(np.arange(1.0, one.shape[0] * points + 1)).reshape(-1, points)  # (D, N)
    X = np.concatenate([X, np.ones((1, points))])  # (D + 1, N)
    wide = np.tile(X, 2)[:, :points]  # a part of a larger array, as the sampler's are
    Y = np.zeros((one.shape[-1], points))  # (K, N)
    gradients = []
    for network in (one, two):
        passed = Pass(network, points)
        passed.forward(wide)
        gradients.append(passed.backward(wide, Y, loss).copy())  # (P,), (2, P)
    return bool((gradients[0] == gradients[1]).all())
