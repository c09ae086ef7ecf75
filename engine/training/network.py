"""The network: layers over one parameter vector, and forward and backward passes of many points at once.

Shapes: D inputs of a layer, H its units, N points, K outputs of the network, P parameters in all. A network may be
many of one shape side by side: all its arrays then have their number as first axis, left out below. Arrays of
points have a column per point, so that a layer's activations are contiguous and its bias can be folded in:
W is (H, D + 1) with the biases as last column, and the layer's input has a last row of ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from engine.copying import Copyable
from engine.errors import InputError, Problem, shown
from engine.numbers import layout
from engine.tables import Array
from engine.tables.activations import Activation
from engine.tables.losses import Loss
from engine.tapes.products import stacked


class Layer(Copyable):
    """One layer's parameters, their gradient and its activation; all arrays are views on the network's vectors."""

    def __init__(self, start: int, W: Array, dW: Array, activation: Activation) -> None:
        self.start = start  # where its parameters begin in theta
        self.W = W  # (H, D + 1)
        self.dW = dW  # (H, D + 1)
        self.weights = W[..., :-1]  # (H, D)
        self.biases = W[..., -1]  # (H,)
        self.activation = activation


class Network(Copyable):
    """A multilayer perceptron with any number of inputs and outputs and an activation per layer.

    `theta` and `gradient` are vectors of all P parameters and of the loss's derivatives by them, layer by layer,
    unit by unit, each unit's weights in order and then its bias.
    """

    def __init__(
        self,
        shape: Sequence[int],
        activations: Sequence[Activation],
        dtype: DTypeLike = np.float64,
        copies: tuple[int, ...] = (),
    ) -> None:
        if len(activations) != len(shape) - 1:
            expected = f"{len(shape) - 1} for the shape {shown(shape)}"
            raise InputError(Problem("activations", expected, str(len(activations))))
        self.shape, self.copies = tuple(shape), copies
        blocks = [(units, inputs + 1) for inputs, units in pairwise(shape)]
        size = sum(units * row for units, row in blocks)
        self.theta = np.zeros((*copies, size), dtype)  # (P,)
        self.gradient = np.zeros((*copies, size), dtype)  # (P,)
        self.layers: list[Layer] = []
        start = 0
        for (units, row), activation in zip(blocks, activations, strict=True):
            part = slice(start, start + units * row)
            W, dW = (vector[..., part].reshape(*copies, units, row) for vector in (self.theta, self.gradient))
            self.layers.append(Layer(start, W, dW, activation))
            start = part.stop

    def __repr__(self) -> str:
        names = ", ".join(activation.label for activation in self.activations)
        of = f", {self.copies[0]} side by side" if self.copies else ""
        return f"<Network {layout(self.shape)}: {names}; {self.size:,} parameters{of}>"

    @property
    def activations(self) -> list[Activation]:
        """The activation of each layer."""
        return [layer.activation for layer in self.layers]

    @property
    def size(self) -> int:
        """P."""
        return int(self.theta.shape[-1])

    def like(self, dtype: DTypeLike) -> Network:
        """A network of the same layers with parameters of its own, for passes at another precision."""
        return Network(self.shape, self.activations, dtype, self.copies)

    def collapsed(self) -> Array:
        """W and b, (K, D + 1), of the one layer that all layers together equal where their activations are linear:
        W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)."""
        first, *others = self.layers
        whole = first.W  # (H, D + 1)
        for layer in others:
            whole = layer.weights @ whole  # (K, H) @ (H, D + 1) -> (K, D + 1)
            whole[..., -1] += layer.biases
        return whole.copy()

    def weight_index(self, layer: int, unit: int, source: int) -> int:
        """Where theta holds the weight from unit `source` of the layer before; ValueError where there is none."""
        row, start = self._row(layer, unit)
        if not 0 <= source < row - 1:
            inputs = f"0 to {row - 2}" if row > 1 else "a unit with inputs"
            raise InputError(Problem("source", inputs, str(source)))
        return start + source

    def bias_index(self, layer: int, unit: int) -> int:
        """Where theta holds a unit's bias; ValueError where there is none."""
        row, start = self._row(layer, unit)
        return start + row - 1

    def _row(self, layer: int, unit: int) -> tuple[int, int]:
        """How many parameters a unit has, and where they begin in theta."""
        if not 0 <= layer < len(self.layers):
            raise InputError(Problem("layer", f"0 to {len(self.layers) - 1}", str(layer)))
        units, row = self.layers[layer].W.shape[-2:]
        if not 0 <= unit < units:
            raise InputError(Problem("unit", f"0 to {units - 1} in layer {layer}", str(unit)))
        return row, self.layers[layer].start + unit * row

    def weight_mask(self) -> Array:
        """1 where theta holds a weight and 0 where it holds a bias, (P,) for any number of copies."""
        mask = Network(self.shape, self.activations)
        for layer in mask.layers:
            layer.weights.fill(1.0)
        return mask.theta


