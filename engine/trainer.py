"""Training: gradient descent over mini-batches, step by step, as a value that can be saved and restored.

Shapes: D features, N points of a set, K outputs, P parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.batches import Batches
from engine.config import Config
from engine.descent import Descent
from engine.features import design_matrix
from engine.losses import LOSSES
from engine.measures import Losses, Measures, mean
from engine.network import Network, Pass
from engine.notebook import html, picture
from engine.parts import Part, parts
from engine.penalties import PENALTIES
from engine.record import record
from engine.scores import SCORES
from engine.snapshot import Snapshot
from engine.stream import Stream
from engine.tables import Array

FIRST_BIAS = 0.1
OUTPUT_ACTIVATION = {"classification": "tanh", "regression": "linear"}


class Divergence(NamedTuple):
    """Where a run stopped: before an update out of the finite numbers, or after an epoch whose loss left them."""

    epoch: int
    updates: int


class Trainer:
    """A run: `Trainer(config)` is at epoch 0; `step` makes updates and `train` whole epochs.

    The same Config leads to the same bits however the updates are split into calls.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stream = Stream(config.seed)
        self.train_data, self.test_data = parts(config, self._stream)
        # Two copies side by side, so that a batch reaching back into the epoch before is one slice.
        self._X, self._Y = (
            np.concatenate([part, part], axis=1) for part in self.train_data[1:]
        )  # (D + 1, 2N), (K, 2N)
        self.epoch = self.updates = 0
        self._cursor = 0  # points of this epoch that are used up
        self._pending = 0  # points before the cursor whose gradient still waits
        self._batches = Batches(self._Y)
        self.diverged: Divergence | None = None
        self._build()
        self._draw_weights()

    def _build(self) -> None:
        """The network of the present configuration and everything that depends on its activations."""
        config = self.config
        hidden = [ACTIVATIONS[config.activation]] * len(config.networkShape)
        output = ACTIVATIONS[OUTPUT_ACTIVATION[config.problem]]
        self.network = Network(config.shape, [*hidden, output])
        self._descent = Descent(self.network)
        self._points = 0  # of the last update
        self._loss = LOSSES["squared"]
        self._loss_is_bounded = output.bound is not None
        self._passes: dict[int, Pass] = {}

    def _draw_weights(self) -> None:
        for layer in self.network.layers:
            layer.weights[...] = [[self._stream.random() - 0.5 for _ in unit] for unit in layer.weights]  # (H, D)
            layer.biases.fill(FIRST_BIAS)
        if self.config.initZero:
            self.network.theta.fill(0.0)

    # --- training -----------------------------------------------------------------------------------------------

    @property
    def dead(self) -> Array:
        """Which parameters, (P,), L1 has pushed to zero for good."""
        return self._descent.dead

    @property
    def train_size(self) -> int:
        """How many points train."""
        return len(self.train_data.points)

    @property
    def batch(self) -> int:
        """Points per update. Of a person's own points, which may be few, at most all; otherwise what the
        configuration says, as in the original."""
        size = self.config.batchSize
        return max(1, min(size, self.train_size)) if self.config.data.own else size

    @property
    def updates_to_epoch_end(self) -> int:
        """Updates until the present epoch is over; 0 where a batch is larger than the training set."""
        return self.train_size // self.batch - self._cursor // self.batch

    @property
    def at_epoch_start(self) -> bool:
        """Whether the run is between two epochs."""
        return self._cursor == 0

    def train(self, epochs: int = 1) -> None:
        """Train to the end of the present epoch, and of `epochs` - 1 more."""
        for _ in range(epochs):
            self.step(max(1, self.updates_to_epoch_end))

    def record(self, epochs: int = 1, every: int = 1) -> Array:
        """Train as `train` does and give the history: (rows,) with the fields epoch, updates, train_loss, test_loss,
        train_score and test_score; a row now, at each epoch that `every` divides, and at the end."""
        return record(self, epochs, every)

    def step(self, updates: int = 1) -> None:
        """Make some updates, fewer where one of them leaves the finite numbers: that one is taken back.

        Where a batch is larger than the training set, an epoch without an update counts as one.
        """
        if self.diverged:
            return
        before = self.snapshot()
        with np.errstate(all="ignore"):
            self._run(updates)
            if not self._is_finite():
                self._retrace(before, updates)

    def _run(self, updates: int) -> None:
        for _ in range(updates):
            self._update()
            if self.diverged:
                return

    def _retrace(self, before: Snapshot, updates: int) -> None:
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
        return bool(np.isfinite(self.network.theta).all())

    def _update(self) -> None:
        """One update with the points up to the next multiple of the batch size, and those left over before."""
        size, batch = self.train_size, self.batch
        stop = (self._cursor // batch + 1) * batch
        if stop > size:
            self._end_epoch()
            return
        start = self._cursor - self._pending
        X = self._X[:, size + start : size + stop]  # (D + 1, N)
        Y = self._Y[:, size + start : size + stop]  # (K, N)
        points = stop - start
        buffers = self._pass(points)
        self._batches.keep(start, stop, buffers.forward(X))
        gradient = buffers.backward(X, Y, self._loss)  # (P,), summed over the points
        self._descent.step(gradient, points, self.config)
        self.updates += 1
        self._points = points
        self._cursor, self._pending = stop, 0
        if stop + batch > size:
            self._end_epoch()

    def _pass(self, points: int) -> Pass:
        buffers = self._passes.get(points)
        if buffers is None:
            buffers = self._passes[points] = Pass(self.network, points)
        return buffers

    def _end_epoch(self) -> None:
        """Points left over make no update now: their gradient waits for the first batch of the next epoch."""
        self.epoch += 1
        self._batches.end_epoch(self._cursor)
        self._pending = self.train_size - self._cursor
        self._cursor = 0
        # Judged at the ends of epochs alone, so that it does not depend on who looks when.
        if not self._loss_is_bounded and not np.isfinite(self.losses()).all():
            self.diverged = Divergence(self.epoch, self.updates)

    # --- looking ------------------------------------------------------------------------------------------------

    def losses(self) -> Losses:
        """The mean loss over training and test points as they are now; infinite only where the run has diverged or is
        about to. The loss of no points is 0."""
        return Losses(*map(mean, self.point_losses()))

    def measure(self) -> Measures:
        """Losses, and the score that belongs to the problem."""
        (train, train_score), (test, test_score) = map(self._measured, self._parts)
        return Measures(train, test, train_score, test_score)

    def _measured(self, part: Part) -> tuple[float, float]:
        with np.errstate(all="ignore"):
            outputs = self._outputs(part)  # (K, N)
            return mean(self._loss.f(outputs, part.Y)), SCORES[self.config.problem].f(outputs, part.Y)

    def point_losses(self) -> tuple[Array, Array]:
        """Each point's own loss, (N,): those of the training points, those of the test points."""
        with np.errstate(all="ignore"):
            train, test = (self._loss.f(self._outputs(part), part.Y) for part in self._parts)
        return train, test

    def batch_losses(self) -> Array:
        """The loss of each batch of the last epoch as its own update met it, (B,); empty before an epoch has ended."""
        with np.errstate(all="ignore"):
            return self._batches.losses(self._loss, self.batch)

    def probe(self, x: float, y: float, label: float | None = None) -> tuple[list[Array], float]:
        """A single point's way: its features (D,), each layer's outputs (H,), and its loss, NaN without a label."""
        X = design_matrix(self.config.features, [(x, y)])  # (D + 1, 1)
        buffers = self._pass(1)
        with np.errstate(all="ignore"):
            outputs = buffers.forward(X)  # (K, 1)
            loss = np.nan if label is None else float(self._loss.f(outputs, np.array([[label]]))[0])
        return [X[:-1, 0], *(a[:, 0].copy() for a in buffers.outputs)], loss

    def gradient(self) -> Array:
        """The derivatives of the last update's batch loss by all parameters, (P,), without the penalty's."""
        return self.network.gradient / max(1, self._points)

    def _repr_html_(self) -> str:
        """How a notebook shows the run."""
        return html(self)

    def _repr_png_(self) -> bytes:
        """The same where only pictures can be shown."""
        return picture(self)

    @property
    def _parts(self) -> tuple[Part, Part]:
        return self.train_data, self.test_data

    def _outputs(self, part: Part) -> Array:
        """(K, N), in a buffer that the next pass of as many points overwrites."""
        return self._pass(len(part.points)).forward(part.X)

    # --- changing -----------------------------------------------------------------------------------------------

    def reconfigure(self, config: Config) -> None:
        """Go on under another configuration of the same data and network shape.

        ValueError where it needs data or a network anew; make a new Trainer then.
        """
        restart = self.config.restarts(config)
        if restart:
            raise ValueError(f"config: expected the same {restart} as before, got a change that needs a new run")
        before, self.config = self.config, config
        if config.activation != before.activation:
            theta, dead = self.network.theta, self.dead
            self._build()
            self.network.theta[:], self.dead[:] = theta, dead
        if config.batchSize != before.batchSize:
            self._passes.clear()
            self._batches.forget(None if self._cursor else -self._pending)
        if config.regularization != before.regularization:
            self.dead.fill(False)
        if self._cursor and self.updates_to_epoch_end == 0:
            self._end_epoch()
        self.diverged = None

    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        """Set the weight from unit `source` of the layer before to `unit` of layer `layer`, counted from 0."""
        row = self._row(layer, unit)
        if not 0 <= source < row - 1:
            inputs = f"0 to {row - 2}" if row > 1 else "a unit with inputs"
            raise ValueError(f"source: expected {inputs}, got {source}")
        self._set(layer, unit, source, value)

    def set_bias(self, layer: int, unit: int, value: float) -> None:
        """Set the bias of `unit` of layer `layer`, counted from 0 at the first layer behind the inputs."""
        row = self._row(layer, unit)
        self._set(layer, unit, row - 1, value)

    def _row(self, layer: int, unit: int) -> int:
        """How many parameters a unit has."""
        layers = self.network.layers
        if not 0 <= layer < len(layers):
            raise ValueError(f"layer: expected 0 to {len(layers) - 1}, got {layer}")
        units, row = layers[layer].W.shape
        if not 0 <= unit < units:
            raise ValueError(f"unit: expected 0 to {units - 1} in layer {layer}, got {unit}")
        return int(row)

    def _set(self, layer: int, unit: int, column: int, value: float) -> None:
        if not np.isfinite(value):
            raise ValueError(f"value: expected a finite number, got {value}")
        at = self.network.layers[layer]
        place = at.start + unit * at.W.shape[1] + column  # in theta
        self.network.theta[place] = value
        self.dead[place] = False
        self.diverged = None

    def snapshot(self) -> Snapshot:
        """The run's state now."""
        return Snapshot(
            epoch=self.epoch,
            updates=self.updates,
            cursor=self._cursor,
            pending=self._pending,
            diverged=self.diverged is not None,
            stream=self._stream.getstate(),
            theta=self.network.theta.tobytes(),
            dead=self.dead.tobytes(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Take on a snapshot's state; ValueError, and no change, where it is not of this configuration's run."""
        theta, dead = snapshot.parameters()  # (P,), (P,)
        if len(theta) != len(self.network.theta):
            raise ValueError(f"snapshot: expected {len(self.network.theta)} parameters, got {len(theta)}")
        if max(snapshot.cursor, snapshot.pending) > self.train_size:
            place = max(snapshot.cursor, snapshot.pending)
            raise ValueError(f"snapshot: expected a place among {self.train_size} training points, got {place}")
        self._stream.setstate(snapshot.stream)  # refuses what is none before anything changes
        penalty = PENALTIES[self.config.regularization]
        self.network.theta[:] = theta
        self.dead[:] = dead if penalty and penalty.sparse else False
        self.epoch, self.updates = snapshot.epoch, snapshot.updates
        self._cursor, self._pending = snapshot.cursor, snapshot.pending
        self._batches.forget(None if snapshot.cursor else -snapshot.pending)
        self.diverged = Divergence(self.epoch, self.updates) if snapshot.diverged else None
