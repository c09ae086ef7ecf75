"""Networks read from files: those that `app.exports` wrote, with the configuration and the state of the run, and those
of other programs, which have weights alone.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.exports.files.arrays import read_arrays
from app.exports.files.foreign_formats import (
    ForeignNetwork,
    is_onnx,
    is_safetensors,
    parsed_json,
    read_array_json,
    read_onnx,
    read_safetensors,
)
from app.exports.files.named_arrays import NOTHING, OTHERS, layers_among
from app.wire.saved_run import FORMAT
from engine import Config, trainer_at
from engine.config.field_types import MAX_LAYERS, MAX_UNITS, Number
from engine.errors import InputError, Problem, problems, shown
from engine.tables import Array

MAX_CONTENT = 4_000_000
"""Bytes of a file; the largest network with the most points and an optimizer that remembers most takes some half."""
MAX_STATE = 2_000_000
ZIP = b"PK"
OWN = re.compile(rb'"(format|version|config|state|layers)"\s*:')
"""What every JSON file of ours has one of."""


Fields = TypeVar("Fields", bound=BaseModel)


class Model(NamedTuple):
    """What a file holds."""

    config: Config | None
    state: str | None
    """As `engine.state` writes it; only together with the configuration."""
    layers: list[tuple[Array, Array]]
    """Weights (H, D) and biases (H,) of each layer."""
    notes: Sequence[str] = ()
    """What else to know of another program's file, in sentences."""
    activations: Sequence[str] = ()
    """Of the hidden layers, where such a file has them."""


Row = Annotated[list[Number], Field(max_length=MAX_UNITS, fail_fast=True)]


class LayerFields(BaseModel):
    """One layer."""

    weights: Annotated[list[Row], Field(min_length=1, max_length=MAX_UNITS, fail_fast=True)]
    biases: Row


class File(BaseModel):
    """What is read of a JSON file; whatever else stands there is passed over."""

    model_config = ConfigDict(extra="ignore")

    format: Literal["neural-playground"] = FORMAT
    version: Literal[1] = 1
    config: Config | None = None
    state: Annotated[str, Field(max_length=MAX_STATE)] | None = None
    layers: Annotated[list[LayerFields], Field(min_length=1, max_length=MAX_LAYERS + 1, fail_fast=True)] | None = None


# --- reading ----------------------------------------------------------------------------------------------------------


def read_model(content: bytes) -> Model:
    """The network in a file, told apart by how it begins: JSON, .npz, safetensors or ONNX.

    Raises:
        InputError: the file holds no network of dense layers; the message names the layer and says why.
    """
    if len(content) > MAX_CONTENT:
        raise InputError(Problem("file", f"at most {MAX_CONTENT} bytes", str(len(content))))
    return _checked(next(read for recognizes, read in READERS if recognizes(content))(content))


def _read_json(content: bytes) -> Model:
    if not content.lstrip().startswith(b"{"):
        raise InputError(Problem("file", "JSON, .npz, safetensors or ONNX", shown(content)))
    if not OWN.search(content):
        return _foreign(read_array_json(parsed_json(content)))
    file = _validated(File, content)
    layers = [(_array(layer.weights, l), np.array(layer.biases, float)) for l, layer in enumerate(file.layers or [])]
    return Model(file.config, file.state, layers)


def _array(rows: list[list[float]], layer: int) -> Array:
    if len(set(map(len, rows))) > 1:
        raise InputError(Problem(f"layers.{layer}.weights", "rows of the same length", shown([*map(len, rows)])))
    return np.array(rows, float)  # (H, D)


def _read_npz(content: bytes) -> Model:
    arrays = read_arrays(content)
    config, state = _text(arrays, "config"), _text(arrays, "state")
    found = layers_among(arrays) if arrays.keys() - OTHERS or config is None else NOTHING
    return Model(None if config is None else _validated(Config, config.encode()), state, *found)


def _foreign(network: ForeignNetwork) -> Model:
    config = _validated(Config, network.config.encode()) if network.config else None
    return Model(config, None, network.layers, network.notes, network.activations)


READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Model]], ...] = (
    (lambda content: content.startswith(ZIP), _read_npz),
    (is_safetensors, lambda content: _foreign(read_safetensors(content))),
    (is_onnx, lambda content: _foreign(read_onnx(content))),
    (lambda content: True, _read_json),
)
"""How each format is known, and read."""


def _text(arrays: dict[str, Array], name: str) -> str | None:
    array = arrays.get(name)
    if array is None:
        return None
    if array.dtype.kind != "U" or array.shape != ():
        raise InputError(Problem(name, "one text", f"an array of {array.dtype} with shape {shown(array.shape)}"))
    try:
        text = str(array[()])
        text.encode()
    except (ValueError, SystemError):
        raise InputError(Problem(name, "a text", "characters that are none")) from None
    return text


def _validated(kind: type[Fields], content: bytes) -> Fields:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first, *others = problems(error)
        more = f" (and {len(others)} more)" if others else ""
        raise InputError(first._replace(got=f"{first.got}{more}")) from None


# --- what was read ----------------------------------------------------------------------------------------------------


def _checked(model: Model) -> Model:
    """The model with layers that fit each other and its state; those of its state where it has no others."""
    if model.state is not None and model.config is None:
        raise InputError(Problem("config", "the configuration that the state belongs to", "nothing"))
    _check(model.layers)
    if model.state is None or model.config is None:
        if not model.layers:
            raise InputError(Problem("layers", "the weights of at least one layer, or a config and a state", "neither"))
        return model
    layers = [(layer.weights, layer.biases) for layer in trainer_at(model.config, model.state).network.layers]
    if model.layers and not _same(layers, model.layers):
        raise InputError(Problem("layers", "the weights of the state", "others (to use these, leave the state out)"))
    return model._replace(layers=layers)


def _check(layers: list[tuple[Array, Array]]) -> None:
    if len(layers) > MAX_LAYERS + 1:
        raise InputError(Problem("layers", f"at most {MAX_LAYERS + 1}", str(len(layers))))
    for l, (weights, biases) in enumerate(layers):
        if len(weights) > MAX_UNITS:
            raise InputError(Problem(f"layers.{l}", f"at most {MAX_UNITS} units", str(len(weights))))
        if biases.shape != weights.shape[:1]:
            raise InputError(Problem(f"layers.{l}.biases", f"{len(weights)}, one a unit", str(len(biases))))
        if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
            raise InputError(Problem(f"layers.{l}", "finite numbers", "others"))
    for l, ((before, _), (weights, _)) in enumerate(pairwise(layers), 1):
        if weights.shape[1] != len(before):
            raise InputError(Problem(f"layers.{l}.weights", f"{len(before)} for each unit", weights.shape[1]))


def _same(some: list[tuple[Array, Array]], others: list[tuple[Array, Array]]) -> bool:
    return len(some) == len(others) and all(
        np.array_equal(a, b) for pair in zip(some, others, strict=True) for a, b in zip(*pair, strict=True)
    )
