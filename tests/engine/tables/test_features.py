"""Input features: point by point, over arrays, and as the network's input."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from engine.tables.features import FEATURES, design_matrix

AT_2_MINUS_3 = {
    "x": 2.0,
    "y": -3.0,
    "xSquared": 4.0,
    "ySquared": 9.0,
    "xTimesY": -6.0,
    "sinX": 0.9092974268256817,
    "sinY": -0.1411200080598672,
    "cosX": -0.4161468365471424,
    "cosY": -0.9899924966004454,
}
"""Every feature of the point (2, -3), in network order."""


def test_features_are_those_worked_out_by_hand_and_in_network_order() -> None:
    assert {name: feature.f(2.0, -3.0, math) for name, feature in FEATURES.items()} == pytest.approx(AT_2_MINUS_3)
    assert list(FEATURES) == list(AT_2_MINUS_3)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_of_an_array_is_that_of_each_of_its_points(name: str) -> None:
    x, y = np.random.default_rng(3).uniform(-6, 6, (2, 200))
    f = FEATURES[name].f
    singly = [f(a, b, math) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    np.testing.assert_allclose(f(x, y, np), singly, rtol=1e-13, atol=1e-15)


def test_only_the_cosines_are_carried_by_the_originals_links_without_feeding_its_network() -> None:
    assert [name for name, feature in FEATURES.items() if feature.extra] == ["cosX", "cosY"]


@pytest.mark.parametrize("name", FEATURES)
def test_a_label_in_html_reads_like_the_plain_one(name: str) -> None:
    feature = FEATURES[name]
    assert re.sub(r"</?(i|sub)>", "", feature.html).replace("²", "^2") == feature.label


def test_the_design_matrix_has_a_row_a_feature_a_column_a_point_and_a_last_row_of_ones() -> None:
    X = design_matrix(["xTimesY", "x"], [(2.0, -3.0), (0.5, 4.0), (0.0, 0.0)])
    assert X.dtype == np.float64
    assert X.tolist() == [[-6, 2, 0], [2, 0.5, 0], [1, 1, 1]]


def test_without_features_or_points_the_design_matrix_keeps_its_ones() -> None:
    assert design_matrix([], [(2.0, -3.0)]).tolist() == [[1]]
    assert design_matrix(["x", "y"], []).shape == (3, 0)
