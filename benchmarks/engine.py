"""Measures what an update of the engine costs beside other ways to train the same network, and what maps cost.

It prints and judges nothing. The contestants take turns in short rounds and each is given by the median of its rounds,
so that a busy machine slows all alike.

    python -m benchmarks.engine [--quick]
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the workers; read when NumPy is imported
os.environ["OMP_NUM_THREADS"] = "1"  # the same for PyTorch

import argparse
import importlib.util
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.neural_network import MLPRegressor

from engine import Config, Grid, Trainer
from engine.pictures.grid import quantize
from engine.tables import Array
from engine.tapes import tape

SEVEN = Config(xSquared=True, ySquared=True, xTimesY=True, sinX=True, sinY=True)
NETWORKS = {
    "2-4-2-1": Config(networkShape=(4, 2)),
    "7-8-8-8-1": SEVEN.model_copy(update={"networkShape": (8, 8, 8)}),
    "7-8x6-1": SEVEN.model_copy(update={"networkShape": (8,) * 6}),
}
BATCHES = (1, 10, 30, 125)
SAMPLES = 1500  # half of them train: 750, a multiple of every batch, so that nobody has points left over
RATE = 0.03
OURS = "engine"

Run = Callable[[], object]
"""One epoch, or one frame."""


class Rounds(NamedTuple):
    """How long to measure: turns of each contestant, and seconds for one turn."""

    turns: int
    seconds: float


def measure(contestants: dict[str, Run], rounds: Rounds) -> dict[str, float]:
    """Seconds that one call of each takes: the median of rounds in which they take turns."""
    calls = {name: max(1, round(rounds.seconds / seconds(run, 1))) for name, run in contestants.items()}
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds.turns):
        for name, run in contestants.items():
            times[name].append(seconds(run, calls[name]))
    return {name: median(turns) for name, turns in times.items()}


def seconds(run: Run, calls: int) -> float:
    """The mean time of some calls."""
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


# --- the contestants: each a function that trains for one epoch ----------------------------------------------------


class Textbook:
    """Mini-batch gradient descent as it is taught: a point per row, a list of W and b, a new array for every result."""

    def __init__(self, trainer: Trainer) -> None:
        self.W = [layer.weights.T.copy() for layer in trainer.network.layers]  # (D, H)
        self.b = [layer.biases.copy() for layer in trainer.network.layers]  # (H,)

    def activations(self, X: Array) -> list[Array]:
        """The inputs and what each layer makes of them, (N, H)."""
        A = [X]
        for W, b in zip(self.W, self.b, strict=True):
            A.append(np.tanh(A[-1] @ W + b))  # (N, D) @ (D, H) + (H,) -> (N, H)
        return A

    def step(self, X: Array, Y: Array) -> None:
        """One update for the mean of 1/2 (output - label)^2."""
        A = self.activations(X)
        delta = (A[-1] - Y) * (1 - A[-1] ** 2) / len(X)  # (N, K)
        for l in reversed(range(len(self.W))):
            dW = A[l].T @ delta  # (D, N) @ (N, H) -> (D, H)
            db = delta.sum(axis=0)  # (H,)
            if l:
                delta = delta @ self.W[l].T * (1 - A[l] ** 2)  # (N, H) @ (H, D) -> (N, D)
            self.W[l] -= RATE * dW
            self.b[l] -= RATE * db

    def loss(self, X: Array, Y: Array) -> float:
        """The mean loss over some points."""
        return float(0.5 * ((self.activations(X)[-1] - Y) ** 2).mean())


def points(trainer: Trainer) -> tuple[Array, Array]:
    """The training points as the others want them: inputs (N, D) and labels (N, 1)."""
    _, X, Y = trainer.train_data
    return np.ascontiguousarray(X[:-1].T), np.ascontiguousarray(Y.T)


def batches(trainer: Trainer) -> list[tuple[Array, Array]]:
    """The training points batch by batch."""
    X, Y = points(trainer)
    size = trainer.config.batchSize
    return [(X[start : start + size], Y[start : start + size]) for start in range(0, len(X), size)]


def textbook_epoch(trainer: Trainer) -> Run:
    """The textbook's loop from the trainer's present weights."""
    book, parts = Textbook(trainer), batches(trainer)

    def epoch() -> None:
        for X, Y in parts:
            book.step(X, Y)

    return epoch


def sklearn_epoch(trainer: Trainer) -> Run:
    """scikit-learn's regressor, a batch at a time; its output is linear, which spares it one tanh."""
    model = MLPRegressor(
        hidden_layer_sizes=trainer.config.networkShape,
        activation="tanh",
        solver="sgd",
        momentum=0,
        alpha=0,
        learning_rate_init=RATE,
        batch_size=trainer.config.batchSize,
        shuffle=False,
        random_state=0,
    )
    parts = [(X, Y.ravel()) for X, Y in batches(trainer)]

    def epoch() -> None:
        for X, Y in parts:
            model.partial_fit(X, Y)

    return epoch


