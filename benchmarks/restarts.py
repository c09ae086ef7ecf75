"""Measures how long restarts take that train at once, beside as many runs one after another.

It prints and judges nothing. Both take turns in one process, and each is given by the best of its turns.

    python -m benchmarks.restarts [--quick]
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the workers; read when NumPy is imported

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

from engine import Config, Trainer
from engine.restarts.restarts import Restarts, restarted

SPIRAL = Config(dataset="spiral", xSquared=True, ySquared=True, xTimesY=True, sinX=True, sinY=True)
NETWORKS = {
    "2-4-2-1": Config(dataset="spiral", networkShape=(4, 2)),
    "7-8-8-8-1": SPIRAL.model_copy(update={"networkShape": (8, 8, 8)}),
    "7-8x6-1": SPIRAL.model_copy(update={"networkShape": (8,) * 6}),
}
BATCHES = (10, 30)
COUNTS = (4, 16, 64)
EPOCHS = 5


class Times(NamedTuple):
    """Seconds for so many epochs of all members."""

    alone: float
    at_once: float


def measured(config: Config, count: int, turns: int) -> Times:
    """The best of some turns."""
    trainers = list(restarted(config, count))
    at_once = Restarts([Trainer(trainer.config, trainers[0].parts) for trainer in trainers])

    def one_by_one(epochs: int) -> None:
        for trainer in trainers:
            trainer.train(epochs)

    times = [Times(seconds(one_by_one), seconds(at_once.train)) for _ in range(turns)]
    return Times(min(one.alone for one in times), min(one.at_once for one in times))


def seconds(train: Callable[[int], None]) -> float:
    """How long it takes to train for some epochs."""
    began = time.perf_counter()
    train(EPOCHS)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure restarts that train at once.")
    parser.add_argument("--quick", action="store_true", help="fewer turns, for a first look")
    turns = 3 if parser.parse_args().quick else 7
    console = Console()
    table = Table("network", "batch", *(f"{count} restarts" for count in COUNTS))
    table.title, table.caption = f"Milliseconds for {EPOCHS} epochs", "in brackets: of as many single runs' time"
    cells = [(name, batch) for name in NETWORKS for batch in BATCHES]
    for name, batch in track(cells, "Restarts", console=console, transient=True):
        config = NETWORKS[name].model_copy(update={"batchSize": batch})
        times = [measured(config, count, turns) for count in COUNTS]
        told = (f"{one.at_once * 1e3:.0f} ({one.at_once / one.alone:.2f})" for one in times)
        table.add_row(name, str(batch), *told)
    console.print(table)


if __name__ == "__main__":
    main()
