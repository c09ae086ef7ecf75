"""A run in the terminal: a progress bar, a table of its losses, a picture."""

from __future__ import annotations

import sys
import time

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.style import Style
from rich.table import Table
from rich.text import Text

from app.commands.terminal.training import Training
from engine import Trainer
from engine import boundary as picture
from engine.images.image_set import ImageSet
from engine.numbers import percent
from engine.pictures.boundary import decisions, levels
from engine.pictures.grid import STEPS, ZERO
from engine.pictures.templates import mosaic, templates
from engine.tables import Array

REFRESH_SECONDS = 0.1
PICTURE_SIDE = 40
TEMPLATE_COLUMNS = 145
"""Columns that templates take, five of 28 pixels."""
SHADES = "@o. +#"
"""Where there is no colour: from very negative to very positive."""


WIDE = 240
"""Columns where no terminal says how many there are."""


class Printer(Console):
    """A console whose reader may close early, as `head` does; the framework would end the program on its own terms."""

    def on_broken_pipe(self) -> None:
        """Let the command end as it does where anything else cannot be written."""
        raise  # what is being handled where this is called


def console() -> Console:
    """Standard output, for results: not cut off where a program or a file reads them."""
    return Printer(width=None if sys.stdout.isatty() else WIDE)


def progress_bar(*columns: str | ProgressColumn) -> Progress:
    """A bar on standard error, for the time of a command; nothing where that is no terminal."""
    errors = Printer(stderr=True)
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


def has_colors(console: Console) -> bool:
    """Whether a picture can be drawn in colours: sixteen are too few, and `NO_COLOR` leaves a terminal its colour
    system, but without colours."""
    return console.color_system in ("256", "truecolor") and not console.no_color


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 epoch, 2,000 epochs."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def show(run: Training) -> None:
    """Train under a progress bar, then print the losses and the boundary."""
    began, printer = time.perf_counter(), console()
    train_with_progress(run)
    seconds = time.perf_counter() - began
    printer.print(_losses(run))
    printer.print(boundary(run.trainer, color=has_colors(printer)))
    trainer = run.trainer
    if trainer.config.image_set:
        measures = trainer.measure()
        accuracy = f"Accuracy: test {percent(measures.test_score)}, train {percent(measures.train_score)}"
        printer.print(accuracy, highlight=False)
    printer.print(
        f"{count(trainer.epoch, 'epoch')}, {count(trainer.updates, 'update')} in {seconds:.2f} s", highlight=False
    )
    if run.reason and not run.failed:
        printer.print(run.reason, highlight=False)
    if run.diverged:
        printer.print(f"[bold]{run.reason}[/bold] The table and the picture show the last finite state.")


def _losses(run: Training) -> Table:
    """The losses at the epochs that are told, those of the validation where there is one."""
    columns = {"epoch": "epoch", "train_loss": "train loss", "test_loss": "test loss"}
    if any(losses.validation_loss is not None for losses in run.trace):
        columns["validation_loss"] = "validation loss"
    table = Table(*columns.values(), box=None, header_style="bold")
    for losses in run.trace:
        cells = (getattr(losses, name) for name in columns)
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else f"{cell:.6g}" for cell in cells))
    return table


def train_with_progress(run: Training) -> None:
    """Train under a progress bar."""
    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("train {task.fields[train]:.4f}  test {task.fields[test]:.4f}"),
        TextColumn("{task.fields[rate]:,.0f} epochs/s", justify="right"),
        TimeRemainingColumn(),
    )
    with progress_bar(*columns) as progress:
        first = run.trainer.epoch
        task = progress.add_task("", total=run.epochs, completed=first, rate=0.0, **run.losses()._asdict())
        began = shown = time.monotonic()
        for epoch in run:
            now = time.monotonic()
            if now > shown + REFRESH_SECONDS:
                rate = (epoch - first) / (now - began)
                progress.update(task, completed=epoch, rate=rate, **run.losses()._asdict())
                shown = now


def boundary(trainer: Trainer, *, color: bool, side: int = PICTURE_SIDE) -> Text:
    """The network's output on the plotted plane as text: two rows of pixels in a line of half blocks; or shades, or
    the numbers of many classes. Of images the templates."""
    if images := trainer.config.image_set:
        return _templates(trainer, images, color=color)
    if color:
        return _half_blocks(picture(trainer, side, points=False))
    if trainer.config.problem == "multiclass":
        return _lines(decisions(trainer, side)[::2] + 1)  # (S / 2, S)
    return _shades((levels(trainer, side).astype(float) - ZERO) / STEPS)


def _templates(trainer: Trainer, images: ImageSet, *, color: bool) -> Text:
    """The templates side by side, as many as a line takes."""
    if color:
        pixels = mosaic(trainer, images, max(1, TEMPLATE_COLUMNS // (images.width + 1)))  # (rows, columns, 3)
        return _half_blocks(np.pad(pixels, ((0, len(pixels) % 2), (0, 0), (0, 0)), constant_values=255))
    weights = templates(trainer, images)[: max(1, TEMPLATE_COLUMNS // images.width)].mean(axis=3)  # (H, h, w)
    shares = weights / np.maximum(np.abs(weights).max(axis=(1, 2), keepdims=True), 1e-300)
    return _shades(np.concatenate(list(shares), axis=1))


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
    return _lines(np.array(list(SHADES))[steps])


def _lines(characters: Array) -> Text:
    return Text("\n".join("".join(map(str, row)) for row in characters))
