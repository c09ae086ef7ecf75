"""Tables as people bring them: each is read as a person would read it, or refused in a sentence."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tabular.formats import MAX_BYTES
from app.tabular.reading import Reading, Row, read
from app.tabular.table import TableError
from engine.data.points import MAX_CLASSES, MAX_POINTS, decode, encode
from engine.errors import InputError

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "golden" / "tables.json").read_text())


def content(case: dict[str, Any]) -> bytes:
    return base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode()


def rows(reading: Reading) -> list[list[float | str | None]]:
    return [[row.x1, row.x2, row.label] for row in reading.rows]


def refusal(data: bytes, **choice: str) -> str:
    with pytest.raises((TableError, InputError)) as caught:
        read(data, **choice)
    return str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_table_is_read_as_a_person_would(case: dict[str, Any]) -> None:
    reading = read(content(case))
    assert rows(reading) == case["rows"]
    assert reading.problem == case["problem"]


# --- what is told ---------------------------------------------------------------------------------------------------


def test_rows_without_a_value_are_left_out_and_counted_by_what_they_lack() -> None:
    reading = read(b"height,weight,sex\n1,2,m\n,2,f\n3,?,f\n3,x,f\n4,4,\n5,6,f\n")
    assert rows(reading) == [[1, 2, "m"], [5, 6, "f"]]
    assert reading.notes == [
        "1 row left out: height missing.",
        "1 row left out: weight missing.",
        "1 row left out: weight is no number.",
        "1 row left out: sex missing.",
    ]


def test_a_title_and_torn_rows_are_told() -> None:
    reading = read(b"Survey of 2024\nx,y,label\n1,2,0\n2,1,1\n1,1,0\noops\n")
    assert reading.notes == ["Left out above the table: 'Survey of 2024'.", "1 row left out: not 3 cells wide."]


def test_of_too_many_rows_some_are_drawn_by_the_seed() -> None:
    data = "\n".join(f"{place},{place % 7},{place % 2}" for place in range(MAX_POINTS + 500)).encode()
    first, again, other = (read(data, columns="x1=1,x2=2,label=3", seed=seed) for seed in ("1", "1", "2"))
    assert first.rows == again.rows != other.rows
    assert len(first.rows) == MAX_POINTS
    assert list(first.rows) == sorted(first.rows, key=lambda row: row.x1)
    assert first.notes == ["3,000 of 3,500 rows taken, drawn by the seed."]


def test_of_too_many_classes_the_most_frequent_stay() -> None:
    names = [chr(97 + place) for place in range(MAX_CLASSES + 2)]
    data = "\n".join(f"{count},{count},{name}" for place, name in enumerate(names) for count in range(20 - place))
    reading = read(data.encode())
    assert list(reading.classes) == names[:MAX_CLASSES]
    assert reading.notes == [f"{13 + 14} rows of 2 other classes left out."]


def test_two_of_many_classes_are_taken_where_two_were_asked_for() -> None:
    reading = read(b"1,2,a\n2,1,b\n3,3,b\n4,4,c\n5,5,c\n", problem="classification")
    assert list(reading.classes) == ["b", "c"]
    assert [point.label for point in reading.points] == [-1, -1, 1, 1]


# --- classes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ("True False", ["False", "True"]),
        ("yes no", ["no", "yes"]),
        ("1 -1", ["-1", "1"]),
        ("1.0 0.0", ["0", "1"]),
        ("10 9 1", ["1", "9", "10"]),
        ("b a", ["a", "b"]),
        ("negative positive", ["negative", "positive"]),
    ],
)
def test_classes_are_sorted_as_people_sort_them(labels: str, classes: list[str]) -> None:
    data = "\n".join(f"{place},{place},{label}" for place, label in enumerate(labels.split())).encode()
    assert list(read(data).classes) == classes


def test_names_that_differ_in_case_alone_are_one_class() -> None:
    reading = read(b"x,y,label\n1,2,yes\n2,1,no\n3,1,Yes\n")
    assert list(reading.classes) == ["no", "yes"]
    assert [point.label for point in reading.points] == [1, -1, 1]


# --- the plane ------------------------------------------------------------------------------------------------------


def test_values_that_fill_the_plane_stay_as_they_are() -> None:
    reading = read(b"-3,2.5,a\n3,-2.25,b\n")
    assert reading.scale == {}
    assert reading.points == [(-3, 2.5, -1), (3, -2.25, 1)]


@pytest.mark.parametrize("unit", [1e-6, 1e6, 1e300])
def test_values_of_any_size_are_carried_to_the_plane(unit: float) -> None:
    reading = read(f"{1 * unit},{5 * unit},a\n{2 * unit},{3 * unit},b\n".encode())
    assert [(point.x, point.y) for point in reading.points] == [pytest.approx((-5, 5)), pytest.approx((5, -5))]
    factor, offset = reading.scale["x1"]
    assert factor * unit + offset == pytest.approx(-5)


def test_a_regression_beyond_the_labels_is_rescaled_too() -> None:
    reading = read(b"0,0,0\n4,1,400\n2,2,0.5\n3,1,8\n", problem="regression")
    assert [round(point.label, 4) for point in reading.points] == [-1, 1, -0.9975, -0.96]
    assert set(reading.scale) == {"x2", "label"}


# --- choices --------------------------------------------------------------------------------------------------------

IRIS = b"sl,sw,pl,pw,species\n5.1,3.5,1.4,0.2,a\n6.1,2.5,4.4,1.2,b\n"


def test_columns_are_chosen_by_name_or_number() -> None:
    assert read(IRIS, columns="x=pl, y=pw, label=species").rows == [Row(1.4, 0.2, "a"), Row(4.4, 1.2, "b")]
    assert read(IRIS, columns="x1=3,x2=4,class=5").rows == [Row(1.4, 0.2, "a"), Row(4.4, 1.2, "b")]
    assert read(IRIS, columns="x1=sl,label=pw").problem == "regression"


def test_a_part_column_is_recognized() -> None:
    reading = read(b"x,y,label,split\n1,2,a,train\n2,1,b,val\n3,3,a,Test\n")
    assert [row.part for row in reading.rows] == ["train", "validation", "test"]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("x1=speices,x2=pw,label=species", "columns.x1: expected one of the columns"),
        ("x1=6,x2=pw,label=species", "or a number up to 5, got '6'."),
        ("x3=pl", "columns: expected one of x1, x2, label, part before =, got 'x3'"),
        ("label=species", "columns: expected a column for x1, as x1=height,x2=weight,label=sex, got 'label=species'."),
        ("x1=species,x2=pw,label=sl", "rows: expected one with numbers and a label, none (species is no number)"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(columns: str, sentence: str) -> None:
    said = refusal(IRIS, columns=columns)
    assert sentence.split(", got")[0].split(", none")[0] in said


# --- files that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "file: expected rows of numbers, got an empty file."),
        (b" \n\n", "file: expected rows of numbers, got an empty file."),
        (b"x,y,label\n", "columns: expected a column of numbers for x1 and a column of labels"),
        (b"1," * 2000, "file: expected at most 1000 columns, got 2,001."),
        (b"[]", "file: expected rows of numbers, got no row of a table."),
        (b"\x00\x01\x02" * 50, "file: expected a table (text, JSON, .xlsx, .npy, .npz), got other binary data."),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(30),
            "file: expected a table (text, JSON, .xlsx, .npy, .npz), got other binary data.",
        ),
        (
            b"<!DOCTYPE html><table></table>",
            "file: expected a table, got a page of HTML: save the table itself as CSV.",
        ),
        (b"%PDF-1.7", "file: expected a table, got a PDF: save the table as CSV."),
        (b"PK\x03\x04 cut off", "file: expected a table, got an archive: unpack it first."),
        (b"[[1, 2, 1],\n[1,, 2]]", "line 2, column 4: expected JSON, got ', 2]]'."),
        (b"1" * (MAX_BYTES + 1), "file: expected at most 2,000,000 bytes, got 2,000,001."),
        (b"a,b\nc,d\n", "columns: expected a column of numbers for x1 and a column of labels"),
        (
            b"x,y,label\n1,2,a\n2,3,a\n",
            "label: expected at least two classes (choose another column, or a regression), got only 'a'.",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    assert refusal(data).startswith(sentence)


# --- any text -------------------------------------------------------------------------------------------------------

cells = st.one_of(st.text(max_size=4), st.sampled_from(["1", "0", "-1", "1e400", "nan", "cat", '"', "#", "x", "1,5"]))
tables = st.lists(st.lists(cells, max_size=4).map(",".join), max_size=6).map("\n".join)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=4)
trees = st.recursive(scalars, lambda tree: st.lists(tree, max_size=4) | st.dictionaries(st.text(max_size=5), tree))


def assert_read_or_refused(data: bytes, problem: str = "") -> None:
    try:
        reading = read(data, problem=problem)
    except TableError as error:
        told = [str(error)]
    else:
        assert len(decode(encode(reading.points))) == len(reading.points) == len(reading.rows)
        told = list(reading.notes)
    for sentence in told:
        assert sentence.endswith(".")
        assert len(sentence) < 2_000


@given(st.text() | tables | trees.map(json.dumps), st.sampled_from(["", "classification", "multiclass", "regression"]))
def test_any_text_is_read_or_refused_in_a_sentence(text: str, problem: str) -> None:
    assert_read_or_refused(text.encode(errors="replace"), problem)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(data: bytes) -> None:
    assert_read_or_refused(data)


@pytest.mark.parametrize(
    "unit", ["1", ",", "\n", "\r", '"', "[", "{", '{"points":', "[[1],", "1,2,1\n", "1,", "#", "\\", "[" + "9" * 99]
)
@pytest.mark.parametrize("start", ["", "[", '["', '1,2,"'])
def test_a_text_of_any_length_is_read_or_refused_in_a_sentence(unit: str, start: str) -> None:
    assert_read_or_refused((start + unit * (200_000 // len(unit))).encode())
