"""How a run shows itself in a notebook."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import boundary
from engine.data.datasets import DATASETS
from engine.numbers import short
from engine.trainer import Trainer
from tests.engine.runs import small


def trained(epochs: int, **values: Any) -> Trainer:
    trainer = Trainer(small(**values))
    trainer.train(epochs)
    return trainer


class Shown(HTMLParser):
    """What is in a piece of HTML: its elements, the image's attributes, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.image: dict[str, str | None] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "img":
            self.image = dict(attributes)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_run_shows_itself_as_its_boundary() -> None:
    trainer = trained(3)
    image = Image.open(io.BytesIO(trainer._repr_png_()))
    assert image.size == (300, 300)
    np.testing.assert_array_equal(np.asarray(image), boundary(trainer, 300))


def test_html_carries_the_same_picture_with_its_description_and_nothing_that_loads_or_runs() -> None:
    trainer = trained(3, showTestData=True)
    shown = Shown(trainer._repr_html_())
    assert shown.tags == ["figure", "img", "figcaption"]
    kind, _, data = str(shown.image["src"]).partition(",")
    assert (kind, base64.b64decode(data)) == ("data:image/png;base64", trainer._repr_png_())
    assert (shown.image["width"], shown.image["height"]) == ("300", "300")
    assert str(shown.image["alt"]).startswith("Circle: the output over the plane")
    assert str(shown.image["alt"]).endswith("25 training points and 75 test points.")


def test_html_tells_epoch_losses_scores_and_parameters_in_a_line() -> None:
    trainer = trained(1200)
    measures = trainer.measure()
    assert Shown(trainer._repr_html_()).text.strip() == (
        f"Epoch 1,200 · Loss: test {short(measures.test_loss)}, train {short(measures.train_loss)} · "
        f"Accuracy: test {100 * measures.test_score:.1f} %, train {100 * measures.train_score:.1f} % · 20 parameters"
    )


def test_html_of_a_regression_tells_r_squared() -> None:
    trainer = trained(20, problem="regression")
    assert f"· R²: test {short(trainer.measure().test_score)}, train " in Shown(trainer._repr_html_()).text


def test_html_of_many_classes_tells_how_many_there_are_and_the_accuracy() -> None:
    trainer = trained(20, problem="multiclass", percValidationData=25, showTestData=True)
    shown = Shown(trainer._repr_html_())
    assert f"· Accuracy: test {100 * trainer.measure().test_score:.1f} %, train " in shown.text
    assert shown.image["alt"] == (
        "Blobs: the output over the plane, in the colours of 3 classes, paler where it is less sure, with 25 training "
        "points and 25 validation points and 50 test points."
    )


def test_html_says_that_a_run_has_diverged() -> None:
    trainer = trained(1000, problem="regression", activation="linear", learningRate=10.0)
    assert trainer.diverged
    assert f"stopped: the loss grew without bound at epoch {trainer.diverged.epoch}" in trainer._repr_html_()


def test_html_escapes_what_it_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    label = '"><script>&amp;'
    monkeypatch.setitem(DATASETS, "circle", replace(DATASETS["circle"], label=label))
    shown = Shown(Trainer(small())._repr_html_())
    assert shown.tags == ["figure", "img", "figcaption"]
    assert str(shown.image["alt"]).startswith(label)
