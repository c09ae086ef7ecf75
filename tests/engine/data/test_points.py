"""Points of one's own: every point comes back from its text."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import Point
from engine.data.points import ALPHABET, MAX_POINTS, decode, encode

GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "points.json").read_text())

steps = st.integers(-(2**17), 2**17 - 1)
exact = st.builds(Point, *[steps.map(lambda n: n / 10_000)] * 3)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["text"][:9] or "none")
def test_points_and_their_text_are_those_that_the_page_knows(golden: dict[str, Any]) -> None:
    points = [Point(*values) for values in golden["points"]]
    assert encode(points) == golden["text"]
    assert decode(golden["text"]) == points


@given(st.lists(exact, max_size=20))
def test_every_list_of_points_comes_back_from_its_text(points: list[Point]) -> None:
    text = encode(points)
    assert len(text) == 9 * len(points)
    assert decode(text) == points


@given(st.lists(st.text(ALPHABET, min_size=9, max_size=9), max_size=20).map("".join))
def test_every_text_comes_back_from_its_points(text: str) -> None:
    assert encode(decode(text)) == text


@given(st.builds(Point, *[st.floats(-13.1072, 13.1071)] * 3))
def test_a_point_is_rounded_to_the_nearest_four_decimals(point: Point) -> None:
    (near,) = decode(encode([point]))
    for value, rounded in zip(point, near, strict=True):
        assert abs(value - rounded) <= 0.00005 + 1e-12
        assert round(rounded, 4) == rounded


def test_a_half_is_rounded_up_as_in_a_browser() -> None:
    # 0.5 and -0.5 steps in floats that are exact: 1 / 16 of a unit is 625 steps, 1 / 32 is 312.5.
    assert decode(encode([Point(1 / 32, -1 / 32, 3 / 32)])) == [Point(0.0313, -0.0312, 0.0938)]


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        (Point(13.2, 0, 1), "point 2: x: expected -13.1072 to 13.1071, got 13.2."),
        (Point(0, -13.10721, 1), "point 2: y: expected -13.1072 to 13.1071, got -13.10721."),
        (Point(0, 0, math.inf), "point 2: label: expected -13.1072 to 13.1071, got inf."),
        (Point(0, math.nan, 1), "point 2: y: expected -13.1072 to 13.1071, got nan."),
    ],
)
def test_a_point_that_does_not_fit_is_named(point: Point, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        encode([Point(0, 0, 1), point])
    assert str(caught.value) == sentence


def test_three_thousand_points_are_the_most() -> None:
    most = [Point(0, 0, 1)] * MAX_POINTS
    assert decode(encode(most)) == most
    with pytest.raises(ValueError, match="points: expected at most 3000 points, got 3001"):
        encode([*most, Point(0, 0, 1)])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gAAgAAgA", "points: expected 9 characters for each point, got 'gAAgAAgA'."),
        ("gAAgAAgA=", "points: expected letters, digits, - and _ alone, got 'gAAgAAgA='."),
        ("gAAgAAgAé", "points: expected letters, digits, - and _ alone, got 'gAAgAAgAé'."),
        ("\ud800" * 9, "points: expected letters, digits, - and _ alone, got '" + r"\ud800" * 9 + "'."),
        (
            "gAAgAAgAA" * 3001,
            "points: expected at most 3000 points, got '" + "gAAgAAgAA" * 6 + "gAAg….",
        ),
    ],
)
def test_a_text_that_is_none_of_points_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        decode(text)
    assert str(caught.value) == sentence