def torch_epoch(trainer: Trainer) -> Run:
    """PyTorch's usual loop, in its usual single precision."""
    import torch

    torch.set_num_threads(1)
    shape = trainer.network.shape
    layers = [part for inputs, units in pairwise(shape) for part in (torch.nn.Linear(inputs, units), torch.nn.Tanh())]
    model, loss = torch.nn.Sequential(*layers), torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    parts = [[torch.tensor(part, dtype=torch.float32) for part in batch] for batch in batches(trainer)]

    def epoch() -> None:
        for X, Y in parts:
            optimizer.zero_grad()
            (loss(model(X), Y) / 2).backward()
            optimizer.step()

    return epoch


def by_code(config: Config) -> Run:
    """The engine with its updates as NumPy calls, as it is where there was no compiler."""
    trainer = Trainer(config)

    def epoch() -> None:
        with tape.used(False):
            trainer.train()

    return epoch


def contestants(config: Config) -> dict[str, Run]:
    """All that can run here, each with a network of its own."""
    trainer = Trainer(config)
    others = {
        "without tapes": by_code(config),
        "textbook": textbook_epoch(trainer),
        "scikit-learn": sklearn_epoch(trainer),
    }
    if has_torch():
        others["PyTorch"] = torch_epoch(trainer)
    return {OURS: trainer.train, **others}


def has_torch() -> bool:
    """Whether PyTorch can be imported."""
    return importlib.util.find_spec("torch") is not None


# --- what is measured ---------------------------------------------------------------------------------------------


def agreement(config: Config) -> str:
    """A sentence on the losses that the engine and the textbook's loop come to, each by itself, in one epoch."""
    trainer = Trainer(config)
    book, parts = Textbook(trainer), batches(trainer)
    trainer.train()
    for X, Y in parts:
        book.step(X, Y)
    ours, its = trainer.losses().train, book.loss(*points(trainer))
    if abs(ours - its) > 1e-12:
        raise SystemExit(
            f"The engine's loss after an epoch is {ours!r} and the textbook's {its!r}: nothing to compare."
        )
    return f"Loss after an epoch: engine {ours:.15f}, textbook {its:.15f}."


def update_times(rounds: Rounds, console: Console) -> Table:
    """Microseconds an update, and how they compare."""
    rows = []
    cells = [(name, batch) for name in NETWORKS for batch in BATCHES]
    for name, batch in track(cells, "Updates", console=console, transient=True):
        config = NETWORKS[name].model_copy(update={"batchSize": batch, "numSamples": SAMPLES, "learningRate": RATE})
        updates = SAMPLES // 2 // batch
        times = measure(contestants(config), rounds)
        rows.append((name, batch, {who: spent / updates * 1e6 for who, spent in times.items()}))
    table = Table(title="Microseconds an update (engine / other)")
    for heading in ("network", "batch", *rows[0][2]):
        table.add_column(heading, justify="right")
    for name, batch, micros in rows:
        table.add_row(name, str(batch), *(cell(micros[who], micros[OURS], who) for who in micros))
    return table


def cell(micros: float, ours: float, who: str) -> str:
    """A time, and for the others the engine's time as a part of it."""
    return f"{micros:.1f}" if who == OURS else f"{micros:.1f} ({ours / micros:.2f})"


def frame_times(rounds: Rounds) -> Table:
    """Milliseconds for the pictures of the second network."""
    config = NETWORKS["7-8-8-8-1"]
    grid, network = Grid(config), Trainer(config).network
    full = slice(0, grid.side**2)

    def every_unit() -> None:
        for layer, a in zip(network.layers, grid.outputs(network), strict=True):
            quantize(a[:, full], layer.activation.bound)

    times = measure(
        {
            f"all 25 units at {grid.side} x {grid.side}, quantised": every_unit,
            f"a frame: hidden units at {grid.unit_side} x {grid.unit_side}": lambda: grid.maps(network),
            "a frame with one unit selected": lambda: grid.maps(network, selected=(1, 3)),
        },
        rounds,
    )
    table = Table("maps of 7-8-8-8-1", "ms", title="Pictures in milliseconds")
    for name, spent in times.items():
        table.add_row(name, f"{spent * 1e3:.3f}")
    return table


def versions() -> str:
    """What was measured."""
    packages = ["numpy", "scikit-learn", *(["torch"] if has_torch() else [])]
    return ", ".join(f"{package} {version(package)}" for package in packages)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the engine's updates and pictures.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, for a first look")
    rounds = Rounds(5, 0.01) if parser.parse_args().quick else Rounds(21, 0.04)
    console = Console()
    console.print(versions() + ("" if has_torch() else "; PyTorch is not installed and was left out"))
    console.print(agreement(NETWORKS["7-8-8-8-1"].model_copy(update={"learningRate": RATE})))
    console.print(update_times(rounds, console))
    console.print(frame_times(rounds))


if __name__ == "__main__":
    main()
