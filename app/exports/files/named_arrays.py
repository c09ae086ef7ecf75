"""The dense layers among arrays that other programs named: PyTorch, Keras, scikit-learn, or a person.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np

from engine.errors import InputError, Problem, shown
from engine.tables import Array

Layer = tuple[Array, Array]
"""Weights (H, D) and biases (H,)."""


class Convention(NamedTuple):
    """How a library names the two arrays of a dense layer."""

    weights: re.Pattern[str]
    """Of which the first group, or all that stands around it, names the layer."""
    biases: str
    """In place of the word for the weights."""
    inputs_first: bool
    """Whether the weights are (D, H), inputs by units."""


CONVENTIONS = (
    Convention(re.compile(r"()(coefs_)(\d+)"), "intercepts_", True),  # scikit-learn
    Convention(re.compile(r"(.*?)(weight)()"), "bias", False),  # PyTorch
    Convention(re.compile(r"(.*?)(kernel)(:0)?"), "bias", True),  # Keras
    Convention(re.compile(r"(.*/vars/)(0)()"), "1", True),  # Keras 3, as its .weights.h5 has them
    Convention(re.compile(r"()(weights?_?)(\d+)"), "biases_", True),
    Convention(re.compile(r"()([Ww])(\d+)"), "b", True),
)
POSITIONAL = re.compile(r"arr_(\d+)")
"""Arrays that `np.savez(file, *model.get_weights())` numbers: weights (D, H) and biases in turn."""
OTHERS = frozenset({"features", "mean", "sigma", "activations", "config", "state"})
"""What our own files have beside the layers."""
SPELLINGS = {"biases_": ("biases_", "bias_", "bias", "biases", "b"), "b": ("b", "B", "bias")}
MOST_ORDERS = 6
"""Layers up to which every order is tried."""


class Found(NamedTuple):
    """Layers in their order, and what is to be said about them."""

    layers: list[Layer]
    notes: list[str]


NOTHING = Found([], [])


def layers_among(arrays: Mapping[str, Array]) -> Found:
    """The dense layers of a network; InputError that names the array that is none, and says why."""
    numeric = {name: array for name, array in arrays.items() if array.dtype.kind in "fiu" and name not in OTHERS}
    named = dict(_positional(numeric)) or dict(_conventional(numeric))
    if not named:
        for name in (name for name in arrays if arrays[name].dtype.kind == "U" and name not in OTHERS):
            raise InputError(Problem(shown(name), "numbers", "text"))
        names = ", ".join(list(arrays)[:8]) or "none"
        raise InputError(
            Problem("file", "arrays named as PyTorch, Keras or scikit-learn name those of dense layers", names)
        )
    used = {name for pair in named.values() for name in pair}
    notes = [f"Not used: {', '.join(sorted(rest))}." for rest in [numeric.keys() - used] if rest]
    layers = {stem: _layer(numeric, weights, biases) for stem, (weights, biases) in named.items()}
    bare = [weights for weights, biases in named.values() if not biases]
    notes += [f"There are no biases beside {weights} in the file, so they are 0." for weights in bare]
    return Found(_in_order(layers), notes)


def _positional(arrays: Mapping[str, Array]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Numbered arrays: a matrix begins a layer, a vector behind it has its biases."""
    if not arrays or not all(POSITIONAL.fullmatch(name) for name in arrays):
        return
    names = sorted(arrays, key=_natural)
    for name, after in zip(names, [*names[1:], ""], strict=True):
        if arrays[name].ndim != 1:
            yield name, (name, after if after and arrays[after].ndim == 1 else "")


def _conventional(arrays: Mapping[str, Array]) -> Iterator[tuple[str, tuple[str, str]]]:
    for convention in CONVENTIONS:
        matches = [(name, found) for name in arrays if (found := convention.weights.fullmatch(name))]
        for name, found in matches:
            stem, _, rest = (part or "" for part in found.groups())
            spellings = SPELLINGS.get(convention.biases, (convention.biases,))
            biases = next((one for word in spellings if (one := f"{stem}{word}{rest}") in arrays), "")
            yield name, (name, biases)
        if matches:
            return


def _inputs_first(name: str) -> bool:
    return next((one.inputs_first for one in CONVENTIONS if one.weights.fullmatch(name)), True)


def _layer(arrays: Mapping[str, Array], weights: str, biases: str) -> Layer:
    matrix = arrays[weights]
    if matrix.ndim != 2 or not matrix.shape[-1 if _inputs_first(weights) else 0]:
        got = f"the shape {shown(matrix.shape)}"
        reason = {1: " (a normalization layer?)", 4: " (a convolution?)"}.get(matrix.ndim, "")
        raise InputError(Problem(shown(weights), "the weights of a dense layer, inputs by units", f"{got}{reason}"))
    matrix = matrix.astype(float)
    if _inputs_first(weights):
        matrix = matrix.T
    vector = arrays[biases].astype(float) if biases else np.zeros(len(matrix))
    if vector.shape != matrix.shape[:1]:
        if vector.shape == matrix.shape[1:]:  # written the other way round
            return matrix.T, vector
        raise InputError(
            Problem(shown(biases), f"{len(matrix)} numbers, one a unit", f"the shape {shown(vector.shape)}")
        )
    return matrix, vector


def _in_order(layers: Mapping[str, Layer]) -> list[Layer]:
    """The order in which each layer takes what the one before gives; that of the names, where it does."""
    names = sorted(layers, key=_natural)
    orders: Iterator[Sequence[str]] = iter([names])
    if len(names) <= MOST_ORDERS:
        orders = permutations(names)
    fitting = next((order for order in orders if _fits([layers[name] for name in order])), None)
    if fitting is None:
        shapes = ", ".join(f"{name} {layers[name][0].shape[1]} to {len(layers[name][1])}" for name in names)
        raise InputError(Problem("layers", "each layer to take as many inputs as the one before has units", shapes))
    return [layers[name] for name in fitting]


def _fits(layers: Sequence[Layer]) -> bool:
    return all(weights.shape[1] == len(before) for (_, before), (weights, _) in pairwise(layers))


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Names sorted as people sort them: layer 2 before layer 10."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]
