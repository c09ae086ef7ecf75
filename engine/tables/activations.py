"""Activation functions: each a function and its derivative as one value.

Both work in place on buffers of shape (H, N), a row per unit and a column per point, because at this size
an allocation costs as much as the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.tables import Array, Entry, InPlace

ONE = np.ones(())  # a 0-d array: cheaper in a ufunc call than a Python number
LEAK = 0.1
GELU_FLAT = 100.0  # beyond it the slope is 0 or 1 to the last bit, and its terms would overflow
GELU_SCALE, GELU_CUBE = float(np.sqrt(2 / np.pi)), 0.044715


@dataclass(frozen=True, kw_only=True)
class Activation(Entry):
    """a = f(z), and dL/dz = f'(z) dL/da."""

    f: InPlace
    """f(z, a): writes f(z) into a."""
    derivative: InPlace
    """derivative(z, a): replaces z by f'(z), given a = f(z)."""
    bound: float | None = None
    """The largest absolute value, or None where there is none."""
    pull_back: InPlace | None = None
    """pull_back(a, dz): replaces dL/da by dL/dz, given a = f(z), where each activation of the layer depends on all its
    sums; `derivative` is then that by its own sum alone."""


def _relu(z: Array, a: Array) -> None:
    np.maximum(z, 0.0, out=a)


def _relu_derivative(z: Array, a: Array) -> None:
    np.sign(a, out=z)


def _tanh_derivative(z: Array, a: Array) -> None:
    np.multiply(a, a, out=z)
    np.subtract(ONE, z, out=z)


def _sigmoid(z: Array, a: Array) -> None:
    np.negative(z, out=a)
    np.exp(a, out=a)
    np.add(ONE, a, out=a)
    np.divide(ONE, a, out=a)


def _sigmoid_derivative(z: Array, a: Array) -> None:
    np.subtract(ONE, a, out=z)
    np.multiply(a, z, out=z)


def _linear(z: Array, a: Array) -> None:
    np.copyto(a, z)


def _linear_derivative(z: Array, a: Array) -> None:
    z.fill(1.0)


def _leaky_relu(z: Array, a: Array) -> None:
    np.multiply(z, LEAK, out=a)
    np.maximum(z, a, out=a)


def _leaky_relu_derivative(z: Array, a: Array) -> None:
    z.fill(LEAK)
    np.copyto(z, 1.0, where=a > 0)


def _step(z: Array, a: Array) -> None:
    np.heaviside(z, 1.0, out=a)


def _step_derivative(z: Array, a: Array) -> None:
    z.fill(0.0)


def _elu(z: Array, a: Array) -> None:
    np.minimum(z, 0.0, out=a)
    np.expm1(a, out=a)
    np.add(a, np.maximum(z, 0.0), out=a)


def _elu_derivative(z: Array, a: Array) -> None:
    np.minimum(a, 0.0, out=z)
    np.add(z, ONE, out=z)


def _softplus(z: Array, a: Array) -> None:
    np.logaddexp(0.0, z, out=a)


def _softplus_derivative(z: Array, a: Array) -> None:
    np.negative(a, out=z)  # 1 - e^-softplus(z) = sigmoid(z), without overflow
    np.expm1(z, out=z)
    np.negative(z, out=z)


def _silu(z: Array, a: Array) -> None:
    _sigmoid(z, a)
    np.multiply(z, a, out=a)


def _silu_derivative(z: Array, a: Array) -> None:
    sigmoid = np.empty_like(z)
    _sigmoid(z, sigmoid)
    np.subtract(ONE, sigmoid, out=z)
    np.multiply(a, z, out=z)
    np.add(sigmoid, z, out=z)


def _gelu_tanh(z: Array) -> Array:
    squeezed: Array = np.tanh(GELU_SCALE * (z + GELU_CUBE * z * z * z))
    return squeezed


def _gelu(z: Array, a: Array) -> None:
    np.multiply(0.5 * z, 1.0 + _gelu_tanh(z), out=a)


