"""The lines of a chart of losses: where their labels stand, and how one is cut into dashes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports.charts.lines import LABEL_GAP, LINES, dashes, spread
from engine import Measures

LOW, HIGH = 10, 200
WANTED = st.lists(st.floats(LOW - 50, HIGH + 50), min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([50, 100], [50, 100]),
        ([100, 102], [93, 109]),
        ([102, 100], [109, 93]),
        ([198, 200], [184, 200]),
        ([10, 10], [10, 26]),  # of equal ones the first above
        ([100, 101, 102], [85, 101, 117]),
        ([100, 101, 140], [92.5, 108.5, 140]),
        ([10, 190, 195], [10, 184, 200]),
    ],
)
def test_labels_stand_apart_and_as_near_to_their_lines_as_can_be(wanted: list[float], places: list[float]) -> None:
    assert spread(wanted, LOW, HIGH) == places


@given(WANTED)
def test_labels_keep_the_order_of_their_lines_and_within_the_chart(wanted: list[float]) -> None:
    places = spread(wanted, LOW, HIGH)
    ordered = np.array(places)[np.argsort(wanted, kind="stable")]
    assert np.diff(ordered).min(initial=LABEL_GAP) >= LABEL_GAP - 1e-9
    assert ordered[0] >= LOW
    assert ordered[-1] <= HIGH + 1e-9


def test_where_there_is_no_room_the_labels_share_it() -> None:
    assert spread([5, 5, 5], 10, 20) == [10, 15, 20]


def test_a_straight_line_is_cut_into_dashes_of_one_length_and_the_rest() -> None:
    pieces = dashes(np.array([0.0, 20.0]), np.zeros(2), 6, 3)
    assert [x.tolist() for x, _ in pieces] == [[0, 6], [9, 15], [18, 20]]
    assert all(not y.any() for _, y in pieces)


def test_a_dash_goes_round_the_corners_on_its_way() -> None:
    first, second = dashes(np.array([0.0, 4.0, 4.0]), np.array([0.0, 0.0, 8.0]), 6, 3)
    assert [line.tolist() for line in first] == [[0, 4, 4], [0, 0, 2]]
    assert [line.tolist() for line in second] == [[4, 4], [5, 8]]


def test_every_loss_of_a_history_has_a_line() -> None:
    assert set(LINES) == {name for name in Measures._fields if name.endswith("_loss")}
