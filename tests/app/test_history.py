"""The losses so far: every row as long as there is room, then every second, and so on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history import ROWS, History


def filled(epochs: range) -> History:
    """A history in which each epoch's losses can be told from all others."""
    history = History()
    for epoch in epochs:
        history.append(epoch, epoch + 0.25, epoch + 0.5)
    return history


def epochs_of(history: History) -> list[int]:
    return [int(epoch) for epoch in history.since(-1)[:, 0]]


def test_a_short_history_holds_every_row() -> None:
    rows = filled(range(3)).since(-1)
    assert rows.dtype == np.float64
    assert rows.tolist() == [[0, 0.25, 0.5], [1, 1.25, 1.5], [2, 2.25, 2.5]]


def test_an_empty_history_has_no_rows_of_three() -> None:
    history = History()
    assert history.since(-1).shape == (0, 3)
    assert history.last is None


def test_an_epoch_told_again_takes_the_place_of_its_row() -> None:
    history = filled(range(3))
    history.append(2, 7.0, 8.0)
    assert history.since(0).tolist() == [[1, 1.25, 1.5], [2, 7.0, 8.0]]
    assert history.last == tuple(history.since(1)[0])


def test_a_history_never_outgrows_its_limit() -> None:
    history = History()
    for epoch in range(3 * ROWS):
        history.append(epoch, 1.0, 1.0)
        assert len(history.since(-1)) <= ROWS


# Runs at changing speed: so many samples, so many epochs apart.
@given(st.lists(st.tuples(st.integers(1, 2 * ROWS), st.integers(1, 400)), max_size=4))
def test_epochs_ascend_within_the_limit_whatever_the_distance_of_the_samples(paces: list[tuple[int, int]]) -> None:
    history, epoch = History(), 0
    for samples, stride in paces:
        for _ in range(samples):
            epoch += stride
            history.append(epoch, 1.0, 1.0)
        epochs = epochs_of(history)
        assert len(epochs) <= ROWS
        assert epochs == sorted(set(epochs))


@pytest.mark.parametrize("stride", [1, 7, 100])
def test_a_long_history_is_thinned_evenly(stride: int) -> None:
    epochs = epochs_of(filled(range(0, 10_000 * stride, stride)))
    assert len(set(np.diff(epochs))) == 1
    assert epochs[0] == 0
    assert len(epochs) > ROWS // 2 - 1
    assert epochs[-1] > 0.99 * 10_000 * stride


def test_a_row_that_is_kept_is_kept_as_it_was() -> None:
    for epoch, train, test in filled(range(5_000)).since(-1).tolist():
        assert (train, test) == (epoch + 0.25, epoch + 0.5)


@pytest.mark.parametrize(
    ("after", "rest"), [(-1, [0, 1, 2, 3]), (0, [1, 2, 3]), (1.5, [2, 3]), (2, [3]), (3, []), (9, [])]
)
def test_the_rows_since_an_epoch_are_those_after_it(after: float, rest: list[int]) -> None:
    assert filled(range(4)).since(after)[:, 0].tolist() == rest


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1, 5 * ROWS])
def test_a_history_comes_back_from_its_bytes(rows: int) -> None:
    history = filled(range(rows))
    assert History.from_bytes(history.to_bytes()).since(-1).tolist() == history.since(-1).tolist()


def test_a_history_that_came_back_goes_on_as_it_would_have() -> None:
    history = filled(range(1_500))
    twin = History.from_bytes(history.to_bytes())
    for epoch in range(1_500, 4_000):
        history.append(epoch, 1.0, 1.0)
        twin.append(epoch, 1.0, 1.0)
    assert epochs_of(twin) == epochs_of(history)
