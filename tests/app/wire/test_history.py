"""The losses so far: every row as long as there is room, then every second, and so on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire.history import COLUMNS, ROWS, HistoryRow, LossHistory


def row(epoch: float) -> HistoryRow:
    """A row whose numbers can be told from those of all others."""
    return HistoryRow(epoch, epoch + 0.25, epoch + 0.5, epoch + 0.125, epoch + 0.75, epoch + 0.375, 0.03)


def filled(epochs: range) -> LossHistory:
    """A history of such rows."""
    history = LossHistory()
    for epoch in epochs:
        history.append(row(epoch))
    return history


def epochs_of(history: LossHistory) -> list[int]:
    return [int(epoch) for epoch in history.since(-1)[:, 0]]


def test_a_short_history_holds_every_row() -> None:
    rows = filled(range(3)).since(-1)
    assert rows.dtype == np.float64
    assert rows.tolist() == [
        [0, 0.25, 0.5, 0.125, 0.75, 0.375, 0.03],
        [1, 1.25, 1.5, 1.125, 1.75, 1.375, 0.03],
        [2, 2.25, 2.5, 2.125, 2.75, 2.375, 0.03],
    ]


def test_an_empty_history_has_no_rows_of_so_many_numbers() -> None:
    history = LossHistory()
    assert history.since(-1).shape == (0, COLUMNS) == (0, 7)
    assert history.last is None


def test_an_epoch_told_again_takes_the_place_of_its_row() -> None:
    history = filled(range(3))
    again = HistoryRow(2, 7.0, 8.0, 6.0, 9.0, 5.0, 0.3)
    history.append(again)
    assert history.since(0).tolist() == [[*row(1)], [*again]]
    assert history.last == tuple(history.since(1)[0])


def test_a_history_never_outgrows_its_limit() -> None:
    history = LossHistory()
    for epoch in range(3 * ROWS):
        history.append(row(epoch))
        assert len(history.since(-1)) <= ROWS


# Runs at changing speed: so many samples, so many epochs apart.
@given(st.lists(st.tuples(st.integers(1, 2 * ROWS), st.integers(1, 400)), max_size=4))
def test_epochs_ascend_within_the_limit_whatever_the_distance_of_the_samples(paces: list[tuple[int, int]]) -> None:
    history, epoch = LossHistory(), 0
    for samples, stride in paces:
        for _ in range(samples):
            epoch += stride
            history.append(row(epoch))
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


def test_a_row_that_is_kept_keeps_its_losses_and_takes_in_the_batches_of_those_left_out() -> None:
    rows = filled(range(5_000)).since(-1).tolist()
    assert len(rows) < 2_000
    for before, kept in pairwise(map(HistoryRow._make, rows)):
        left_out = [row(other) for other in range(int(before.epoch) + 1, int(kept.epoch) + 1)]
        low, high = min(one.lowest for one in left_out), max(one.highest for one in left_out)
        assert kept == row(kept.epoch)._replace(lowest=low, highest=high)


@pytest.mark.parametrize(
    ("after", "rest"), [(-1, [0, 1, 2, 3]), (0, [1, 2, 3]), (1.5, [2, 3]), (2, [3]), (3, []), (9, [])]
)
def test_the_rows_since_an_epoch_are_those_after_it(after: float, rest: list[int]) -> None:
    assert filled(range(4)).since(after)[:, 0].tolist() == rest


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1, 5 * ROWS])
def test_a_history_comes_back_from_its_bytes(rows: int) -> None:
    history = filled(range(rows))
    assert LossHistory.from_bytes(history.to_bytes()).since(-1).tolist() == history.since(-1).tolist()


def test_a_history_that_came_back_goes_on_as_it_would_have() -> None:
    history = filled(range(1_500))
    twin = LossHistory.from_bytes(history.to_bytes())
    for epoch in range(1_500, 4_000):
        history.append(row(epoch))
        twin.append(row(epoch))
    assert epochs_of(twin) == epochs_of(history)


# --- of rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [0, 1, 600, ROWS, 5 * ROWS])
def test_a_history_is_made_of_the_rows_of_another(rows: int) -> None:
    history = filled(range(rows))
    assert LossHistory.of(history.since(-1).tolist()).since(-1).tolist() == history.since(-1).tolist()


def test_what_a_shorter_row_leaves_out_is_not_known() -> None:
    history = LossHistory.of([row(0)[:5], [*row(1)[:5], None, 0.1], row(2)])
    expected = np.array([row(0), row(1), row(2)])
    expected[[0, 0, 1], [5, 6, 5]] = np.nan
    expected[1, 6] = 0.1
    np.testing.assert_array_equal(history.since(-1), expected)
    np.testing.assert_array_equal(LossHistory.from_bytes(history.to_bytes()).since(-1), expected)


def test_rows_that_do_not_ascend_are_left_out() -> None:
    rows = [row(epoch) for epoch in (3, 1, 3, 4, 2.5, 4, 9)]
    assert epochs_of(LossHistory.of(rows)) == [3, 4, 9]


def test_more_rows_than_there_is_room_for_are_thinned() -> None:
    rows = [row(epoch) for epoch in range(ROWS + 1)]
    epochs = epochs_of(LossHistory.of(rows))
    assert epochs == list(range(0, ROWS + 1, 2))


@pytest.mark.parametrize("length", [300, 3_000, 10_000])
def test_a_history_of_rows_goes_on_about_as_densely_as_it_was(length: int) -> None:
    history = filled(range(length))
    twin = LossHistory.of(history.since(-1).tolist())
    before = np.diff(epochs_of(history))[0]
    for epoch in range(length, length + 200):
        twin.append(row(epoch))
    gaps = np.diff(epochs_of(twin))[-5:]
    assert (before / 2 <= gaps).all()
    assert (gaps <= 2 * before).all()
