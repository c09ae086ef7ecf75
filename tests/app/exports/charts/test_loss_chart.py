"""Pictures of a run: what is drawn where, read from the PNG files."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.style import Style

from app.commands.terminal.run_display import boundary as terminal_boundary
from app.exports.charts.axes import Box
from app.exports.charts.boundary import boundary_png
from app.exports.charts.lines import MUTED, VIOLET
from app.exports.charts.loss_chart import loss_chart, thinned
from engine import Config, Trainer, boundary
from engine.pictures.colors import INK
from engine.tables import Array
from engine.training.record import ROW

BOX = Box(56, 36, 640 - 56 - 112, 360 - 36 - 36)


def history(train: list[float], test: list[float], epochs: list[int] | None = None) -> Array:
    """Rows of some losses."""
    rows = np.zeros(len(train), ROW)
    rows["epoch"] = epochs or range(len(train))
    rows["train_loss"], rows["test_loss"] = train, test
    rows["validation_loss"] = rows["validation_score"] = np.nan
    return rows


def pixels(png: bytes) -> Array:
    """Red, green and blue, (H, W, 3)."""
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "RGB")
    return np.asarray(image).astype(int)


def rows_of(picture: Array, color: tuple[int, int, int], x: int) -> list[int]:
    """In which rows of a column this very colour is."""
    return np.flatnonzero((picture[:, x] == color).all(axis=-1)).tolist()


def level(part: float) -> float:
    """The row of a part of the highest loss of a linear axis."""
    return BOX.top + BOX.height * (1 - part / 1.05)


def is_drawn(picture: Array, left: int, right: int) -> bool:
    """Whether anything is in some columns."""
    return bool(np.any(picture[:, left:right] != 255))


# --- the chart --------------------------------------------------------------------------------------------------------


def test_test_loss_is_a_strong_line_in_ink_and_training_loss_a_thin_grey_one() -> None:
    picture = pixels(loss_chart(history([0.4, 0.4], [0.8, 0.8])))
    for x in (100, 300, 500):
        column = picture[:, x]  # (H, 3)
        for loss, color, width in ((0.8, INK, 2.25), (0.4, MUTED, 1.25)):
            near = slice(round(level(loss / 0.8)) - 4, round(level(loss / 0.8)) + 4)
            cover = (255 - column[near]).sum(axis=1) / (255 - np.array(color)).sum()  # (8,)
            assert cover.sum() == pytest.approx(width, abs=0.3)
            assert (cover * np.arange(near.start, near.stop)).sum() / cover.sum() + 0.5 == pytest.approx(
                level(loss / 0.8), abs=0.4
            )


def test_the_validation_loss_is_a_dashed_line_with_a_name_of_its_own_where_there_is_one() -> None:
    rows = history([0.4, 0.4], [0.8, 0.8])
    plain = pixels(loss_chart(rows))
    rows["validation_loss"] = 0.6
    picture = pixels(loss_chart(rows))
    middle = round(level(0.6 / 0.8))
    drawn = (picture[middle - 1 : middle + 1, 60:500] == VIOLET).all(axis=-1).any(axis=0)  # (W,)
    edges = np.diff(np.flatnonzero(np.diff(drawn)))
    assert set(edges[:-1].tolist()) <= {3, 4, 5, 6}  # dashes of 6 and gaps of 3, but for their smoothed ends
    assert 0.5 < drawn.mean() < 0.7
    named = (picture[:, 545:] == VIOLET).all(axis=-1)
    assert named.any()
    assert not (plain == VIOLET).all(axis=-1).any()


def test_a_line_goes_from_its_first_to_its_last_loss() -> None:
    picture = pixels(loss_chart(history([0.0, 0.0, 0.0], [1.0, 0.0, 1.0])))
    for x, part in ((56 + 59, 0.75), (56 + 118, 0.5), (56 + 354, 0.5), (56 + 413, 0.75)):
        dark = np.flatnonzero((picture[:, x] < 120).all(axis=-1))
        assert dark.size
        assert abs(dark + 0.5 - level(part)).min() < 2


def test_a_logarithmic_chart_is_even_in_powers() -> None:
    rows = history([1e-4, 1e-4, 1e-4], [1e0, 1e-2, 1e-4])
    straight = pixels(loss_chart(rows, log=True))
    columns = np.arange(70, 500)
    darkest = straight[:, columns].sum(axis=-1).argmin(axis=0)  # a falling line
    assert np.abs(np.diff(darkest, 2)).max() <= 2
    assert np.any(straight != pixels(loss_chart(rows)))


def test_the_last_losses_stand_beside_the_ends_of_their_lines() -> None:
    one, other = (pixels(loss_chart(history([0.4, 0.4], [0.8, end]))) for end in (0.1, 0.7))
    for picture, part in ((one, 0.1 / 0.8), (other, 0.7 / 0.8)):
        rows = np.flatnonzero(np.all(picture[:, 545:] < 90, axis=-1).any(axis=1))  # ink of letters
        assert rows.mean() == pytest.approx(level(part), abs=3)


def test_long_numbers_stay_on_the_picture() -> None:
    picture = pixels(loss_chart(history([1.0, 3.8e171], [1.0, 8.88e-15])))
    assert is_drawn(picture, 545, 636)
    assert not is_drawn(picture, 638, 640)
    assert not is_drawn(picture, 0, 2)


def test_a_history_without_rows_says_so_in_the_middle() -> None:
    picture = pixels(loss_chart(history([], [])))
    assert is_drawn(picture[160:200], 200, 400)
    assert not is_drawn(picture[:160], 0, 640)
    assert not is_drawn(picture, 0, 50)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(("epoch", "x"), [(0, 56), (300, 528)])
def test_a_single_row_is_two_dots_with_their_losses(epoch: int, x: int, log: bool) -> None:
    picture = pixels(loss_chart(history([0.4], [0.8], [epoch]), log=log))
    assert rows_of(picture, INK, x)
    assert rows_of(picture, MUTED, x)
    assert is_drawn(picture, x + 10, x + 90)


EXTREMES: dict[str, list[float]] = {
    "huge": [0.5, 1e3, 1e300],
    "infinite": [0.5, 1e3, np.inf],
    "all infinite": [np.inf] * 3,
    "not a number": [0.5, np.nan, np.nan],
    "zero": [0.0] * 3,
    "tiny": [1e-300, 1e-310, 0.0],
}


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("losses", EXTREMES.values(), ids=EXTREMES)
def test_extreme_losses_are_drawn_up_to_their_end(losses: list[float], log: bool) -> None:
    picture = pixels(loss_chart(history(losses, losses), log=log))
    assert rows_of(picture, INK, 528)
    assert is_drawn(picture, 545, 600)


def test_epochs_are_written_with_their_thousands_apart() -> None:
    def below(last: int) -> int:
        """How many columns of the last number have ink."""
        picture = pixels(loss_chart(history([1.0, 1.0], [1.0, 1.0], [0, last])))
        return int(np.any(picture[330:, 500:] < 200, axis=(0, 2)).sum())

    assert below(2000) > below(200)
    comma = pixels(loss_chart(history([1.0, 1.0], [1.0, 1.0], [0, 2000])))[330:, 500:]
    plain = pixels(loss_chart(history([1.0, 1.0], [1.0, 1.0], [0, 200])))[330:, 500:]
    lowest = [np.flatnonzero(np.any(part < 200, axis=(1, 2))).max() for part in (comma, plain)]
    assert lowest[0] > lowest[1]  # a comma reaches below the digits


@pytest.mark.parametrize(("width", "height"), [(240, 160), (1200, 300)])
def test_a_chart_has_the_size_asked_for(width: int, height: int) -> None:
    rows = history([0.4, 0.3], [0.8, 0.7])
    assert pixels(loss_chart(rows, width, height)).shape == (height, width, 3)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ({"width": 239}, "width: expected a whole number from 240 to 2000, got 239"),
        ({"height": 2001}, "height: expected a whole number from 160 to 2000, got 2001"),
        ({"height": 200.5}, "height: expected a whole number from 160 to 2000, got 200.5"),
    ],
)
def test_a_size_out_of_range_is_refused(size: Any, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{text}\.$"):
        loss_chart(history([], []), **size)


def test_the_same_history_gives_the_same_bytes() -> None:
    rows = history([0.4, 0.3], [0.8, 0.7])
    assert loss_chart(rows) == loss_chart(rows.copy())


def test_a_thinned_line_keeps_the_extremes_of_every_column_of_pixels() -> None:
    x, y = np.linspace(0, 9.99, 1000), np.zeros(1000)
    y[[123, 777]] = 5.0, -5.0
    columns, heights = thinned(x, y)
    assert len(columns) == len(heights) == 20
    assert {(int(c), h) for c, h in zip(columns, heights, strict=True) if h} == {(1, 5.0), (7, -5.0)}
    few = thinned(x[::100], y[::100])
    assert [part.tolist() for part in few] == [x[::100].tolist(), y[::100].tolist()]


# --- the boundary -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [None, "1.2", "xSquared"])
def test_the_boundary_as_png_is_the_engines_picture(unit: str | None) -> None:
    trainer = Trainer(Config(numSamples=100))
    np.testing.assert_array_equal(pixels(boundary_png(trainer, unit, 120)), boundary(trainer, 120, unit))


def test_the_boundary_in_a_terminal_has_the_pictures_colours_or_their_shades() -> None:
    trainer = Trainer(Config(numSamples=100))
    trainer.train(20)
    picture = boundary(trainer, 16, points=False).astype(int)  # (16, 16, 3)
    text = terminal_boundary(trainer, color=True, side=16)
    styles = [span.style for span in text.spans if isinstance(span.style, Style)]
    found = [[color and color.get_truecolor() for color in (style.color, style.bgcolor)] for style in styles]
    expected = picture.reshape(8, 2, 16, 3).swapaxes(1, 2).reshape(128, 2, 3)  # upper and lower of each half block
    assert found == [[tuple(color) for color in pair] for pair in expected.tolist()]
    trainer.network.theta.fill(0)
    assert set(terminal_boundary(trainer, color=False, side=16).plain) == {" ", "\n"}


def test_a_recorded_run_is_drawn_as_it_is() -> None:
    rows = Trainer(Config(numSamples=100)).record(5)
    assert is_drawn(pixels(loss_chart(rows)), 545, 620)
