"""Copies of what trains: the same run, which goes on to the same bits and leaves the original alone."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import joblib
import numpy as np
import pytest
from pydantic import BaseModel

import engine
from engine import Config, Grid, Network, Trainer
from engine.copying import Copyable
from engine.data.datasets import Point
from engine.random_stream import Stream
from engine.restarts.members import Members
from engine.restarts.restarts import Restarts, restarted
from engine.tables import Array, Entry
from engine.tables.optimizers import OPTIMIZERS
from engine.training.loop import TrainingLoop
from engine.training.network import Passes
from engine.training.prediction import Predictor
from engine.training.trained import TrainedNetwork
from tests.engine.runs import own, small, state

Copier = Callable[[Any], Any]


def _through_joblib(value: Any) -> Any:
    file = io.BytesIO()
    joblib.dump(value, file)
    file.seek(0)
    return joblib.load(file)


COPIERS: dict[str, Copier] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "oldest-pickle": lambda value: pickle.loads(pickle.dumps(value, 2)),
    "joblib": _through_joblib,
}
every_copier = pytest.mark.parametrize("copier", COPIERS.values(), ids=COPIERS)

RUNS: dict[str, Config] = {
    **{optimizer: small(optimizer=optimizer) for optimizer in OPTIMIZERS},
    "dropout": small(dropout=0.3, reshuffle=True),
    "sparse": small(regularization="L1", regularizationRate=0.3, clipNorm=0.1),
    "stops early": small(percValidationData=20, patience=2, learningRate=1, noise=50),
    "keeps the best": small(
        percValidationData=20, patience=6, restoreBest=True, minDelta=0.001, learningRate=1, noise=50
    ),
    "diverges": small(problem="regression", activation="relu", learningRate=1e150),
    "many classes": small(problem="multiclass", normalize=True, weightSeed="w", schedule="cosine"),
    "own points": own([Point(x, -x, (-1) ** x) for x in range(6)], batchSize=4, activations=("relu", "sine")),
    "no layers": small(networkShape=(), loss="crossEntropy", initializer="he"),
}
every_run = pytest.mark.parametrize("config", RUNS.values(), ids=RUNS)


def seen(trainer: Trainer) -> list[object]:
    """All that a run tells of itself, bit for bit."""
    arrays = [*trainer.point_losses(), trainer.batch_losses(), trainer.gradient(), trainer.dead]
    return [state(trainer), repr(trainer.measure()), trainer.rate, *(array.tobytes() for array in arrays)]


def in_the_middle(config: Config) -> Trainer:
    """A run in the middle of an epoch."""
    trainer = Trainer(config)
    trainer.train(2)
    trainer.step()
    return trainer


@every_copier
@every_run
def test_a_copy_is_the_same_run_and_goes_on_to_the_same_bits_by_itself(config: Config, copier: Copier) -> None:
    original, alone = in_the_middle(config), in_the_middle(config)
    copied = copier(original)
    assert seen(copied) == seen(alone)
    copied.train(4)
    assert seen(original) == seen(alone)
    alone.train(4)
    assert seen(copied) == seen(alone)
    original.train(4)
    assert seen(original) == seen(copied)


@every_copier
def test_a_copy_can_be_changed_and_its_original_is_as_before(copier: Copier) -> None:
    original, alone = in_the_middle(small()), in_the_middle(small())
    copied = copier(original)
    for trainer in (copied, alone):
        trainer.set_weight(0, 1, 0, 0.5)
        trainer.reconfigure(small(optimizer="adam", batchSize=7))
        trainer.train()
    assert seen(copied) == seen(alone)
    assert seen(original) == seen(in_the_middle(small()))


@every_copier
@pytest.mark.parametrize("batch", [10, 1], ids=["stacked", "in turns"])
def test_copies_of_restarts_go_on_as_each_of_them_alone(copier: Copier, batch: int) -> None:
    def begun() -> Restarts:
        restarts = Restarts(list(restarted(small(batchSize=batch, optimizer="adam", dropout=0.2), 3)))
        restarts.step(1)
        return restarts

    original, alone = begun(), begun()
    copied = copier(original)
    assert copied.stacked == original.stacked
    copied.train(3)
    assert [original.snapshot(member) for member in range(3)] == [alone.snapshot(member) for member in range(3)]
    alone.train(3)
    for member in range(3):
        assert copied.snapshot(member) == alone.snapshot(member)
        assert seen(copier(copied.trainer(member))) == seen(copied.trainer(member))


@every_copier
def test_a_copied_grid_draws_the_maps_of_any_network_and_a_copied_network_is_drawn_the_same(copier: Copier) -> None:
    trainer = in_the_middle(small())
    grid = Grid(trainer.config, side=12, unit_side=6)
    expected = [array.tobytes() for array in grid.maps(trainer.network) if array is not None]
    copied = copier(grid)
    trainer.network.theta.fill(0.5)
    assert [array.tobytes() for array in copied.maps(in_the_middle(small()).network) if array is not None] == expected


def test_a_run_and_its_network_copied_together_stay_one() -> None:
    trainer = Trainer(small())
    copied, network = copy.deepcopy([trainer, trainer.network])
    assert isinstance(copied, Trainer)
    copied.train()
    assert network is copied.network


def test_another_process_goes_on_with_a_pickled_run() -> None:
    trainer = in_the_middle(small(optimizer="adam", loss="hinge"))
    script = (
        "import pickle, sys; trainer = pickle.load(sys.stdin.buffer); trainer.train(3); "
        "sys.stdout.buffer.write(trainer.network.theta.tobytes())"
    )
    theta = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps(trainer),
        capture_output=True,
        check=True,
        cwd=Path(str(engine.__file__)).parents[1],
    ).stdout
    trainer.train(3)
    assert theta == trainer.network.theta.tobytes()


def test_a_pickled_run_is_without_the_buffers_that_are_made_again() -> None:
    trainer = Trainer(Config(networkShape=(64,) * 4, numSamples=5000))
    before = len(pickle.dumps(trainer))
    trainer.train()
    assert len(pickle.dumps(trainer)) < 1.2 * before


# --- all classes --------------------------------------------------------------------------------------------------

MODULES = [import_module(module.name) for module in walk_packages(engine.__path__, "engine.")]
BASES = (Copyable, Predictor, TrainingLoop, TrainedNetwork)
BY_ITSELF = {
    "CallList": "belongs to a tape",
    "Fields": "a type, of which there is no value",
    "Loop": "a protocol",
    "Memory": "stands for an array while that is copied",
    "OneOf": "never changes",
    "Painter": "paints one run, and is gone with its pictures",
    "Recorded": "stands for an array while that is recorded",
    "Recorder": "records one update and is gone",
    "Tape": "belongs to one training loop, whose copies make their own",
    "Tapes": "a copy has none yet",
    "_State": "holds the state of a run while two ways are compared",
    "RandomNumbers": "a protocol",
    "Trainable": "a protocol",
    "_Points": "draws one picture and is gone",
}
"""Classes that are copied as Python does it, and why that is right."""


def classes() -> Iterator[type]:
    for module in MODULES:
        yield from (
            entry for _, entry in inspect.getmembers(module, inspect.isclass) if entry.__module__ == module.__name__
        )


def never_changes(cls: type) -> bool:
    if dataclasses.is_dataclass(cls):
        return bool(cls.__dataclass_params__.frozen)  # type: ignore[attr-defined]
    return issubclass(cls, (tuple, BaseModel, BaseException))


def test_whatever_changes_in_place_can_be_copied() -> None:
    changing = {cls for cls in classes() if not never_changes(cls) and cls.__name__ not in BY_ITSELF}
    assert {cls.__name__ for cls in changing if not issubclass(cls, Copyable)} == set()


def inside(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """A value and all that it holds, each by its place, without what is made again."""
    yield place, value
    if isinstance(value, (list, tuple)):
        held: list[tuple[object, object]] = list(enumerate(value))
    elif isinstance(value, dict):
        held = list(value.items())
    else:
        held = list(vars(value).items()) if isinstance(value, Copyable) and not isinstance(value, Passes) else []
    for name, entry in held:
        yield from inside(entry, f"{place}.{name}")


def arrays(value: object) -> list[tuple[str, Array]]:
    return [(place, entry) for place, entry in inside(value) if isinstance(entry, np.ndarray)]


def living() -> dict[str, Copyable]:
    """One of each class, in use, as the whole that is made by hand or found within it."""
    grid, trainer = Grid(small(), side=4, unit_side=2), in_the_middle(small(optimizer="adam", reshuffle=True))
    grid.maps(trainer.network)
    images = Trainer(Config(problem="images", images="four-pixels", numSamples=100))
    restarts = Restarts(list(restarted(small(), 2)))
    restarts.step(1)
    wholes = (trainer, grid, restarts, Members([Trainer(small())]), Stream("a"), trainer._evaluator.passing(10), images)
    found = [entry for whole in wholes for _, entry in inside(whole) if isinstance(entry, Copyable)]
    return {type(entry).__name__: entry for entry in found}


def test_one_of_each_class_that_can_be_copied_is_tried() -> None:
    assert living().keys() == {cls.__name__ for cls in classes() if issubclass(cls, Copyable) and cls not in BASES}


@every_copier
@pytest.mark.parametrize("name", living())
def test_a_copy_has_the_same_arrays_at_memory_of_its_own_and_shares_it_as_the_original_does(
    name: str, copier: Copier
) -> None:
    original = living()[name]
    copied = copier(original)
    pairs = list(zip(arrays(original), arrays(copied), strict=True))
    for (place, one), (other_place, other) in pairs:
        assert (place, one.shape, one.dtype, one.tobytes()) == (other_place, other.shape, other.dtype, other.tobytes())
        assert one.flags.writeable == other.flags.writeable
    for (_, one), (_, other) in ((one, other) for (one, _) in pairs for (_, other) in pairs):
        assert not np.may_share_memory(one, other)
    for (first, first_copy), (second, second_copy) in combinations(pairs, 2):
        shared = np.shares_memory(first[1], second[1])
        assert np.shares_memory(first_copy[1], second_copy[1]) == shared, (first[0], second[0])


def test_a_copied_layer_alone_is_a_whole_one() -> None:
    layer = copy.deepcopy(Trainer(small()).network.layers[0])
    layer.weights.fill(2.0)
    layer.biases.fill(3.0)
    assert (layer.W[:, :-1] == 2.0).all()
    assert (layer.W[:, -1] == 3.0).all()


@every_copier
def test_a_copied_stream_goes_on_and_the_original_too(copier: Copier) -> None:
    stream, alone = Stream("a"), Stream("a")
    copied = copier(stream)
    expected = [alone.random() for _ in range(300)]
    assert [copied.random() for _ in range(300)] == expected
    assert [stream.random() for _ in range(300)] == expected


@every_copier
def test_an_entry_of_a_table_is_one_wherever_it_is_copied_to(copier: Copier) -> None:
    tables = [value for module in MODULES for value in vars(module).values() if isinstance(value, dict)]
    entries = [entry for table in tables for entry in table.values() if isinstance(entry, Entry)]
    assert len(entries) > 50
    for entry in entries:
        assert copier(entry) is entry


def test_a_network_of_ones_own_can_be_copied() -> None:
    network = Network((2, 1), [*Trainer(small(networkShape=())).network.activations], np.float32, (3,))
    copied = pickle.loads(pickle.dumps(network))
    copied.theta[:] = 1.0
    assert (copied.layers[0].W == 1.0).all()
    assert copied.theta.dtype == np.float32
    assert (network.theta == 0.0).all()
