"""Networks read from files that `app.exports` wrote, or that others made by hand: weights, and where they are known the
configuration and the state of the run.

Shapes: D inputs of a layer, H its units.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.exports.files.arrays import read_arrays
from app.exports.files.npz_file import BIASES, WEIGHTS
from app.wire.saved_run import FORMAT
from engine import Config, Trainer, trainer_at
from engine.config.field_types import MAX_LAYERS, MAX_UNITS, Number
from engine.problems import InputError, Problem, problems, shown
from engine.tables import Array

MAX_CONTENT = 4_000_000
"""Bytes of a file; the largest network with the most points and an optimizer that remembers most takes some half."""
MAX_STATE = 2_000_000
ZIP = b"PK"


Fields = TypeVar("Fields", bound=BaseModel)


class Model(NamedTuple):
    """What a file holds."""

    config: Config | None
    state: str | None
    """As `engine.state` writes it; only together with the configuration."""
    layers: list[tuple[Array, Array]]
    """Weights (H, D) and biases (H,) of each layer."""


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
    """The network in a JSON or .npz file, told apart by how it begins; ValueError for anything else."""
    if len(content) > MAX_CONTENT:
        raise InputError(Problem("file", f"at most {MAX_CONTENT} bytes", str(len(content))))
    read: Callable[[bytes], Model] = _read_npz if content.startswith(ZIP) else _read_json
    model = read(content)
    return _checked(model)


def _read_json(content: bytes) -> Model:
    if not content.lstrip().startswith(b"{"):
        raise InputError(Problem("file", "JSON or .npz", shown(content)))
    file = _validated(File, content)
    layers = [(_array(layer.weights, l), np.array(layer.biases, float)) for l, layer in enumerate(file.layers or [])]
    return Model(file.config, file.state, layers)


def _array(rows: list[list[float]], layer: int) -> Array:
    if len(set(map(len, rows))) > 1:
        raise InputError(Problem(f"layers.{layer}.weights", "rows of the same length", shown([*map(len, rows)])))
    return np.array(rows, float)  # (H, D)


def _read_npz(content: bytes) -> Model:
    arrays = read_arrays(content)
    config = _text(arrays, "config")
    layers: list[tuple[Array, Array]] = []
    while (weights := arrays.get(f"{WEIGHTS}{len(layers)}")) is not None:
        biases = arrays.get(f"{BIASES}{len(layers)}")
        if biases is None:
            raise InputError(Problem(f"{BIASES}{len(layers)}", f"an array beside {WEIGHTS}{len(layers)}", "none"))
        layers.append(
            (_numbers(weights, 2, f"{WEIGHTS}{len(layers)}").T, _numbers(biases, 1, f"{BIASES}{len(layers)}"))
        )
    return Model(None if config is None else _validated(Config, config.encode()), _text(arrays, "state"), layers)


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


def _numbers(array: Array, dimensions: int, name: str) -> Array:
    if array.dtype.kind == "U" or array.ndim != dimensions or not 0 < array.shape[-1] <= MAX_UNITS:
        raise InputError(
            Problem(
                name,
                f"numbers in {dimensions} dimensions for 1 to {MAX_UNITS} units",
                f"{array.dtype} with shape {shown(array.shape)}",
            )
        )
    with np.errstate(over="ignore"):  # a longer float may become infinite, and is refused as such
        return array.astype(float)


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


def trainer_from(model: Model, config: Config | None) -> Trainer:
    """The run that a file holds, under its own configuration or another of the same shape.

    Under its own it goes on to the same bits; under another its weights begin a new run, at epoch 0. ValueError where
    the weights do not fit.
    """
    config = config or model.config
    if config is None:
        raise InputError(Problem("config", "a configuration beside the weights", "none"))
    if model.state is not None and config == model.config:
        return trainer_at(config, model.state)
    shape = _shape(model.layers)
    if shape != config.shape:
        raise InputError(Problem("layers", f"{_units(config.shape)} units, as configured", _units(shape)))
    trainer = Trainer(config)
    for layer, (weights, biases) in zip(trainer.network.layers, model.layers, strict=True):
        layer.weights[...] = weights
        layer.biases[...] = biases
    return trainer


def _shape(layers: list[tuple[Array, Array]]) -> tuple[int, ...]:
    return (layers[0][0].shape[1], *(len(biases) for _, biases in layers))


def _units(shape: tuple[int, ...]) -> str:
    return "-".join(map(str, shape))
