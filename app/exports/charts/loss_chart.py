"""The loss chart as a PNG, drawn without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.exports.charts.axes import Axes, Box, axes_of, log_ticks, steps, tick_text
from app.exports.charts.lines import LINES, MUTED, ChartLine, Color, dashes, spread
from engine.errors import InputError, Problem, shown
from engine.numbers import short
from engine.pictures.colors import SURFACE
from engine.pictures.png import encode
from engine.tables import Array

WIDTH, HEIGHT = 640, 360
SIDES = {"width": (240, 2_000), "height": (160, 2_000)}
FINE = 4  # each pixel is drawn as 4 x 4, so that edges are smooth
MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM = 56, 36, 112, 36
VALIDATION = 16  # pixels that its name is longer than that of training
SMALL, NORMAL = 11, 12  # pixels, of type
LEVEL_GAP, EPOCH_GAP = 44, 80  # pixels between two levels, two epochs, at least
DOT = 2.75
LINE, HAIRLINE = (185, 192, 199), (227, 230, 233)
EMPTY = "No epoch was recorded."


def loss_chart(history: Array, width: int = WIDTH, height: int = HEIGHT, log: bool = False) -> bytes:
    """The losses by epoch as PNG, for rows with the fields epoch, train_loss, test_loss and validation_loss, which is
    NaN where no points validate.

    Rows are as `Trainer.record` gives them, epochs ascending; none or one will do. ValueError for a size out of range.
    """
    for (name, (least, most)), value in zip(SIDES.items(), (width, height), strict=True):
        if not isinstance(value, int) or not least <= value <= most:
            raise InputError(Problem(name, f"a whole number from {least} to {most}", shown(value)))
    validated = not np.isnan(history["validation_loss"]).all()
    right = MARGIN_RIGHT + VALIDATION * validated
    box = Box(MARGIN_LEFT, MARGIN_TOP, width - MARGIN_LEFT - right, height - MARGIN_TOP - MARGIN_BOTTOM)
    names = [name for name in LINES if name != "validation_loss" or validated]
    losses = np.stack([history[name] for name in names])  # (L, N)
    losses = np.where(np.isnan(losses), np.inf, losses)
    axes = axes_of(history["epoch"], losses, log, box)
    paper = _Paper(width, height)
    if len(history):
        _draw_grid(paper, axes)
        lines = [LINES[name] for name in names]
        _draw_lines(paper, axes, history["epoch"], losses, lines)
        _draw_ends(paper, axes, history["epoch"][-1], losses[:, -1], lines)
    else:
        paper.rule(box.left, box.left + box.width, box.top + box.height, HAIRLINE)
        paper.text(EMPTY, box.left + box.width / 2, box.top + box.height / 2, "mm", NORMAL, MUTED)
    return paper.png()


class _Paper:
    """A white sheet on which places and widths are told in pixels, and drawn finer."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width * FINE, height * FINE), SURFACE)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, x: Array, y: Array, width: float, color: Color) -> None:
        """A line through places, (N,) and (N,)."""
        places = np.stack([x, y], axis=1) * FINE  # (N, 2)
        self._draw.line(places.ravel().tolist(), color, round(width * FINE), joint="curve")

    def rule(self, x0: float, x1: float, y: float, color: Color) -> None:
        """A level line one pixel high, upon whole pixels."""
        top = round(y) * FINE
        self._draw.rectangle((x0 * FINE, top, x1 * FINE - 1, top + FINE - 1), color)

    def dot(self, x: float, y: float, radius: float, color: Color) -> None:
        """A disc."""
        self._draw.circle((x * FINE, y * FINE), radius * FINE, color)

    def text(self, text: str, x: float, y: float, anchor: str, size: int, color: Color, strong: float = 0) -> None:
        """A text, anchored as Pillow has it; `strong` is how much thicker its strokes are, in pixels."""
        place, font = (round(x * FINE), round(y * FINE)), _font(size * FINE)
        self._draw.text(place, text, color, font, anchor, stroke_width=strong * FINE / 2)

    def png(self) -> bytes:
        """The sheet at its own size."""
        return encode(np.asarray(self._image.reduce(FINE)))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _draw_grid(paper: _Paper, axes: Axes) -> None:
    """Levels with their losses, epochs below, and what both are."""
    left, top, width, height = axes.box
    most = min(6, max(2, int(height / LEVEL_GAP)))
    major, minor = log_ticks(axes.losses, most) if axes.log else (steps(axes.losses, most), [])
    for y in axes.y(np.array(minor)):
        paper.rule(left - 4, left, y, LINE)
    for loss, y in zip(major, axes.y(np.array(major)), strict=True):
        paper.rule(left, left + width, y, HAIRLINE)
        paper.text(tick_text(loss), left - 8, y + 0.5, "rm", SMALL, MUTED)
    below = top + height + 18
    paper.text("loss", left - 8, top - 20, "rm", SMALL, MUTED)
    paper.text("epoch", left - 8, below, "rm", SMALL, MUTED)
    epochs = steps(axes.epochs, max(2, width / EPOCH_GAP), least=1)
    for epoch, x in zip(epochs, axes.x(np.array(epochs)), strict=True):
        paper.text(f"{epoch:,.0f}", x, below, "mm", SMALL, MUTED)


def _draw_lines(paper: _Paper, axes: Axes, epochs: Array, losses: Array, lines: Sequence[ChartLine]) -> None:
    """Training thin and grey, test strong above it; losses (L, N)."""
    x, ys = axes.x(epochs), axes.y(losses)  # (N,), (L, N)
    for y, line in zip(ys, lines, strict=True):
        if len(x) > 1:
            whole = thinned(x, y)
            for piece in dashes(*whole, *line.dash) if line.dash else [whole]:
                paper.line(*piece, line.width, line.color)
        paper.dot(x[-1], y[-1], DOT, line.color)


def thinned(x: Array, y: Array) -> tuple[Array, Array]:
    """Of a line (N,), (N,) for each column of pixels the highest and the lowest place: all that can be seen of it."""
    columns = np.floor(x)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))  # (C,)
    if 2 * len(starts) >= len(x):
        return x, y
    least, most = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)  # (C,), (C,)
    return np.repeat(x[starts], 2), np.stack([least, most], axis=1).ravel()


def _draw_ends(paper: _Paper, axes: Axes, epoch: int, losses: Array, lines: Sequence[ChartLine]) -> None:
    """The last losses (L,), each beside the end of its line; of equal ones the strongest above."""
    x, box = float(axes.x(np.array(epoch))) + 9, axes.box
    strongest = list(zip(losses, lines, strict=True))[::-1]
    places = spread(axes.y(losses[::-1]).tolist(), box.top, box.top + box.height - 4)
    for (loss, line), y in zip(strongest, places, strict=True):
        paper.text(f"{line.label} {short(loss)}", x, y, "lm", NORMAL, line.color, line.strong)
