"""Formats that are no delimited text: arrays, workbooks, JSON in further shapes; what bad files are refused for."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tabular.binary_formats import LARGEST_MEMBER
from app.tabular.reading import Reading, read
from app.tabular.table import TableError

FRAME = pd.DataFrame({"height": [183.5, 164.0, 171.0], "weight": [81, 58, 66], "sex": ["m", "f", "f"]})
EXPECTED = [[183.5, 81, "m"], [164, 58, "f"], [171, 66, "f"]]


def rows(reading: Reading) -> list[list[float | str | None]]:
    return [[row.x1, row.x2, row.label] for row in reading.rows]


def saved(write: Callable[[io.BytesIO], Any]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    return saved(lambda file: np.savez(file, **arrays))


@pytest.mark.parametrize("orient", ["records", "columns", "split", "index", "values", "table"])
def test_every_shape_of_json_that_pandas_writes_is_read(orient: Any) -> None:
    assert rows(read(FRAME.to_json(orient=orient).encode())) == EXPECTED


@pytest.mark.parametrize(
    "options", [{}, {"index": False}, {"sep": ";", "decimal": ","}, {"sep": "\t", "header": False}]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_dialect_that_pandas_writes_is_read(options: dict[str, Any], encoding: str) -> None:
    frame = FRAME.assign(sex=["männlich", "weiblich", "weiblich"])
    text = frame.to_csv(**({"index": False} | options if "header" in options else options), lineterminator="\r\n")
    assert rows(read(text.encode(encoding))) == [[*row[:2], sex] for row, sex in zip(EXPECTED, frame.sex, strict=True)]


numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(numbers, numbers, st.sampled_from("ab")), min_size=3, max_size=9), st.sampled_from(",;\t|"))
def test_any_table_of_numbers_comes_back(table: list[tuple[float, float, str]], separator: str) -> None:
    table = [*table, (1.5, 2.5, "a"), (2.5, 1.25, "b")]
    frame = pd.DataFrame(table, columns=["u", "v", "kind"])
    text = frame.to_csv(sep=separator, decimal="," if separator != "," else ".", index=False)
    assert rows(read(text.encode())) == [list(row) for row in table]


def test_arrays_of_numpy_are_read() -> None:
    inputs, labels = np.array([[1.5, 2], [2, 1], [3, 4]]), np.array(["a", "b", "a"])
    expected = [[1.5, 2, "a"], [2, 1, "b"], [3, 4, "a"]]
    assert rows(read(npz(X=inputs, y=labels))) == expected
    assert rows(read(npz(data=inputs, target=np.array([0, 1, 0])))) == [[1.5, 2, "0"], [2, 1, "1"], [3, 4, "0"]]
    assert rows(read(npz(x=inputs[:, 0], y=inputs[:, 1], label=labels))) == expected
    assert rows(read(saved(lambda file: np.save(file, np.c_[inputs, [0, 1, 0]])))) == [
        [1.5, 2, "0"],
        [2, 1, "1"],
        [3, 4, "0"],
    ]


def test_a_file_of_matlab_is_read() -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    data = saved(lambda file: savemat(file, {"X": np.array([[1.5, 2], [2, 1]]), "y": np.array([[0], [1]])}))
    assert rows(read(data)) == [[1.5, 2, "0"], [2, 1, "1"]]


def test_features_of_geojson_are_points_by_longitude_and_latitude() -> None:
    features = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": {"type": "Point", "coordinates": [x, y, 0]}}
        for x, y, kind in ((8.5, 47.4, "town"), (7.6, 46.5, "hill"))
    ]
    reading = read(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert rows(reading) == [[8.5, 47.4, "town"], [7.6, 46.5, "hill"]]


def workbook(*sheets: list[list[Any]]) -> bytes:
    """A workbook as the format says, with texts inline."""

    def cell(value: Any) -> str:
        return (
            f"<c><v>{value}</v></c>"
            if isinstance(value, (int, float))
            else (f'<c t="inlineStr"><is><t>{value}</t></is></c>')
        )

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    places = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets>'
        + "".join(f'<sheet name="Sheet{place}" sheetId="{place}" r:id="r{place}"/>' for place in places)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{place}" Type="{kind}/worksheet" Target="worksheets/sheet{place}.xml"/>'
            for place in places
        )
        + "</Relationships>",
    }
    for place, sheet in enumerate(sheets, 1):
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in sheet)
        parts[f"xl/worksheets/sheet{place}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )

    def write(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    return saved(write)


def test_the_first_sheet_of_a_workbook_is_read() -> None:
    reading = read(workbook([["height", "weight", "sex"], *EXPECTED], [["other"]]))
    assert rows(reading) == EXPECTED
    assert reading.notes == ["Read the sheet 'Sheet1'; 1 other sheet left out."]


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    def write(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * (LARGEST_MEMBER + 1))

    bomb = saved(write)
    assert len(bomb) < 100_000
    with pytest.raises(TableError, match="expected parts of at most 50,000,000 bytes, got one of 50,000,001"):
        read(bomb)


def test_objects_of_python_are_refused() -> None:
    for data in (npz(X=np.array([{}, []], dtype=object)), saved(lambda file: np.save(file, np.array([{}], object)))):
        with pytest.raises(TableError, match="one of Python objects, which could run code"):
            read(data)


@pytest.mark.parametrize("size", [20, 100, 200])
@pytest.mark.parametrize("data", [npz(X=np.eye(2), y=np.arange(2)), workbook(EXPECTED)], ids=["npz", "xlsx"])
def test_a_file_that_is_cut_off_is_refused(data: bytes, size: int) -> None:
    with pytest.raises(TableError, match="expected"):
        read(data[:size])


def test_two_cells_far_apart_are_refused_in_a_sentence_and_end_nothing() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    near = zipfile.ZipFile(io.BytesIO(workbook([[1, 2]])))
    parts = {name: near.read(name).decode() for name in near.namelist()}

    def write(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, re.sub("<row>.*</row>", cells, part))

    far = saved(write)
    assert len(far) < 3_000
    with pytest.raises(TableError, match=r"expected a workbook that can be read with .*, got one that needs more"):
        read(far)
