"""Crossings: straight where the network is linear, at the right side of every pixel, and none where nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Trainer, parse_link
from engine.pictures import crossings
from engine.pictures.grid import Grid
from engine.tables import Array

SIDE = 100
BLOBS = "problem=multiclass&classDataset=blobs&classes=4&networkShape="


def places(found: Array, side: int) -> tuple[Array, Array]:
    """Where crossings lie on the grid: columns (E,) and rows (E,), from the middle of the first pixel."""
    edges, shares = found >> 14, (found & 255) / 255
    down = edges >= side * side
    rows, columns = np.divmod(edges - down * side * side, side)
    return columns + shares * ~down, rows + shares * down


def on_plane(trainer: Trainer, found: Array) -> Array:
    """The same as x and y, (2, E)."""
    (left, right), (bottom, top) = trainer.config.data.domain
    columns, rows = places(found, SIDE)
    return np.stack([left + (columns + 0.5) / SIDE * (right - left), top - (rows + 0.5) / SIDE * (top - bottom)])


def trained(link: str, epochs: int = 20) -> tuple[Trainer, Array]:
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    grid = Grid(trainer.config, scaling=trainer.scaling)
    return trainer, grid.maps(trainer.network, lines=True).lines


@pytest.mark.parametrize("output", ["tanh", "linear", "step"])
def test_the_decision_of_a_linear_network_is_a_straight_line(output: str) -> None:
    loss = "&loss=perceptron" if output == "step" else ""
    trainer, found = trained(f"networkShape=&dataset=gauss&noise=30&seed=0.3&outputActivation={output}{loss}")
    w1, w2, b = trainer.network.theta
    x, y = on_plane(trainer, found)
    away = np.abs(w1 * x + w2 * y + b) / np.hypot(w1, w2)
    assert len(found) >= SIDE - 1
    assert away.max() < 0.12 / 200  # of a pixel: as far as a share is told


def test_the_decisions_between_many_classes_are_straight_lines() -> None:
    trainer, found = trained(BLOBS)
    W = trainer.network.layers[-1].W  # (K, D + 1)
    first, second = found >> 8 & 7, found >> 11 & 7
    assert (first != second).all()
    difference = W[first] - W[second]  # (E, D + 1)
    x, y = on_plane(trainer, found)
    away = (difference * np.stack([x, y, np.ones_like(x)], axis=1)).sum(axis=1) / np.hypot(*difference[:, :2].T)
    assert np.abs(away).max() < 0.12 / 200


def test_a_hidden_unit_crosses_zero_on_its_line() -> None:
    trainer = Trainer(parse_link("networkShape=3&seed=0.3").config)
    trainer.train(20)
    found = Grid(trainer.config).maps(trainer.network, (0, 1), lines=True).selected_lines
    w1, w2, b = trainer.network.layers[0].W[1]
    x, y = on_plane(trainer, found)
    assert (np.abs(w1 * x + w2 * y + b) / np.hypot(w1, w2)).max() < 0.12 / 200


def test_every_edge_between_pixels_of_different_decisions_is_crossed_once() -> None:
    values = np.array([[-1.0, 3.0], [-1.0, -1.0]])
    found = crossings.of_unit(values.ravel(), values.ravel(), 2)
    assert (found >> 14).tolist() == [0, 5]  # to the right from the first pixel, and down from the second
    assert (found & 255).tolist() == [64, 191]  # a quarter and three quarters
    assert (found >> 8 & 7).tolist() == [0, 1]
    assert (found >> 11 & 7).tolist() == [1, 0]


def test_a_unit_that_is_cut_off_at_zero_has_no_crossings_where_it_is_flat() -> None:
    sums = np.linspace(-1, 1, 16)
    assert crossings.of_unit(np.maximum(sums, 0), sums, 4).tolist() == []


def test_a_flat_output_that_is_just_above_zero_has_no_specks() -> None:
    values = np.full(16, 1e-9)
    assert crossings.of_unit(values, values, 4).tolist() == []


def test_values_that_are_no_numbers_make_no_error() -> None:
    values = np.array([np.nan, 1.0, -np.inf, 2.0])
    found = crossings.of_unit(values, values, 2)
    assert ((found & 255) <= 255).all()


def test_maps_have_lines_only_where_they_are_asked_for() -> None:
    trainer = Trainer(parse_link("").config)
    assert Grid(trainer.config).maps(trainer.network).lines.size == 0
