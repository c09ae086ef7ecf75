"""The trainer: gradient descent over mini-batches, step by step, with a state that can be saved and restored.

Shapes: D features, N points of a set, K outputs, P parameters.
"""

from __future__ import annotations

import numpy as np

from engine.config import Config
from engine.errors import InputError, Problem, shown
from engine.names import Real, Whole
from engine.pictures.notebook import html, line, picture
from engine.random_stream import Stream
from engine.snapshot import Snapshot
from engine.tables import Array
from engine.tables.activations import ACTIVATIONS
from engine.tables.outputs import OUTPUTS
from engine.training.descent import zeroes_weights
from engine.training.early_stopping import NO_BEST, Best, Stop, Weights
from engine.training.evaluator import Evaluator
from engine.training.image_parts import image_parts
from engine.training.initialization import draw_layers, draw_weights
from engine.training.network import Network
from engine.training.record import record
from engine.training.split import Parts, parts
from engine.training.trained import Divergence, TrainedNetwork

AT_ONCE = 1_000
"""Updates after which a run looks whether it has left the finite numbers; it goes again, one by one, where it has."""


def _data(config: Config, stream: Stream) -> Parts:
    return image_parts(config, config.image_set) if config.image_set else parts(config, stream)


class Trainer(TrainedNetwork):
    """A run: `Trainer(config)` is at epoch 0; `step` makes updates and `train` whole epochs.

    The same Config leads to the same bits however the updates are split into calls, on one kind of machine.
    """

    def __init__(self, config: Config, data: Parts | None = None) -> None:
        """Where a run on the same data is there already, that need not be drawn again: it is taken from there, unless
        the first weights follow it in the stream."""
        stream = Stream(config.seed)
        super().__init__(config, data if data and (config.weightSeed or config.image_set) else _data(config, stream))
        self.diverged = self.stopped = None
        self._best = NO_BEST
        self._build()
        if config.image_set:
            draw_layers(self.network, config)
        else:
            draw_weights(self.network, config, Stream(config.weightSeed) if config.weightSeed else stream)

    def _build(self) -> None:
        """The network of the present configuration, and what moves and judges it."""
        config = self.config
        activations = [*(ACTIVATIONS[name] for name in config.hidden_activations), OUTPUTS[config.output_name]]
        self.network = Network(config.shape, activations)
        self._evaluator = Evaluator(self.network, config, self.parts)
        self._begin(self.network, self._evaluator.passing)

    # --- training -----------------------------------------------------------------------------------------------

    @property
    def dead(self) -> Array:
        """Which parameters, (P,), L1 has pushed to zero for good."""
        return self.descent.dead

    def train(self, epochs: Whole = 1) -> None:
        """Train to the end of the present epoch, and of `epochs` - 1 more."""
        each = max(1, self.train_size // self.batch)  # updates of a whole epoch
        at_once = max(1, AT_ONCE // each)
        for left in range(epochs, 0, -at_once):
            self.step(max(1, self.updates_to_epoch_end) + (min(at_once, left) - 1) * each)

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
        left = int(updates)
        while left > 0 and not self.ended:
            left -= self._advance(left)

    def _find_divergence(self, before: Snapshot, updates: Whole) -> None:
        """Go again from a snapshot, one by one, up to the last update whose parameters are all finite."""
        self.restore(before)
        for _ in range(updates):
            before = self.snapshot()
            self._advance(1)
            if not self._is_finite():
                self.restore(before)
                self.diverged = Divergence(self.epoch, self.updates)
                return

    def _is_finite(self) -> bool:
        return bool(np.isfinite(self.network.theta).all() and np.isfinite(self.descent.memory).all())

    def _end_epoch(self) -> None:
        super()._end_epoch()
        # Judged at the ends of epochs alone, so that it does not depend on who looks when.
        if not self.loss_is_bounded and not np.isfinite(self.losses()).all():
            self.diverged = Divergence(self.epoch, self.updates)
        elif self.may_stop:
            self._check_early_stopping()

    def _check_early_stopping(self) -> None:
        """End the run where the validation loss has not been lower for long."""
        loss = self._evaluator.mean_loss(self.parts.validation)
        self._best = self._best.updated(loss, self.epoch, self.config.minDelta, self._weights)
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

    # --- showing ------------------------------------------------------------------------------------------------

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
        network, descent = self.network, self.descent
        self._build()
        self.network.theta[:], self.network.gradient[:] = network.theta, network.gradient
        self.dead[:] = descent.dead
        if config.optimizer == before.optimizer:
            self.descent.memory[:], self.descent.steps = descent.memory, descent.steps
        if any(getattr(config, name) != getattr(before, name) for name in ("batchSize", "reshuffle", "loss_name")):
            self._sampler.discard_losses()
        if config.reshuffle != before.reshuffle:
            self._sampler.order(self.epoch, config.reshuffle)
        self.rate = self.config.rate_at(self.epoch)
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
        """Resume a run that had stopped by itself; its patience starts again."""
        self.diverged = None
        if self.stopped:
            self.stopped = None
            self._best = self._best._replace(since=self.epoch)

    def set_weight(self, layer: Whole, unit: Whole, source: Whole, value: Real) -> None:
        """Set the weight from unit `source` of the layer before to `unit` of layer `layer`, counted from 0."""
        self._set(self.network.weight_index(int(layer), int(unit), int(source)), value)

    def set_bias(self, layer: Whole, unit: Whole, value: Real) -> None:
        """Set the bias of `unit` of layer `layer`, counted from 0 at the first layer behind the inputs."""
        self._set(self.network.bias_index(int(layer), int(unit)), value)

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
            memory=self.descent.memory.tobytes(),
            steps=self.descent.steps if self.descent.memory.size else 0,
            best=self._best,
            diverged=self.diverged is not None,
            stopped=self.stopped is not None,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Take on a snapshot's state; ValueError, and no change, where it is not of this configuration's run."""
        theta, dead, memory = snapshot.arrays(self.network.size, len(self.descent.memory), self.train_size)
        self.network.theta[:] = theta
        self.dead[:] = dead if zeroes_weights(self.config) else False
        self.descent.memory[:], self.descent.steps = memory, snapshot.steps
        self.epoch, self.updates = snapshot.epoch, snapshot.updates
        self._best = self._applicable_best(snapshot.best)
        self._sampler.restore(self.epoch, snapshot.cursor, snapshot.pending, self.config.reshuffle)
        self.rate = self.config.rate_at(self.epoch)
        self.diverged = Divergence(self.epoch, self.updates) if snapshot.diverged else None
        stops = snapshot.stopped and self.may_stop and self._best.loss == snapshot.best.loss
        self.stopped = Stop(self.epoch, self.updates, self._best) if stops else None

    def _applicable_best(self, best: Best) -> Best:
        """What a snapshot's best is to this configuration: none without weights that are to be restored."""
        if self.config.restoreBest:
            return best if best.weights else NO_BEST
        return best._replace(weights=None)
