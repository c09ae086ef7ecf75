"""The line in saved pictures: straight where the network is linear, thin, and none where nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Trainer, boundary, parse_link
from engine.pictures import decision_line
from engine.tables import Array

SIZE = 200


def drawn(trainer: Trainer, unit: str | None = None) -> Array:
    """How much darker the line makes each pixel, (S, S)."""
    plain, lined = (boundary(trainer, SIZE, unit, points=False, line=line).astype(int) for line in (False, True))
    return np.asarray((plain - lined).sum(axis=2))


def trained(link: str, epochs: int = 20) -> Trainer:
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer


@pytest.mark.parametrize("output", ["tanh", "linear"])
def test_the_line_of_a_linear_network_is_straight_and_thin(output: str) -> None:
    trainer = trained(f"networkShape=&dataset=gauss&noise=30&seed=0.3&outputActivation={output}")
    w1, w2, b = trainer.network.theta
    darker = drawn(trainer)
    rows, columns = np.nonzero(darker)
    x, y = (columns + 0.5) / SIZE * 12 - 6, 6 - (rows + 0.5) / SIZE * 12
    away = (w1 * x + w2 * y + b) / np.hypot(w1, w2) * SIZE / 12  # in pixels
    weights = darker[rows, columns]
    assert len(rows) > SIZE
    assert np.abs(away).max() < 1.6
    assert abs(np.average(away, weights=weights)) < 0.1


def test_a_class_has_the_lines_around_it_alone() -> None:
    trainer = trained("problem=multiclass&classes=4&networkShape=5", 30)
    assert 0 < np.count_nonzero(drawn(trainer, "2.1")) < np.count_nonzero(drawn(trainer))


def test_flat_values_about_zero_are_no_line() -> None:
    flat = np.full((8, 8), 1e-12)
    assert not decision_line.of_unit(flat, flat).any()
    assert not decision_line.of_unit(np.maximum(flat - 1, 0), flat - 1).any()


@pytest.mark.parametrize(("size", "unit"), [(99, None), (SIZE, "x")])
def test_small_pictures_and_features_have_no_line(size: int, unit: str | None) -> None:
    trainer = trained("networkShape=2")
    plain, lined = (boundary(trainer, size, unit, points=False, line=line) for line in (False, True))
    assert np.array_equal(plain, lined)
