"""Records of x, y and label in CSV and JSON: however they are written, and by which line they are refused."""

from __future__ import annotations

import pytest

from engine.data.point_records import PointsError, Record, records
from engine.problems import Problem

SHAPE = "x, y and label, by name or in this order"
PLAIN: list[Record] = [("line 1", ["1", "2", "-1"]), ("line 2", ["3.5", "-4", "1"])]
BELOW_A_HEADER: list[Record] = [("line 2", ["1", "2", "-1"]), ("line 3", ["3.5", "-4", "1"])]


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PointsError) as caught:
        list(records(text))
    return caught.value.problems


# --- CSV ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", " , ", "; "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_three_numbers_a_line_are_a_point(separator: str, end: str, before: str) -> None:
    lines = (separator.join(cells) for cells in (("1", "2", "-1"), ("3.5", "-4", "1")))
    assert list(records(before + end.join(lines))) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "x,y,label\n1,2,-1\n3.5,-4,1\n",
        "label,y,x\n-1,2,1\n1,-4,3.5",
        "Class;X1;X2\n-1;1;2\n1;3.5;-4",
        "x1\tx2\ty\n1\t2\t-1\n3.5\t-4\t1",  # where there is an x2, y is a label
        "id,x,target,y\n1,1,-1,2\n2,3.5,1,-4",
        '"x","y","label"\n"1","2","-1"\n"3.5","-4","1"',
        "\ufeffx,y,value\n1,2,-1\n3.5,-4,1",
    ],
)
def test_a_header_names_the_columns_in_any_order(text: str) -> None:
    assert list(records(text)) == BELOW_A_HEADER


def test_blank_lines_and_comments_count_as_lines_and_say_nothing() -> None:
    text = '# points, "mine\n\n1,2,-1\n  \n # 7,7,7\n3.5,-4,1\n\n'
    assert list(records(text)) == [("line 3", ["1", "2", "-1"]), ("line 6", ["3.5", "-4", "1"])]


def test_a_quoted_field_may_have_separators_quotes_and_spaces() -> None:
    assert list(records('1,2,"a ""b"", c"\n1, 2, " d "')) == [
        ("line 1", ["1", "2", 'a "b", c']),
        ("line 2", ["1", "2", "d"]),
    ]


@pytest.mark.parametrize(
    ("text", "line", "expected", "got"),
    [
        ("1,2,1\n1,2", "line 2", "3 fields", "2"),
        ("1,2,1\n\n1,2,1,", "line 3", "3 fields", "4"),
        ("1,2,1\n1;2;1", "line 2", "3 fields", "1"),
        ('1,2,1\n"1,2,1', "line 2", "3 fields", "1"),
        ("a,x,y,class\n1,2,3,1\n1,2,3", "line 3", "4 fields", "3"),
        ("1,2,1\n" + "1," * 600, "line 2", "3 fields", "1"),
    ],
)
def test_a_line_of_another_number_of_fields_is_a_problem(text: str, line: str, expected: str, got: str) -> None:
    *_, last = records(text)
    assert last == Problem(line, expected, got)


@pytest.mark.parametrize(
    ("text", "line", "got"),
    [
        ("x,y\n1,2", "line 1", "['x', 'y']"),
        ("x,x1,y,label\n1,2,3,1", "line 1", "['x', 'x1', 'y', 'label']"),
        ("\n# iris\nlength,width,species\n1,2,cat", "line 3", "['length', 'width', 'species']"),
        ("hello", "line 1", "['hello']"),
        ("<html>", "line 1", "['<html>']"),
        ("," * 2_000, "line 1", "['" + "," * 57 + "…"),
    ],
)
def test_a_header_without_the_three_names_is_refused(text: str, line: str, got: str) -> None:
    assert refused(text) == (Problem(line, SHAPE, got),)


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2, -1], [3.5, -4, 1]]",
        '[{"x": 1, "y": 2, "label": -1}, {"label": 1, "y": -4, "x": 3.5}]',
        '[[1, 2, -1], {"x1": 3.5, "X2": -4, "class": 1, "name": "b"}]',
        '{"title": "mine", "points": [[1, 2, -1], ["3.5", "-4", "1"]]}',
        "\ufeff \n[[1, 2, -1],\n [3.5, -4, 1]]\n",
    ],
)
def test_json_has_a_list_of_lists_or_objects(text: str) -> None:
    assert list(records(text)) == [("point 1", ["1", "2", "-1"]), ("point 2", ["3.5", "-4", "1"])]


def test_a_number_in_json_stays_as_it_is_written() -> None:
    digits = "9" * 5000
    assert list(records(f"[[1e400, NaN, {digits}]]")) == [("point 1", ["1e400", "NaN", digits])]


@pytest.mark.parametrize(
    ("item", "got"),
    [
        ("[1, 2]", "a list of 2"),
        ("[]", "a list of 0"),
        ("[[1, 2, 3, 4]]", "a list of 1"),
        ("null", "null"),
        ("true", "true or false"),
        ("5", "'5'"),
        ('"1,2,1"', "'1,2,1'"),
        ("{}", "[]"),
        ('{"x": 1, "y": 2}', "['x', 'y']"),
        ('{"x": 1, "x1": 2, "label": 1}', "['x', 'x1', 'label']"),
    ],
)
def test_an_item_that_is_no_point_is_a_problem(item: str, got: str) -> None:
    assert list(records(f"[[1, 2, 1], {item}]"))[1] == Problem("point 2", SHAPE, got)


@pytest.mark.parametrize(
    ("text", "place", "got"),
    [
        ("[[1, 2, 1],\n [1,, 2]]", "line 2, column 5", "', 2]]'"),
        ("[[1, 2, 1]", "line 1, column 11", "the end"),
        ("{points: []}", "line 1, column 2", "'points: []}'"),
        ("[[1, 2, 1]] []", "line 1, column 13", "'[]'"),
        ("[[1, 2, 'cat']]", "line 1, column 9", "\"'cat']]\""),
        ("[" + "x" * 100, "line 1, column 2", "'xxxxxxxxxxxxxxxxxxxx'"),
    ],
)
def test_what_is_no_json_is_refused_by_line_and_column(text: str, place: str, got: str) -> None:
    assert refused(text) == (Problem(place, "JSON", got),)


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("{}", "an object"),
        ('{"points": 5}', "'5'"),
        ('{"points": null}', "null"),
        ('{"points": {"points": []}}', "an object"),
        ("[" * 100_000, "lists within lists"),
        ('{"points":' * 100_000, "lists within lists"),
    ],
)
def test_json_without_a_list_of_points_is_refused(text: str, got: str) -> None:
    assert refused(text) == (Problem("points", "a list of points", got),)
