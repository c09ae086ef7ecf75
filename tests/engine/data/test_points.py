"""Points of one's own: every point comes back from its text, and every bad file is refused by the line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import Point
from engine.data.point_records import PointsError
from engine.data.points import ALPHABET, MAX_POINTS, decode, encode, read_points

GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "points.json").read_text())

steps = st.integers(-(2**17), 2**17 - 1)
exact = st.builds(Point, *[steps.map(lambda n: n / 10_000)] * 3)
finite = st.floats(allow_nan=False, allow_infinity=False)


def read(text: str, problem: str = "classification", *, rescale: bool = False) -> list[Point]:
    """The points of a text about which nothing is to be said."""
    points, _, notes = read_points(text, problem, rescale)
    assert notes == []
    return points


def refusal(text: str, problem: str = "classification", *, rescale: bool = False) -> str:
    with pytest.raises(PointsError) as caught:
        read_points(text, problem, rescale)
    return str(caught.value)


# --- points as text -----------------------------------------------------------------------------------------------


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


# --- labels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "classes", "note"),
    [
        (["-1", "1"], [-1, 1], None),
        (["1", "+1.0", "-1e0"], [1, 1, -1], None),
        (["1", "1"], [1, 1], None),
        (["1", "0", "1"], [1, -1, 1], "The label 0 was taken as -1."),
        (["0", "0.0"], [-1, -1], "The label 0 was taken as -1."),
        (["dog", "cat", "dog"], [-1, 1, -1], "The label 'dog' was taken as -1 and 'cat' as 1."),
        (['"a, b"', "Cat"], [-1, 1], "The label 'a, b' was taken as -1 and 'Cat' as 1."),
        (["cat", "Cat"], [-1, 1], "The label 'cat' was taken as -1 and 'Cat' as 1."),
    ],
)
def test_two_classes_are_read_by_number_or_by_name(labels: list[str], classes: list[int], note: str | None) -> None:
    points, scale, notes = read_points("\n".join(f"1,2,{label}" for label in labels), "classification", False)
    assert points == [Point(1, 2, label) for label in classes]
    assert (scale, notes) == (None, [note] if note else [])


def test_a_class_in_json_is_a_number_or_a_name_too() -> None:
    assert read("[[1, 2, 1], [1, 2, -1.0]]") == [Point(1, 2, 1), Point(1, 2, -1)]
    points, _, notes = read_points('[[1, 2, "\\ud800"], [1, 2, "dog"]]', "classification", False)
    assert [point.label for point in points] == [-1, 1]
    assert notes == [r"The label '\ud800' was taken as -1 and 'dog' as 1."]


NUMBERS = "expected -1 or 1 (or 0 and 1 alone, or two names)"


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["1", "2"], f"line 2: label: {NUMBERS}, got '2'."),
        (["-1", "0", "1"], f"line 2: label: {NUMBERS}, got '0'."),
        (["1", "nan"], f"line 2: label: {NUMBERS}, got 'nan'."),
        (["1", "cat"], f"line 2: label: {NUMBERS}, got 'cat'."),
        (["1", ""], f"line 2: label: {NUMBERS}, got ''."),
        (["0", "1", ""], "line 3: label: expected 0 or 1, got ''."),
        (["0", "1", "2"], "line 3: label: expected 0 or 1, got '2'."),
        (["cat", "dog", "1"], "line 3: label: expected 'cat' or 'dog', got '1'."),
        (["cat", "dog", "bird"], "line 3: label: expected 'cat' or 'dog', got 'bird'."),
        (["l", "1", "-1"], f"line 1: label: {NUMBERS}, got 'l'."),
        (["cat", "cat"], "label: expected two classes, got only 'cat'."),
    ],
)
def test_any_other_label_is_no_class(labels: list[str], sentence: str) -> None:
    assert refusal("\n".join(f"1,2,{label}" for label in labels)) == sentence


@pytest.mark.parametrize(
    ("labels", "classes", "notes"),
    [
        (["0", "2", "1"], [0, 2, 1], []),
        (["0", "5.0", "5"], [0, 5, 5], []),
        (["1", "2"], [1, 2], ["No label is 0, so class 1 has no points."]),
        (["b", "a", "b"], [0, 1, 0], ["The label 'b' was taken as 0 and 'a' as 1: classes 1 to 2."]),
        (["b", "a", "c"], [0, 1, 2], ["The label 'b' was taken as 0, 'a' as 1 and 'c' as 2: classes 1 to 3."]),
        (list("abcdef"), [0, 1, 2, 3, 4, 5], None),
    ],
)
def test_many_classes_are_read_by_number_from_0_or_by_name(
    labels: list[str], classes: list[int], notes: list[str] | None
) -> None:
    found = read_points("".join(f"1,2,{label}\n" for label in labels), "multiclass", False)
    assert [point.label for point in found.points] == classes
    assert notes is None or found.notes == notes


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["6"], "line 1: label: expected a whole number from 0 to 5 (or up to 6 names), got '6'."),
        (["0", "-1"], "line 2: label: expected a whole number from 0 to 5 (or up to 6 names), got '-1'."),
        (["0", "0.5"], "line 2: label: expected a whole number from 0 to 5 (or up to 6 names), got '0.5'."),
        (["0", "a"], "line 2: label: expected a whole number from 0 to 5 (or up to 6 names), got 'a'."),
        (["a", "b", "c", ""], "line 4: label: expected 'a', 'b' or 'c', got ''."),
        (["b", "7", "a"], "line 2: label: expected 'b' or 'a', got '7'."),
        (["a", "a"], "label: expected two classes, got only 'a'."),
        (list("abcdefg"), "label: expected at most 6 classes, got 7."),
    ],
)
def test_any_other_label_is_none_of_many_classes(labels: list[str], sentence: str) -> None:
    assert refusal("".join(f"1,2,{label}\n" for label in labels), "multiclass") == sentence


def test_a_regression_has_any_number_that_fits() -> None:
    assert read("1,2,0.25\n1,2,-13\n1,2,1.3e1", "regression") == [Point(1, 2, 0.25), Point(1, 2, -13), Point(1, 2, 13)]
    fits = "expected -13 to 13 (or rescale the points)"
    assert refusal("1,2,13.1", "regression") == f"line 1: label: {fits}, got '13.1'."
    assert refusal("1,2,cat", "regression") == "line 1: label: expected a finite number, got 'cat'."


# --- coordinates --------------------------------------------------------------------------------------------------


def test_the_edge_of_the_plotted_plane_is_the_farthest() -> None:
    assert read("6,-6,1") == [Point(6, -6, 1)]
    fits = "expected -6 to 6 (or rescale the points)"
    assert refusal("6.0001,-7,1") == f"line 1: x: {fits}, got '6.0001'. line 1: y: {fits}, got '-7'."


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e400", "1_0", "١", "0x1", "1.2.3", "", "--1", "1 2"])
@pytest.mark.parametrize("rescale", [False, True])
def test_a_coordinate_is_a_finite_decimal_number(text: str, rescale: bool) -> None:
    assert refusal(f"1,2,1\n1,{text},1", rescale=rescale) == f"line 2: y: expected a finite number, got {text!r}."


def test_rescaling_spans_minus_5_to_5_on_each_axis_and_says_how() -> None:
    points, scale, _ = read_points("100,-1,1\n200,3,-1\n120,2,1", "classification", True)
    assert points == [Point(-5, -5, 1), Point(5, 5, -1), Point(-3, 2.5, 1)]
    assert scale == {"x1": (0.1, -15), "x2": (2.5, -2.5)}


def test_rescaling_keeps_the_labels_of_a_regression_where_they_fit() -> None:
    points, scale, _ = read_points("0,0,0.5\n1,1,-1", "regression", True)
    assert [point.label for point in points] == [0.5, -1]
    assert scale == {"x1": (10, -5), "x2": (10, -5)}


def test_rescaling_spans_minus_1_to_1_where_a_label_is_beyond() -> None:
    points, scale, _ = read_points("0,0,0\n1,1,400\n0,1,300", "regression", True)
    assert [point.label for point in points] == [-1, 1, 0.5]
    assert scale == {"x1": (10, -5), "x2": (10, -5), "label": (0.005, -1)}


def test_an_axis_without_extent_is_moved_to_0() -> None:
    points, scale, _ = read_points("7,1e300,20\n7,1e300,20", "regression", True)
    assert points == [Point(0, 0, 0)] * 2
    assert scale == {"x1": (1, -7), "x2": (1, -1e300), "label": (1, -20)}


@given(st.lists(st.tuples(finite, finite, finite), min_size=1, max_size=8))
def test_points_of_any_size_are_rescaled_into_the_plane(values: list[tuple[float, float, float]]) -> None:
    points, scale, _ = read_points(json.dumps(values), "regression", True)
    assert scale is not None
    assert all(map(math.isfinite, (number for axis in scale.values() for number in axis)))
    assert all(math.isfinite(factor) and factor > 0 for factor, _ in scale.values())
    assert max(max(abs(point.x), abs(point.y)) for point in points) <= 5 + 1e-9
    assert max(abs(point.label) for point in points) <= 1 + 1e-9
    assert len(decode(encode(points))) == len(values)


# --- a file as a whole --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", "# nothing", "x,y,label\n", "[]", '{"points": []}'])
def test_a_file_without_points_is_refused(text: str) -> None:
    assert refusal(text) == "points: expected at least one point, got none."


@pytest.mark.parametrize("problem", ["classification", "regression"])
def test_a_file_may_have_three_thousand_points(problem: str) -> None:
    assert read("1,2,1\n" * 3000, problem) == [Point(1, 2, 1)] * 3000
    for text in ("1,2,1\n" * 3001, json.dumps([[1, 2, 1]] * 3001)):
        assert refusal(text, problem) == "points: expected at most 3000 points, got more."


def test_the_first_five_problems_are_told_and_how_many_more_there_are() -> None:
    told = " ".join(f"line {line}: x: expected a finite number, got ''." for line in range(1, 6))
    assert refusal(",2,1\n" * 5) == told
    assert refusal(",2,1\n" * 6) == told + " 1 more problem was found."
    assert refusal(",2,1\n" * 3000) == told + " 2995 more problems were found."


def test_problems_come_in_the_order_of_their_lines() -> None:
    assert refusal("1,x,2\n1,2\n\n1,2,1\n7,2,1") == (
        "line 1: y: expected a finite number, got 'x'. "
        f"line 1: label: {NUMBERS}, got '2'. "
        "line 2: expected 3 fields, got 2. "
        "line 5: x: expected -6 to 6 (or rescale the points), got '7'."
    )


def assert_read_or_refused(text: str, problem: str, rescale: bool) -> None:
    try:
        points, _, notes = read_points(text, problem, rescale)
    except PointsError as error:
        told = [str(error), *map(str, error.problems)]
    else:
        assert len(decode(encode(points))) == len(points)
        told = notes
    for sentence in told:
        assert sentence.endswith(".")
        assert len(sentence.encode()) < 2_000


cells = st.one_of(st.text(max_size=4), st.sampled_from(["1", "0", "-1", "1e400", "nan", "cat", '"', "#", "x", "label"]))
tables = st.lists(st.lists(cells, max_size=4).map(",".join), max_size=6).map("\n".join)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=4)
trees = st.recursive(scalars, lambda tree: st.lists(tree, max_size=4) | st.dictionaries(st.text(max_size=5), tree))


@given(
    st.text(st.characters(codec=None)) | tables | trees.map(json.dumps),
    st.sampled_from(["classification", "multiclass", "regression"]),
    st.booleans(),
)
def test_any_text_is_read_or_refused_in_a_sentence(text: str, problem: str, rescale: bool) -> None:
    assert_read_or_refused(text, problem, rescale)


@pytest.mark.parametrize(
    "unit",
    ["1", ",", "\n", "\r", '"', "[", "{", '{"points":', "[[1],", "1,2,1\n", "1,", "#", "\\", "\0", "[" + "9" * 99],
)
@pytest.mark.parametrize("start", ["", "[", '["', '1,2,"'])
def test_a_text_of_any_length_is_read_or_refused_in_a_sentence(unit: str, start: str) -> None:
    text = start + unit * (10_000_000 // len(unit) if len(unit) == 1 and not start else 50_000)
    assert_read_or_refused(text, "classification", False)
