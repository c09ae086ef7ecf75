"""When a run is called stuck."""

from __future__ import annotations

import numpy as np
import pytest

from app.explain.plateau import HARDLY, LONG, SECONDS, SOLVED, PlateauWatch, stuck_since
from engine.tables import Array

EPOCHS = np.arange(0.0, 2 * LONG + 1, 10)
FLAT = np.full(len(EPOCHS), 0.22)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e9])
def test_a_flat_loss_of_any_size_is_stuck_for_the_second_half_of_the_run(size: float) -> None:
    noise = 1 + 0.1 * np.random.default_rng(1).standard_normal(len(EPOCHS))
    assert stuck_since(EPOCHS, size * FLAT * noise, 0.7) == LONG


def test_a_loss_that_rises_is_stuck() -> None:
    assert stuck_since(EPOCHS, np.linspace(0.1, 0.2, len(EPOCHS)), 0.7) == LONG


@pytest.mark.parametrize("losses", [np.exp(-EPOCHS / 1000), 1 / (1 + EPOCHS), 0.22 * (1 - EPOCHS / 10_000)])
def test_a_loss_that_still_falls_is_not(losses: Array) -> None:
    assert stuck_since(EPOCHS, losses, 0.7) is None


def test_a_loss_that_falls_after_a_long_rest_is_not() -> None:
    assert stuck_since(EPOCHS, np.where(EPOCHS < 1.8 * LONG, 0.5, 0.2), 0.7) == LONG
    assert stuck_since(EPOCHS, np.where(EPOCHS < 1.7 * LONG, 0.5, 0.2), 0.7) is None


def test_neither_a_solved_run_nor_a_short_one_is() -> None:
    assert stuck_since(EPOCHS, FLAT, SOLVED) is None
    assert stuck_since(EPOCHS[:50], FLAT[:50], 0.5) is None
    assert stuck_since(EPOCHS, FLAT, 0.5, start=LONG + 10) is None
    assert stuck_since(np.array([]), np.array([]), 0.5) is None


def test_what_it_calls_a_fall_is_a_share_of_the_loss() -> None:
    step = np.where(EPOCHS < 1.5 * LONG, 1.0, 1 - HARDLY)
    assert stuck_since(EPOCHS, step - 0.001, 0.7) is None
    assert stuck_since(EPOCHS, step + 0.001 * (EPOCHS >= 1.5 * LONG), 0.7) == LONG


def test_a_watch_tells_each_change_once() -> None:
    watch = PlateauWatch()
    assert not watch.due(LONG - 1)
    assert watch.due(LONG)
    assert watch.look(EPOCHS, FLAT, 0.7, 100.0) == (False, None)
    assert not watch.due(2 * LONG)
    assert watch.look(EPOCHS, FLAT, 0.7, 100.0 + SECONDS) == (True, LONG)
    assert watch.look(EPOCHS, FLAT, 0.7, 120.0) == (False, LONG)
    watch.forget()
    assert watch.look(EPOCHS, FLAT, 0.7, 121.0) == (True, LONG)
    assert watch.look(EPOCHS, FLAT, 0.95, 122.0) == (True, None)
    assert watch.look(EPOCHS, FLAT, 0.95, 123.0) == (False, None)


def test_a_run_that_was_told_to_be_stuck_goes_on_once_its_loss_is_clearly_lower() -> None:
    watch = PlateauWatch()
    for now in (0.0, SECONDS):
        watch.look(EPOCHS, FLAT, 0.7, now)
    assert watch.look(EPOCHS, (1 - HARDLY) * FLAT, 0.7, 9.0) == (False, LONG)
    assert watch.look(EPOCHS, (1 - 3 * HARDLY) * FLAT, 0.7, 9.0) == (True, None)


def test_a_short_rest_is_not_spoken_of() -> None:
    watch = PlateauWatch()
    assert watch.look(EPOCHS, FLAT, 0.7, 0.0) == (False, None)
    assert watch.look(EPOCHS, 0.5 * FLAT, 0.7, SECONDS + 1) == (False, None)
