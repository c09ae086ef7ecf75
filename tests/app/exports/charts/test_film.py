"""Films: the same pictures as the boundary's, one for each moment, in every format."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from app.exports.charts.film import FORMATS, Film, check_ending, film
from engine import Trainer, boundary, parse_link
from engine.pictures.film import Painter

LINK = "dataset=circle&networkShape=4&seed=0.3&showTestData=true"


def fresh(link: str = LINK) -> Trainer:
    return Trainer(parse_link(link).config)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("format", FORMATS)
def test_a_film_has_a_picture_for_each_moment_and_begins_again(format: str) -> None:
    picture = opened(film(fresh(), 7, format, size=120))
    assert picture.size == (120, 120)
    assert getattr(picture, "n_frames", 1) == 8
    assert picture.info["loop"] == 0
    assert picture.format == format.upper()


def test_a_long_run_has_ten_pictures_a_second_from_the_first_epoch_to_the_last() -> None:
    epochs = sorted(Film(fresh(), 1_000, seconds=2).epochs)
    assert (epochs[0], epochs[-1], len(epochs)) == (0, 1_000, 20)


@pytest.mark.parametrize(
    "link", [LINK, f"{LINK}&discretize=true", "problem=multiclass&networkShape=4", "problem=regression&networkShape="]
)
def test_a_picture_is_that_of_the_boundary_but_for_a_little(link: str) -> None:
    trainer = fresh(link)
    paint = Painter(trainer, 200)
    trainer.train(20)
    away = np.abs(paint(trainer).astype(int) - boundary(trainer, 200)).max(axis=2)
    assert away.mean() < 1.5
    assert np.quantile(away, 0.97) < 12


def test_a_run_that_ends_early_ends_with_its_last_picture() -> None:
    trainer = fresh("problem=regression&activation=linear&learningRate=10")
    picture = opened(film(trainer, 50, "gif", size=100))
    assert trainer.diverged
    assert 1 <= getattr(picture, "n_frames", 1) < 50


@pytest.mark.parametrize("name", ["spiral.mp4", "spiral", "gif"])
def test_another_ending_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"film: expected a file that ends in \.gif or \.webp or \.png"):
        check_ending(name)
