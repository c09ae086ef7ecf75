"""Networks of one shape, trained on the same data at once: every array has one more axis, so that NumPy is called
only as often as for a single network.

Shapes: R networks side by side, D features, H units of a layer, K outputs, N points, P parameters, S arrays of the
optimizer's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.snapshot import Snapshot
from engine.tables import Array
from engine.trainer import Trainer
from engine.training.early_stopping import NO_BEST, Best, Weights
from engine.training.evaluator import Evaluator
from engine.training.loop import TrainingLoop
from engine.training.network import Network, Passes
from engine.training.split import Part

MAX_STACKED_SIZE = 1_500
"""Units times points of an update, up to which the calls cost more than the arithmetic, so that a stack is faster."""
MAX_EVALUATED_SIZE = 500_000
"""Networks times units times points, up to which the same holds for looking at them."""


class StackRow(NamedTuple):
    """One network of a stack: its configuration differs from the others' by the seed of the first weights alone."""

    member: int
    weight_seed: str


class StackState(NamedTuple):
    """Where a stack stands."""

    epoch: int
    updates: int
    cursor: int
    pending: int
    theta: Array  # (R, P)
    dead: Array  # (R, P)
    memory: Array  # (S, R, P)
    steps: int
    best: list[Best]

    def snapshot(self, row: int) -> Snapshot:
        """One of its runs."""
        memory, steps = self.memory[:, row], self.steps if self.memory.size else 0
        theta, dead = self.theta[row].tobytes(), self.dead[row].tobytes()
        clock = self.epoch, self.updates, self.cursor, self.pending
        return Snapshot(*clock, theta, dead, memory.tobytes(), steps, self.best[row])


class Stack(TrainingLoop):
    """Trains some runs from their first weights on, to the bits of each that is trained alone.

    They have one clock. A run that cannot go on with the others is handed back at the start of its last `step`, to end
    alone.
    """

    _keeps_batch_losses = False

    def __init__(self, trainers: Sequence[Trainer]) -> None:
        first = trainers[0]
        super().__init__(first.config, first.parts)
        self.rows = [StackRow(i, trainer.config.weightSeed) for i, trainer in enumerate(trainers)]
        self._one = first.network.like(np.float64)
        self._evaluator = Evaluator(self._one, self.config, self.parts)
        self._best = [NO_BEST] * len(trainers)
        self._build()
        self._network.theta[:] = [trainer.network.theta for trainer in trainers]

    def _build(self) -> None:
        """Arrays for as many networks as there are rows."""
        self._network = Network(self._one.shape, self._one.activations, copies=(len(self.rows),))  # theta is (R, P)
        self._begin(self._network, Passes(self._network))

    # --- training -----------------------------------------------------------------------------------------------

    def step(self, updates: int) -> list[tuple[int, Snapshot]]:
        """Make at most so many updates, and none beyond the epoch; gives the members that are not part of it any more,
        each with where it was before."""
        before = self._state()
        with np.errstate(all="ignore"):
            left = max(1, min(updates, self.updates_to_epoch_end))
            while left > 0:
                left -= self._advance(left)
            leaving = self._leaving()  # (R,)
        if not leaving.any():
            return []
        given = [(self.rows[row].member, before.snapshot(row)) for row in np.flatnonzero(leaving).tolist()]
        self._keep(np.flatnonzero(~leaving))
        return given

    def _state(self) -> StackState:
        sampler, descent = self._sampler, self.descent
        arrays = self._network.theta.copy(), descent.dead.copy(), descent.memory.copy()
        return StackState(self.epoch, self.updates, sampler.cursor, sampler.pending, *arrays, descent.steps, self._best)

    def masks(self, update: int, points: int) -> list[Array]:
        """For each hidden layer the masks of all networks, (R, H, N)."""
        each = [self._drawn_masks(row.weight_seed, update, points) for row in self.rows]
        return [np.stack(masks) for masks in zip(*each, strict=True)]

    def _leaving(self) -> Array:
        """Which networks, (R,), have left the finite numbers, or are to be stopped early."""
        theta, memory = self._network.theta, self.descent.memory
        leaving = np.asarray(~(np.isfinite(theta).all(axis=-1) & np.isfinite(memory).all(axis=(0, -1))))  # (R,)
        if not self.at_epoch_start:
            return leaving
        if not self.loss_is_bounded:
            for part in (self.parts.train, self.parts.test):
                leaving |= ~np.isfinite(self._mean_losses(part))
        if self.may_stop:
            losses = self._mean_losses(self.parts.validation).tolist()
            self._best = [
                best.updated(loss, self.epoch, self.config.minDelta, partial(self._weights, row))
                for row, (best, loss) in enumerate(zip(self._best, losses, strict=True))
            ]
            leaving |= np.array([self.epoch >= best.since + self.config.patience for best in self._best])
        return leaving

    def _weights(self, row: int) -> Weights | None:
        """Those of a network, where early stopping may restore them."""
        if not self.config.restoreBest:
            return None
        return Weights(self._network.theta[row].tobytes(), self.descent.dead[row].tobytes())

    def _keep(self, rows: Array) -> None:
        """Go on with some of the networks alone."""
        network, descent = self._network, self.descent
        self.rows, self._best = [self.rows[row] for row in rows], [self._best[row] for row in rows]
        self._build()
        self._network.theta[:] = network.theta[rows]
        self.descent.dead[:] = descent.dead[rows]
        self.descent.memory[:], self.descent.steps = descent.memory[:, rows], descent.steps

    # --- measuring ----------------------------------------------------------------------------------------------

    def network(self, row: int) -> Network:
        """One of the networks by itself, valid until another is asked for."""
        self._one.theta[:] = self._network.theta[row]
        return self._one

    def evaluator(self, row: int) -> Evaluator:
        """What looks at one of the networks, valid until another is asked for."""
        self.network(row)
        return self._evaluator

    def snapshot(self, row: int) -> Snapshot:
        """One of the runs as it is now."""
        return self._state().snapshot(row)

    @property
    def evaluates_together(self) -> bool:
        """Whether all networks are best looked at together."""
        points = max(part.size for part in self.parts[:3])
        return len(self.rows) * sum(self._one.shape[1:]) * points <= MAX_EVALUATED_SIZE

    def losses(self) -> Array:
        """The mean losses of all networks, (R, 3), over the points that train, that test, that validate; NaN of none
        that validate."""
        parts = self.parts.train, self.parts.test, self.parts.validation
        losses = np.stack([self._mean_losses(part) for part in parts], axis=1)  # (R, 3)
        if not self.parts.validation.size:
            losses[:, -1] = np.nan
        return losses

    def _mean_losses(self, part: Part) -> Array:
        """The mean loss of each network over a part of the data, (R,); of no points 0."""
        points = part.size
        if not points:
            return np.zeros(len(self.rows))
        with np.errstate(all="ignore"):
            if not self.evaluates_together:
                return np.array([self.evaluator(row).mean_loss(part) for row in range(len(self.rows))])
            passed = self.passing(points)
            passed.forward(part.X)
            return np.asarray(self._loss.f(passed.loss_input(self._loss), part.Y).mean(axis=-1))  # (R, N) -> (R,)