class Pass(Copyable):
    """The buffers of passes of N points through one network: made once, used at every update.

    `outputs[l]` holds the activations of layer l, (H, N), and `z[l]` its weighted sums until
    `backward`; `sums` are those of the last, (K, N).
    """

    def __init__(self, network: Network, points: int) -> None:
        self.network, self._points = network, points
        # For single networks `dot` costs half of what `matmul` does, which knows many side by side.
        self._product = stacked if network.copies else np.dot
        self._full = [self._buffer(h + 1) for h in network.shape[1:]]  # (H + 1, N): activations over a row of ones
        self.outputs = [A[..., :-1, :] for A in self._full]  # (H, N)
        self.z = [self._buffer(h) for h in network.shape[1:]]  # (H, N): weighted sums
        self.sums = self.z[-1]
        self._slopes_taken = False  # whether the hidden layers' z hold f'(z) already
        self._forward = [
            (layer.W, z, layer.activation.f, a, full)
            for layer, z, a, full in zip(network.layers, self.z, self.outputs, self._full, strict=True)
        ]
        self._dz: list[Array] = []

    def _buffer(self, units: int) -> Array:
        return np.ones((*self.network.copies, units, self._points), self.network.theta.dtype)

    def forward(self, X: Array) -> Array:
        """The network's outputs, (K, N), for inputs X of shape (D + 1, N) whose last row is ones."""
        product = self._product
        self._slopes_taken = False
        for W, z, f, a, full in self._forward:
            product(W, X, z)  # (H, D + 1) @ (D + 1, N) -> (H, N)
            f(z, a)  # (H, N)
            X = full  # (H + 1, N)
        return self.outputs[-1]

    def forward_dropping(self, X: Array, masks: Sequence[Array]) -> Array:
        """The same with each hidden layer's activations multiplied by a mask, (H, N); `backward` uses it too."""
        for (W, z, f, a, full), layer, mask in zip(self._forward, self.network.layers, masks, strict=False):
            self._product(W, X, z)
            f(z, a)
            layer.activation.derivative(z, a)  # now, as long as a is f(z)
            z *= mask
            a *= mask
            X = full
        W, z, f, a, _ = self._forward[-1]
        self._product(W, X, z)
        f(z, a)
        self._slopes_taken = True
        return a

    def loss_input(self, loss: Loss) -> Array:
        """What a loss takes of the last pass, (K, N): the outputs, or the weighted sums before them."""
        return self.sums if loss.of_sums else self.outputs[-1]

    def prepare_backward(self) -> None:
        """Make the buffers of `backward`: at the first use, because most passes only look."""
        if self._dz:
            return
        layers, z, a = self.network.layers, self.z, self.outputs
        self._dz = dz = [self._buffer(h) for h in self.network.shape[1:]]  # (H, N): by activations, then by sums
        self._backward = [
            (dz[l], layers[l].dW, self._full[l - 1].swapaxes(-1, -2), layers[l].weights.swapaxes(-1, -2),
             layers[l - 1].activation.derivative, z[l - 1], a[l - 1], dz[l - 1])
            for l in range(len(layers) - 1, 0, -1)
        ]  # fmt: skip

    def backward(self, X: Array, Y: Array, loss: Loss) -> Array:
        """Backpropagation after `forward(X)`: the gradient of the *summed* loss for labels Y (K, N), as (P,)."""
        self.prepare_backward()
        product, slopes_taken = self._product, self._slopes_taken
        self._start_backward(Y, loss)
        for dz, dW, input_T, W_T, derivative, z, a, d_input in self._backward:
            product(dz, input_T, dW)  # (H, N) @ (N, D + 1) -> (H, D + 1)
            product(W_T, dz, d_input)  # (D, H) @ (H, N) -> (D, N): dL/da of the layer below
            if not slopes_taken:
                derivative(z, a)  # z now holds f'(z), (D, N)
            np.multiply(d_input, z, d_input)  # dL/dz = f'(z) dL/da
        product(self._dz[0], X.swapaxes(-1, -2), self.network.layers[0].dW)  # (H, N) @ (N, D + 1) -> (H, D + 1)
        return self.network.gradient

    def _start_backward(self, Y: Array, loss: Loss) -> None:
        """Put the loss's derivative by the output layer's sums, (K, N), where `backward` begins."""
        z, a, dz = self.sums, self.outputs[-1], self._dz[-1]
        activation = self.network.layers[-1].activation
        if loss.of_sums:
            loss.derivative(z, Y, dz)
            return
        loss.derivative(a, Y, dz)
        if activation.pull_back:
            activation.pull_back(a, dz)
        else:
            activation.derivative(z, a)
            np.multiply(dz, z, dz)


class Passes(Copyable):
    """Passes through one network by their number of points, each made at its first use."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._made: dict[int, Pass] = {}

    def __call__(self, points: int) -> Pass:
        """The buffers of passes of so many points, which the next such pass overwrites."""
        buffers = self._made.get(points)
        if buffers is None:
            buffers = self._made[points] = Pass(self._network, points)
        return buffers

    def __reduce__(self) -> tuple[type[Passes], tuple[Network]]:
        return Passes, (self._network,)  # buffers are larger than all else, and are made again
