"""A run from the command line: a progress bar, a table, a picture in the terminal, or one JSON object."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.style import Style
from rich.table import Table
from rich.text import Text

from engine import Config, Losses, Trainer, format_link
from engine.colors import SCALE
from engine.grid import STEPS, ZERO
from engine.picture import levels
from engine.tables import Array

MAX_EPOCHS = 10_000_000
REFRESH_SECONDS = 0.1
PICTURE_SIDE = 40
SHADES = "@o. +#"
"""Where there is no colour: from very negative to very positive."""


def milestones(epochs: int) -> list[int]:
    """0, 1, 2, 5, 10, 20, 50, ... and the last epoch."""
    steps = {digit * 10**power for power in range(8) for digit in (1, 2, 5)}
    return sorted({0, epochs} | {step for step in steps if step < epochs})


def _layers(trainer: Trainer) -> list[dict[str, Any]]:
    return [{"weights": layer.weights.tolist(), "biases": layer.biases.tolist()} for layer in trainer.network.layers]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Training:
    """A run to a last epoch, with its losses told at some epochs on the way."""

    def __init__(self, config: Config, epochs: int, at: list[int]) -> None:
        self.trainer = Trainer(config)
        self.epochs, self._at = epochs, at
        self.trace: list[tuple[int, Losses]] = []
        self._initial = _layers(self.trainer)

    def __iter__(self) -> Iterator[int]:
        """Train epoch by epoch; gives each epoch that is done, and ends early where the run diverges."""
        trainer, at = self.trainer, set(self._at)
        while True:
            if trainer.epoch in at:
                self.trace.append((trainer.epoch, trainer.losses()))
            yield trainer.epoch
            if trainer.epoch >= self.epochs:
                return
            trainer.train()
            if trainer.diverged:
                return

    def record(self, *, weights: bool, data: bool) -> dict[str, Any]:
        """The run as plain data, in the fields of the recorded runs of the original."""
        config, trainer = self.trainer.config, self.trainer
        diverged = trainer.diverged
        record: dict[str, Any] = {
            "config": config.model_dump(mode="json"),
            "link": format_link(config),
            "features": list(config.features),
            "shape": list(config.shape),
            "trace": [{"epoch": e, "train_loss": loss.train, "test_loss": loss.test} for e, loss in self.trace],
            "diverged": diverged._asdict() if diverged else None,
        }
        if weights:
            record |= {"initial": self._initial, "final": _layers(trainer)}
        if data:
            record |= {"train": trainer.train_data.points, "test": trainer.test_data.points}
        return record

    def show(self, console: Console) -> None:
        """Train under a progress bar, then print the losses and the boundary."""
        began = time.perf_counter()
        self._show_progress(console)
        seconds = time.perf_counter() - began
        table = Table("epoch", "train loss", "test loss", box=None, header_style="bold")
        for epoch, losses in self.trace:
            table.add_row(f"{epoch:,}", f"{losses.train:.6g}", f"{losses.test:.6g}")
        console.print(table)
        console.print(boundary(self.trainer, color=console.color_system is not None))
        trainer = self.trainer
        console.print(
            f"{_count(trainer.epoch, 'epoch')}, {_count(trainer.updates, 'update')} in {seconds:.2f} s", highlight=False
        )
        if trainer.diverged:
            rate = trainer.config.learningRate
            console.print(
                f"[bold]The loss grew without bound at epoch {trainer.diverged.epoch}: the learning rate {rate:g} is "
                "too high.[/bold] The table and the picture show the last finite state."
            )

    def _show_progress(self, console: Console) -> None:
        columns = (
            TextColumn("epoch"),
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("train {task.fields[train]:.4f}  test {task.fields[test]:.4f}"),
            TextColumn("{task.fields[rate]:,.0f} epochs/s", justify="right"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=self.epochs, rate=0.0, **self.trainer.losses()._asdict())
            began = shown = time.monotonic()
            for epoch in self:
                now = time.monotonic()
                if now > shown + REFRESH_SECONDS:
                    losses = self.trainer.losses()._asdict()
                    progress.update(task, completed=epoch, rate=epoch / (now - began), **losses)
                    shown = now


def boundary(trainer: Trainer, *, color: bool, side: int = PICTURE_SIDE) -> Text:
    """The network's output on the plotted plane as text: two rows of pixels in a line of half blocks, or shades."""
    places = levels(trainer, side)  # (S, S)
    return _half_blocks(SCALE[places]) if color else _shades((places.astype(float) - ZERO) / STEPS)


def _half_blocks(pixels: Array) -> Text:
    text = Text()
    for upper, lower in zip(pixels[::2], pixels[1::2], strict=True):  # (S, 3), (S, 3)
        for above, below in zip(upper, lower, strict=True):
            text.append("▀", Style(color=_rgb(above), bgcolor=_rgb(below)))
        text.append("\n")
    return text


def _rgb(pixel: Array) -> str:
    return "rgb({},{},{})".format(*pixel)


def _shades(values: Array) -> Text:
    steps = np.clip(((values[::2] + 1) / 2 * len(SHADES)).astype(int), 0, len(SHADES) - 1)  # (S / 2, S)
    return Text("\n".join("".join(SHADES[step] for step in row) for row in steps))