def _gelu_derivative(z: Array, a: Array) -> None:
    np.clip(z, -GELU_FLAT, GELU_FLAT, out=z)
    t = _gelu_tanh(z)
    slope = GELU_SCALE * (1.0 + 3.0 * GELU_CUBE * z * z)
    np.copyto(z, 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * slope)


def _sine(z: Array, a: Array) -> None:
    np.sin(z, out=a)


def _sine_derivative(z: Array, a: Array) -> None:
    np.cos(z, out=z)


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        label="ReLU",
        formula="max(0, z)",
        latex=r"\max(0, z)",
        hint="Passes what is positive and silences the rest; quick to train, and its maps are made of flat facets.",
        f=_relu,
        derivative=_relu_derivative,
    ),
    "tanh": Activation(
        label="Tanh",
        formula="(e^z - e^-z) / (e^z + e^-z)",
        latex=r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}",
        hint="Squeezes every sum into -1 to 1, smoothly and symmetrically about zero.",
        f=np.tanh,
        derivative=_tanh_derivative,
        bound=1.0,
    ),
    "sigmoid": Activation(
        label="Sigmoid",
        formula="1 / (1 + e^-z)",
        latex=r"\frac{1}{1 + e^{-z}}",
        hint="Squeezes every sum into 0 to 1; its slope is at most a quarter, so deep stacks of it learn slowly.",
        f=_sigmoid,
        derivative=_sigmoid_derivative,
        bound=1.0,
    ),
    "linear": Activation(
        label="Linear",
        formula="z",
        latex="z",
        hint="No activation at all: any number of such layers still draws one straight line.",
        f=_linear,
        derivative=_linear_derivative,
    ),
    "leakyRelu": Activation(
        label="Leaky ReLU",
        formula="max(0.1 z, z)",
        latex=r"\max(0.1\,z, z)",
        hint="ReLU with a small slope below zero, so that no unit falls silent for good.",
        f=_leaky_relu,
        derivative=_leaky_relu_derivative,
    ),
    "step": Activation(
        label="Step",
        formula="1 where z >= 0, else 0",
        latex=r"\begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}",
        hint="Rosenblatt's hard decision; its slope is zero everywhere, so gradient descent cannot train through it.",
        f=_step,
        derivative=_step_derivative,
        bound=1.0,
    ),
    "elu": Activation(
        label="ELU",
        formula="z where z > 0, else e^z - 1",
        latex=r"\begin{cases} z & z > 0 \\ e^{z} - 1 & z \le 0 \end{cases}",
        hint="Like ReLU above zero, and a smooth curve down to -1 below.",
        f=_elu,
        derivative=_elu_derivative,
    ),
    "softplus": Activation(
        label="Softplus",
        formula="ln(1 + e^z)",
        latex=r"\ln(1 + e^{z})",
        hint="A ReLU with its corner rounded off.",
        f=_softplus,
        derivative=_softplus_derivative,
    ),
    "silu": Activation(
        label="SiLU",
        formula="z / (1 + e^-z)",
        latex=r"\frac{z}{1 + e^{-z}}",
        hint="The sum times its own sigmoid (also called swish): smooth, with a small dip below zero.",
        f=_silu,
        derivative=_silu_derivative,
    ),
    "gelu": Activation(
        label="GELU",
        formula="z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))",
        latex=r"\frac{z}{2} \left(1 + \tanh\left(\sqrt{\frac{2}{\pi}} (z + 0.044715\,z^3)\right)\right)",
        hint="The sum weighted by the normal distribution, in the tanh form of Hendrycks and Gimpel (2016).",
        f=_gelu,
        derivative=_gelu_derivative,
    ),
    "sine": Activation(
        label="Sine",
        formula="sin z",
        latex=r"\sin(z)",
        hint="A wave: good at stripes and spirals, and easily lost among its many hills.",
        f=_sine,
        derivative=_sine_derivative,
        bound=1.0,
    ),
}
