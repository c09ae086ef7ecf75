"""Training: gradient descent over mini-batches, step by step, as a value that can be saved and restored.

Shapes: D features, N points of a set, K outputs, P parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.config import Config
from engine.datasets import Point, shuffle
from engine.features import design_matrix
from engine.losses import LOSSES
from engine.network import Network, Pass
from engine.penalties import PENALTIES, Penalty
from engine.snapshot import Snapshot
from engine.stream import Stream
from engine.tables import Array

FIRST_BIAS = 0.1
OUTPUT_ACTIVATION = {"classification": "tanh", "regression": "linear"}


class Losses(NamedTuple):
    """The mean loss over each part of the data."""

    train: float
    test: float


class Divergence(NamedTuple):
    """Where a run left the finite numbers: the update after `updates` made a parameter or a loss infinite."""

    epoch: int
    updates: int


class Part(NamedTuple):
    """Points, and the same as arrays."""

    points: list[Point]
    X: Array  # (D + 1, N)
    Y: Array  # (K, N)


class Trainer:
    """A run: `Trainer(config)` is at epoch 0; `step` makes updates and `train` whole epochs.

    The same Config leads to the same bits however the updates are split into calls.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stream = Stream(config.seed)
        points = config.data.make(config.samples, config.noise / 100, self._stream)
        shuffle(points, self._stream)
        split = int(len(points) * config.percTrainData / 100)
        self.train_data, self.test_data = self._part(points[:split]), self._part(points[split:])
        # Two copies side by side, so that a batch reaching back into the epoch before is one slice.
        self._X, self._Y = (
            np.concatenate([part, part], axis=1) for part in self.train_data[1:]
        )  # (D + 1, 2N), (K, 2N)
        self.epoch = self.updates = 0
        self._cursor = 0  # points of this epoch that are used up
        self._pending = 0  # points before the cursor whose gradient still waits
        self.diverged: Divergence | None = None
        self._build()
        self._draw_weights()

    def _part(self, points: list[Point]) -> Part:
        X = design_matrix(self.config.features, [(point.x, point.y) for point in points])
        return Part(points, X, np.array([[point.label for point in points]], float))

    def _build(self) -> None:
        """The network of the present configuration and everything that depends on its activations."""
        config = self.config
        hidden = [ACTIVATIONS[config.activation]] * len(config.networkShape)
        self.network = Network(config.shape, [*hidden, ACTIVATIONS[OUTPUT_ACTIVATION[config.problem]]])
        self.dead = np.zeros(len(self.network.theta), bool)  # (P,)
        self._is_weight = self.network.weight_mask()  # (P,)
        self._loss = LOSSES["squared"]
        self._passes: dict[int, Pass] = {}

    def _draw_weights(self) -> None:
        for layer in self.network.layers:
            layer.weights[...] = [[self._stream.random() - 0.5 for _ in unit] for unit in layer.weights]  # (H, D)
            layer.biases.fill(FIRST_BIAS)
        if self.config.initZero:
            self.network.theta.fill(0.0)

    # --- training -----------------------------------------------------------------------------------------------

    @property
    def train_size(self) -> int:
        """How many points train."""
        return len(self.train_data.points)

    @property
    def updates_to_epoch_end(self) -> int:
        """Updates until the present epoch is over; 0 where a batch is larger than the training set."""
        batch = self.config.batchSize
        return self.train_size // batch - self._cursor // batch

    @property
    def at_epoch_start(self) -> bool:
        """Whether the run is between two epochs."""
        return self._cursor == 0

    def train(self, epochs: int = 1) -> None:
        """Train to the end of the present epoch, and of `epochs` - 1 more."""
        for _ in range(epochs):
            self.step(max(1, self.updates_to_epoch_end))

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
        size, batch = self.train_size, self.config.batchSize
        stop = (self._cursor // batch + 1) * batch
        if stop > size:
            self._end_epoch()
            return
        start = self._cursor - self._pending
        X = self._X[:, size + start : size + stop]  # (D + 1, N)
        Y = self._Y[:, size + start : size + stop]  # (K, N)
        points = stop - start
        buffers = self._pass(points)
        buffers.forward(X)
        gradient = buffers.backward(X, Y, self._loss)  # (P,), summed over the points
        self._descend(gradient, points)
        self.updates += 1
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
        self._pending = self.train_size - self._cursor
        self._cursor = 0

    def _descend(self, gradient: Array, points: int) -> None:
        """theta := theta - learningRate (mean gradient + regularizationRate r'(theta))."""
        theta, rate = self.network.theta, self.config.learningRate
        penalty = PENALTIES[self.config.regularization]
        np.multiply(gradient, rate / points, gradient)
        if penalty is None:
            np.subtract(theta, gradient, theta)
        else:
            self._descend_with(penalty, gradient)

    def _descend_with(self, penalty: Penalty, step: Array) -> None:
        """The step against the gradient, then the penalty's, taken at the weights before both."""
        theta, alive = self.network.theta, ~self.dead  # (P,)
        pull = self.config.learningRate * self.config.regularizationRate * penalty.derivative(theta) * self._is_weight
        stepped = theta - step  # (P,)
        pulled = stepped - pull  # (P,)
        if penalty.sparse:
            crossed = (stepped * pulled < 0) & alive  # only weights are pulled, so only they cross
            self.dead |= crossed
            pulled[crossed] = 0.0
        np.copyto(theta, pulled, where=alive)

    # --- looking ------------------------------------------------------------------------------------------------

    def losses(self) -> Losses:
        """The mean loss over training and test points, after the last update.

        A loss that is not finite marks the run as diverged.
        """
        with np.errstate(all="ignore"):
            losses = Losses(*(self._mean_loss(part) for part in (self.train_data, self.test_data)))
        if self.diverged is None and not np.isfinite(losses).all():
            self.diverged = Divergence(self.epoch, self.updates)
        return losses

    def _mean_loss(self, part: Part) -> float:
        outputs = self._pass(len(part.points)).forward(part.X)  # (K, N)
        return float(self._loss.f(outputs, part.Y).mean())

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
        if config.regularization != before.regularization:
            self.dead.fill(False)
        if self._cursor and self.updates_to_epoch_end == 0:
            self._end_epoch()
        self.diverged = None

    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        """Set the weight from unit `source` of the layer before to `unit` of layer `layer`, counted from 0."""
        row = self._row(layer, unit)
        if not 0 <= source < row - 1:
            raise ValueError(f"input: expected 0 to {row - 2}, got {source}")
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
            self.epoch,
            self.updates,
            self._cursor,
            self._pending,
            self._stream.getstate(),
            self.network.theta.tobytes(),
            self.dead.tobytes(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Take on the state of a snapshot of the same configuration's run."""
        theta = np.frombuffer(snapshot.theta)  # (P,)
        if len(theta) != len(self.network.theta):
            raise ValueError(f"snapshot: expected {len(self.network.theta)} parameters, got {len(theta)}")
        self.network.theta[:] = theta
        self.dead[:] = np.frombuffer(snapshot.dead, bool)
        self._stream.setstate(snapshot.stream)
        self.epoch, self.updates = snapshot.epoch, snapshot.updates
        self._cursor, self._pending = snapshot.cursor, snapshot.pending
        self.diverged = None
