"""The network: layers of units over one parameter vector, and passes of many points through it at once.

Shapes: D inputs of a layer, H its units, N points, K outputs of the network, P parameters in all. Arrays of
points have a column per point, so that a layer's activations are contiguous and its bias can be folded in:
W is (H, D + 1) with the biases as last column, and the layer's input has a last row of ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from engine.activations import Activation
from engine.losses import Loss
from engine.tables import Array


class Layer:
    """One layer's parameters, their gradient and its activation; all arrays are views on the network's vectors."""

    def __init__(self, start: int, W: Array, dW: Array, activation: Activation) -> None:
        self.start = start  # where its parameters begin in theta
        self.W = W  # (H, D + 1)
        self.dW = dW  # (H, D + 1)
        self.weights = W[:, :-1]  # (H, D)
        self.biases = W[:, -1]  # (H,)
        self.activation = activation


class Network:
    """A multilayer perceptron with any number of inputs and outputs and an activation per layer.

    `theta` and `gradient` are vectors of all P parameters and of the loss's derivatives by them, layer by layer,
    unit by unit, each unit's weights in order and then its bias.
    """

    def __init__(self, shape: Sequence[int], activations: Sequence[Activation], dtype: DTypeLike = np.float64) -> None:
        if len(activations) != len(shape) - 1:
            raise ValueError(
                f"activations: expected {len(shape) - 1} for the shape {tuple(shape)}, got {len(activations)}"
            )
        self.shape = tuple(shape)
        blocks = [(units, inputs + 1) for inputs, units in pairwise(shape)]
        size = sum(units * row for units, row in blocks)
        self.theta = np.zeros(size, dtype)  # (P,)
        self.gradient = np.zeros(size, dtype)  # (P,)
        self.layers: list[Layer] = []
        start = 0
        for (units, row), activation in zip(blocks, activations, strict=True):
            part = slice(start, start + units * row)
            W, dW = (vector[part].reshape(units, row) for vector in (self.theta, self.gradient))
            self.layers.append(Layer(start, W, dW, activation))
            start = part.stop

    @property
    def activations(self) -> list[Activation]:
        """The activation of each layer."""
        return [layer.activation for layer in self.layers]

    def like(self, dtype: DTypeLike) -> Network:
        """A network of the same layers with parameters of its own, for passes at another precision."""
        return Network(self.shape, self.activations, dtype)

    def weight_mask(self) -> Array:
        """1 where theta holds a weight and 0 where it holds a bias, (P,)."""
        mask = self.like(np.float64)
        for layer in mask.layers:
            layer.weights.fill(1.0)
        return mask.theta


class Pass:
    """The buffers of passes of N points through one network: made once, used at every update.

    `outputs[l]` holds the activations of layer l, (H, N).
    """

    def __init__(self, network: Network, points: int) -> None:
        self._network, self._points = network, points
        self._full = [self._buffer(h + 1) for h in network.shape[1:]]  # (H + 1, N): activations over a row of ones
        self.outputs = [A[:-1] for A in self._full]  # (H, N)
        self._z = [self._buffer(h) for h in network.shape[1:]]  # (H, N): weighted sums
        self._forward = [
            (layer.W, z, layer.activation.f, a, full)
            for layer, z, a, full in zip(network.layers, self._z, self.outputs, self._full, strict=True)
        ]
        self._dz: list[Array] = []

    def _buffer(self, units: int) -> Array:
        return np.ones((units, self._points), self._network.theta.dtype)

    def forward(self, X: Array) -> Array:
        """The network's outputs, (K, N), for inputs X of shape (D + 1, N) whose last row is ones."""
        for W, z, f, a, full in self._forward:
            np.dot(W, X, z)  # (H, D + 1) @ (D + 1, N) -> (H, N)
            f(z, a)  # (H, N)
            X = full  # (H + 1, N)
        return self.outputs[-1]

    def _prepare_backward(self) -> None:
        """Made at the first use, because most passes only look."""
        layers, z, a = self._network.layers, self._z, self.outputs
        self._dz = dz = [self._buffer(h) for h in self._network.shape[1:]]  # (H, N): by activations, then by sums
        self._backward_first = (layers[0].activation.derivative, z[0], a[0], dz[0], layers[0].dW)
        self._backward = [
            (layer.activation.derivative, z[l], a[l], dz[l], layer.dW, self._full[l - 1].T, layer.weights.T, dz[l - 1])
            for l, layer in reversed(list(enumerate(layers)))
            if l
        ]

    def backward(self, X: Array, Y: Array, loss: Loss) -> Array:
        """Backpropagation after `forward(X)`: the gradient of the *summed* loss for labels Y (K, N), as (P,)."""
        if not self._dz:
            self._prepare_backward()
        loss.derivative(self.outputs[-1], Y, self._dz[-1])  # (K, N)
        for derivative, z, a, dz, dW, input_T, W_T, d_input in self._backward:
            derivative(z, a)  # z now holds f'(z), (H, N)
            np.multiply(dz, z, dz)  # dL/dz = f'(z) dL/da, (H, N)
            np.dot(dz, input_T, dW)  # (H, N) @ (N, D + 1) -> (H, D + 1)
            np.dot(W_T, dz, d_input)  # (D, H) @ (H, N) -> (D, N)
        derivative, z, a, dz, dW = self._backward_first
        derivative(z, a)
        np.multiply(dz, z, dz)  # (H, N)
        np.dot(dz, X.T, dW)  # (H, N) @ (N, D + 1) -> (H, D + 1)
        return self._network.gradient
