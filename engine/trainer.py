"""Training: gradient descent over mini-batches, step by step, as a value that can be saved and restored.

Shapes: D features, N points of a set, K outputs, P parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.names import Real, Whole
from engine.pictures.notebook import html, line, picture
from engine.pictures.record import record
from engine.problems import InputError, Problem, shown
from engine.snapshot import Snapshot
from engine.stream import Stream
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.outputs import OUTPUTS
from engine.tables.schedules import learning_rate
from engine.training import random_draws
from engine.training.descent import Descent, zeroes_weights
from engine.training.early_stopping import NO_BEST, Best, Stop, Weights
from engine.training.evaluator import Evaluator
from engine.training.initialization import draw_weights
from engine.training.measures import Losses, Measures
from engine.training.network import Network
from engine.training.parts import Part, Parts, parts
from engine.training.prediction import Predictor
from engine.training.sampler import Sampler


class Divergence(NamedTuple):
    """Where a run stopped: before an update out of the finite numbers, or after an epoch whose loss left them."""

    epoch: int
    updates: int


class Trainer(Predictor):
    """A run: `Trainer(config)` is at epoch 0; `step` makes updates and `train` whole epochs.

    The same Config leads to the same bits however the updates are split into calls.
    """

    def __init__(self, config: Config, data: Parts | None = None) -> None:
        """Where a run on the same data is there already, that need not be drawn again: it is taken from there, unless
        the first weights follow it in the stream."""
        self.config = config
        stream = Stream(config.seed)
        self.parts = data if data and config.weightSeed else parts(config, stream)
        self._sampler = Sampler(self.train_data, config.seed)
        self.epoch = self.updates = 0
        self._points = 0  # of the last update
        self.diverged: Divergence | None = None
        self.stopped: Stop | None = None
        self._best = NO_BEST
        self._build()
        self._sampler.order(self.epoch, config.reshuffle)
        self.rate = self.rate_at(self.epoch)
        draw_weights(self.network, config, Stream(config.weightSeed) if config.weightSeed else stream)

    def _build(self) -> None:
        """The network of the present configuration, and what moves and judges it."""
        config = self.config
        hidden = [ACTIVATIONS[name] for name in config.hidden_activations]
        output = OUTPUTS[config.output_name]
        self.network = Network(config.shape, [*hidden, output])
        self._descent = Descent(self.network, config.optimizer)
        self._evaluator = Evaluator(self.network, config, self.parts)
        self.loss_is_bounded = output.bound is not None and not self._evaluator.loss.of_sums

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        config = self.config
        return learning_rate(config.schedule, config.learningRate, epoch, config.decayRate, config.decayEpochs)

    @property
    def train_data(self) -> Part:
        """The points that train, in the order in which they were drawn."""
        return self.parts.train

    @property
    def validation_data(self) -> Part:
        """The points that validate."""
        return self.parts.validation

    @property
    def test_data(self) -> Part:
        """The points that test."""
        return self.parts.test

    # --- training -----------------------------------------------------------------------------------------------

    @property
    def dead(self) -> Array:
        """Which parameters, (P,), L1 has pushed to zero for good."""
        return self._descent.dead

    @property
    def train_size(self) -> int:
        """How many points train."""
        return self._sampler.size

    @property
    def batch(self) -> int:
        """Points per update. Of a person's own points, which may be few, at most all; otherwise what the
        configuration says, as in the original."""
        size = self.config.batchSize
        return max(1, min(size, self.train_size)) if self.config.data.own else size

    @property
    def updates_to_epoch_end(self) -> int:
        """Updates until the present epoch is over; 0 where a batch is larger than the training set."""
        return self._sampler.updates_left(self.batch)

    @property
    def ended(self) -> bool:
        """Whether the run has stopped by itself."""
        return bool(self.diverged or self.stopped)

    @property
    def at_epoch_start(self) -> bool:
        """Whether the run is between two epochs."""
        return self._sampler.cursor == 0

    def train(self, epochs: Whole = 1) -> None:
        """Train to the end of the present epoch, and of `epochs` - 1 more."""
        for _ in range(epochs):
            self.step(max(1, self.updates_to_epoch_end))

    def record(self, epochs: Whole = 1, every: Whole = 1) -> Array:
        """Train as `train` does and give the history: (rows,) with the fields epoch and updates, and those of
        `Measures`; a row now, at each epoch that `every` divides, and at the end."""
        return record(self, epochs, every)

    def step(self, updates: Whole = 1) -> None:
        """Make some updates, fewer where one of them leaves the finite numbers: that one is taken back; and fewer where
        early stopping ends the run.

        Where a batch is larger than the training set, an epoch without an update counts as one.
        """
        if self.ended:
            return
        before = self.snapshot()
        with np.errstate(all="ignore"):
            self._run(updates)
            if not self._is_finite():
                self._find_divergence(before, updates)

    def _run(self, updates: Whole) -> None:
        for _ in range(updates):
            self._update()
            if self.ended:
                return

    def _find_divergence(self, before: Snapshot, updates: Whole) -> None:
        """Go again from a snapshot, one by one, up to the last update whose parameters are all finite."""
        self.restore(before)
        for _ in range(updates):
            before = self.snapshot()
            self._update()
            if not self._is_finite():
                self.restore(before)
                self.diverged = Divergence(self.epoch, self.updates)
                return

    def _is_finite(self) -> bool:
        return bool(np.isfinite(self.network.theta).all() and np.isfinite(self._descent.memory).all())

    def _update(self) -> None:
        """One update with the points up to the next multiple of the batch size, and those left over before."""
        batch = self.batch
        if self._sampler.updates_left(batch) == 0:
            self._end_epoch()
            return
        X, Y = self._sampler.take(batch)  # (D + 1, N), (K, N)
        self._points = points = X.shape[1]
        passed, loss = self._evaluator.passing(points), self._evaluator.loss
        if self.config.dropout:
            passed.forward_dropping(X, self.masks(self.updates, points))
        else:
            passed.forward(X)
        self._sampler.keep(passed.judged(loss))
        gradient = passed.backward(X, Y, loss)  # (P,), summed over the points
        self._descent.step(gradient, points, self.rate, self.config)
        self.updates += 1
        if self._sampler.updates_left(batch) == 0:
            self._end_epoch()

    def masks(self, update: int, points: int) -> list[Array]:
        """Which units an update, counted from 0, leaves out: of each hidden layer (H, N)."""
        config = self.config
        seed = f"{config.seed} {config.weightSeed}"
        return random_draws.dropout_masks(seed, update, config.dropout, config.networkShape, points)

    def _end_epoch(self) -> None:
        self.epoch += 1
        self._sampler.end_epoch(self.epoch, self.config.reshuffle)
        self.rate = self.rate_at(self.epoch)
        # Judged at the ends of epochs alone, so that it does not depend on who looks when.
        if not self.loss_is_bounded and not np.isfinite(self.losses()).all():
            self.diverged = Divergence(self.epoch, self.updates)
        elif self.may_stop:
            self._check_early_stopping()

    @property
    def may_stop(self) -> bool:
        """Whether early stopping is on, and has anything to judge by."""
        return bool(self.config.patience and self.validation_data.points)

    def _check_early_stopping(self) -> None:
        """End the run where the validation loss has not been lower for long."""
        loss = self._evaluator.validation_loss()
        self._best = self._best.judged(loss, self.epoch, self.config.minDelta, self._weights)
        if self.epoch >= self._best.since + self.config.patience:
            self.stopped = Stop(self.epoch, self.updates, self._best)
            if self._is_finite():  # or the update that left the finite numbers could not be found any more
                self._restore_best()

    def _weights(self) -> Weights | None:
        """The present weights, where early stopping may restore them."""
        if not self.config.restoreBest:
            return None
        return Weights(self.network.theta.tobytes(), self.dead.tobytes())

    def _restore_best(self) -> None:
        """Put the weights of the best epoch back; the clock and the optimizer's memory stay as they are."""
        weights = self._best.weights
        if weights:
            self.network.theta[:] = np.frombuffer(weights.theta)
            self.dead[:] = np.frombuffer(weights.dead, bool) if zeroes_weights(self.config) else False

    # --- looking ------------------------------------------------------------------------------------------------

    def losses(self) -> Losses:
        """The mean loss over training and test points as they are now; infinite only where the run has diverged or is
        about to. The loss of no points is 0."""
        return self._evaluator.losses()

    def measure(self) -> Measures:
        """Losses, and the score that belongs to the problem."""
        return self._evaluator.measure()

    def point_losses(self) -> tuple[Array, Array]:
        """Each point's own loss, (N,): those of the training points, those of the test points."""
        return self._evaluator.point_losses()

    def batch_losses(self) -> Array:
        """The loss of each batch of the last epoch as its own update met it, (B,); empty before an epoch has ended."""
        with np.errstate(all="ignore"):
            return self._sampler.batches.losses(self._evaluator.loss, self.batch)

    def probe(self, x: float, y: float, label: float | None = None) -> tuple[list[Array], float]:
        """A single point's way: its inputs (D,), each layer's outputs (H,), and its loss, NaN without a label."""
        return self._evaluator.probe(x, y, label)

    def collapsed(self) -> Array | None:
        """W and b, (K, D + 1), of the one layer whose sums are those of the whole network; None where not every hidden
        layer is linear."""
        if {*self.config.hidden_activations} - {"linear"}:
            return None
        with np.errstate(all="ignore"):
            return self.network.collapsed()

    def gradient(self) -> Array:
        """The derivatives of the last update's batch loss by all parameters, (P,), without the penalty's."""
        return self.network.gradient / max(1, self._points)

    def __repr__(self) -> str:
        return f"<Trainer {line(self)}>"

    def _repr_html_(self) -> str:
        """How a notebook shows the run."""
        return html(self)

    def _repr_png_(self) -> bytes:
        """The same where only pictures can be shown."""
        return picture(self)

    # --- changing -----------------------------------------------------------------------------------------------

    def reconfigure(self, config: Config) -> None:
        """Go on under another configuration of the same data and network shape.

        ValueError where it needs data or a network anew; make a new Trainer then.
        """
        restart = self.config.restarts(config)
        if restart:
            raise InputError(Problem("config", f"the same {restart} as before", "a change that needs a new run"))
        before, self.config = self.config, config
        network, descent = self.network, self._descent
        self._build()
        self.network.theta[:], self.network.gradient[:] = network.theta, network.gradient
        self.dead[:] = descent.dead
        if config.optimizer == before.optimizer:
            self._descent.memory[:], self._descent.steps = descent.memory, descent.steps
        if any(getattr(config, name) != getattr(before, name) for name in ("batchSize", "reshuffle", "loss_name")):
            self._sampler.forget()
        if config.reshuffle != before.reshuffle:
            self._sampler.order(self.epoch, config.reshuffle)
        self.rate = self.rate_at(self.epoch)
        if config.regularization != before.regularization or not zeroes_weights(config):
            self.dead.fill(False)
        if config.loss_name != before.loss_name or not before.patience or config.restoreBest > before.restoreBest:
            self._best = NO_BEST
        elif not config.restoreBest:
            self._best = self._best._replace(weights=None)
        if not self.at_epoch_start and self.updates_to_epoch_end == 0:
            self._end_epoch()
        self.resume()

    def resume(self) -> None:
        """Let a run go on that had stopped by itself; its patience begins anew."""
        self.diverged = None
        if self.stopped:
            self.stopped = None
            self._best = self._best._replace(since=self.epoch)

    def set_weight(self, layer: Whole, unit: Whole, source: Whole, value: Real) -> None:
        """Set the weight from unit `source` of the layer before to `unit` of layer `layer`, counted from 0."""
        self._set(self.network.weight_place(int(layer), int(unit), int(source)), value)

    def set_bias(self, layer: Whole, unit: Whole, value: Real) -> None:
        """Set the bias of `unit` of layer `layer`, counted from 0 at the first layer behind the inputs."""
        self._set(self.network.bias_place(int(layer), int(unit)), value)

    def _set(self, place: int, value: Real) -> None:
        if not np.isfinite(value):
            raise InputError(Problem("value", "a finite number", shown(value)))
        self.network.theta[place] = value
        self.dead[place] = False
        self.resume()

    def snapshot(self) -> Snapshot:
        """The run's state now."""
        return Snapshot(
            epoch=self.epoch,
            updates=self.updates,
            cursor=self._sampler.cursor,
            pending=self._sampler.pending,
            theta=self.network.theta.tobytes(),
            dead=self.dead.tobytes(),
            memory=self._descent.memory.tobytes(),
            steps=self._descent.steps if self._descent.memory.size else 0,
            best=self._best,
            diverged=self.diverged is not None,
            stopped=self.stopped is not None,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Take on a snapshot's state; ValueError, and no change, where it is not of this configuration's run."""
        theta, dead, memory = snapshot.arrays(self.network.size, len(self._descent.memory), self.train_size)
        self.network.theta[:] = theta
        self.dead[:] = dead if zeroes_weights(self.config) else False
        self._descent.memory[:], self._descent.steps = memory, snapshot.steps
        self.epoch, self.updates = snapshot.epoch, snapshot.updates
        self._best = self._known(snapshot.best)
        self._sampler.go_to(self.epoch, snapshot.cursor, snapshot.pending, self.config.reshuffle)
        self.rate = self.rate_at(self.epoch)
        self.diverged = Divergence(self.epoch, self.updates) if snapshot.diverged else None
        stops = snapshot.stopped and self.may_stop and self._best.loss == snapshot.best.loss
        self.stopped = Stop(self.epoch, self.updates, self._best) if stops else None

    def _known(self, best: Best) -> Best:
        """What a snapshot's best is to this configuration: none without weights that are to be restored."""
        if self.config.restoreBest:
            return best if best.weights else NO_BEST
        return best._replace(weights=None)
