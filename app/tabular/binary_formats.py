"""Files that are no text: spreadsheets, arrays of NumPy and of MATLAB."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

import numpy as np

from app.process.subprocesses import environment, python
from app.tabular.delimited import shaped
from app.tabular.table import Table, TableError, counted
from engine.errors import Problem

MOST_CELLS = 2_000_000
MOST_MEGABYTES, MOST_SECONDS = 1_024, 20
"""Memory and time that a workbook may take to be read."""
READER = "from app.tabular.binary_formats import print_sheet; print_sheet()"
LARGEST_WHOLE = 1e15
"""Below it a whole number is written without a point."""
LARGEST_MEMBER = 50_000_000
"""Bytes that a part of a compressed file may unpack to."""
INPUT_NAMES, LABEL_NAMES = ("X", "x", "data", "inputs", "features"), ("y", "Y", "target", "labels", "label", "targets")


def read_spreadsheet(data: bytes) -> Table:
    """The first sheet with cells of an .xlsx, .xls or .ods workbook.

    It is read in a process of its own, of limited memory and time: two cells far apart make a sheet that no memory
    holds, and the library then ends its process.
    """
    if data.startswith(b"PK"):
        _check_members(data)
    try:
        ran = subprocess.run(
            python(READER), input=data, capture_output=True, env=environment(), timeout=MOST_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        limits = f"{MOST_CELLS:,} cells, {MOST_MEGABYTES:,} MB of memory and {MOST_SECONDS} s"
        expected = f"a workbook that can be read with {limits} (or save it as CSV)"
        raise TableError(Problem("file", expected, "one that needs more")) from None
    found = json.loads(ran.stdout)
    if "problem" in found:
        raise TableError(Problem(*found["problem"]))
    table = shaped(found["rows"])
    others = counted(found["others"], "other sheet")
    note = [f"Read the sheet {found['name']!r}; {others} left out."] if found["others"] else []
    return Table(table.names, table.rows, [*note, *table.notes])


def print_sheet() -> None:
    """The process that reads: a workbook from the standard input, and its sheet or what is wrong as JSON."""
    if sys.platform != "win32":
        import resource

        most = MOST_MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        found = _sheet(sys.stdin.buffer.read())
    except TableError as error:
        found = {"problem": error.problem}
    sys.stdout.write(json.dumps(found))


def _sheet(data: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [sheet for sheet in (book.get_sheet_by_name(name) for name in book.sheet_names) if sheet.height]
    except (CalamineError, OSError) as error:
        got = f"one that cannot be read ({error})"
        raise TableError(Problem("file", "a workbook (or save it as CSV)", got)) from None
    if not sheets:
        raise TableError(Problem("file", "a workbook with cells", "an empty one"))
    sheet = sheets[0]
    if sheet.height * sheet.width > MOST_CELLS:
        raise TableError(Problem("file", f"at most {MOST_CELLS:,} cells", f"{sheet.height * sheet.width:,}"))
    rows = [[*map(_written, row)] for row in sheet.to_python(skip_empty_area=True)]
    return {"rows": rows, "name": sheet.name, "others": len(book.sheet_names) - 1}


def _check_members(data: bytes) -> None:
    """Refuse what would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            largest = max((member.file_size for member in archive.infolist()), default=0)
    except zipfile.BadZipFile:
        raise TableError(Problem("file", "a whole file", "one that is cut off or damaged")) from None
    if largest > LARGEST_MEMBER:
        raise TableError(Problem("file", f"parts of at most {LARGEST_MEMBER:,} bytes", f"one of {largest:,}"))


def _written(value: Any) -> str:
    """A value as a file of CSV has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < LARGEST_WHOLE else repr(value)
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value).strip()


# --- arrays ---------------------------------------------------------------------------------------------------------


def read_npy(data: bytes) -> Table:
    """One array of NumPy: rows by columns."""
    return _of_arrays({"": _array(io.BytesIO(data))})


def read_npz(data: bytes) -> Table:
    """Arrays of NumPy: inputs and labels by their names, or the only one."""
    _check_members(data)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        try:
            return _of_arrays({name: arrays[name] for name in arrays.files})
        except ValueError as error:
            raise _unreadable(error) from None


def _array(file: io.BytesIO) -> np.ndarray:
    try:
        return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
    except (ValueError, EOFError, OSError) as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> TableError:
    pickled = "pickle" in str(error)
    got = "one of Python objects, which could run code" if pickled else f"one that cannot be read ({error})"
    return TableError(Problem("file", "arrays of numbers or text", got))


def read_matlab(data: bytes) -> Table:
    """The matrices of a .mat file up to version 7."""
    try:
        from scipy.io import loadmat
    except ModuleNotFoundError:
        expected = "SciPy to read .mat (pip install neural-playground[matlab]), or the table saved as CSV"
        raise TableError(Problem("file", expected, "no SciPy here")) from None
    try:
        found = loadmat(io.BytesIO(data))
    except (ValueError, TypeError, NotImplementedError, OSError) as error:
        raise TableError(Problem("file", "a .mat file up to version 7", f"one that cannot be read ({error})")) from None
    return _of_arrays({name: value for name, value in found.items() if not name.startswith("__")})


def _of_arrays(arrays: Mapping[str, np.ndarray]) -> Table:
    if len(set(arrays) & {"x_train", "x_test"}) == 2:
        raise TableError(Problem("file", "one table", "a training and a test part: join them with a column named part"))
    named = {name: array for name, array in arrays.items() if 1 <= array.ndim <= 2 and array.size}
    inputs = _first(named, INPUT_NAMES)
    labels = _first(named, LABEL_NAMES)
    if inputs is not None and labels is not None and len(np.atleast_2d(inputs)) == labels.size:
        return _of_columns(np.atleast_2d(inputs), labels.reshape(-1))
    tables = [array for array in named.values() if array.ndim == 2 or array.dtype.names]
    if len(tables) == 1:
        return _of_array(tables[0])
    if len(named) > 1 and len({array.size for array in named.values()}) == 1:
        return _of_array_columns(named)
    raise TableError(Problem("file", "one matrix, or X and y", f"the arrays {', '.join(arrays) or 'none'}"))


def _first(arrays: Mapping[str, np.ndarray], names: Iterable[str]) -> np.ndarray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _of_columns(inputs: np.ndarray, labels: np.ndarray) -> Table:
    _check_size(inputs)
    names = [f"x{place}" for place in range(1, inputs.shape[1] + 1)]
    rows = [[*map(_written, row), _written(label)] for row, label in zip(inputs.tolist(), labels.tolist(), strict=True)]
    return shaped([[*names, "label"], *rows], headed_already=True)


def _of_array(array: np.ndarray) -> Table:
    _check_size(array)
    rows = [[*map(_written, row)] for row in array.tolist()]
    if array.dtype.names:
        return shaped([list(array.dtype.names), *rows], headed_already=True)
    return shaped(rows)


def _of_array_columns(arrays: Mapping[str, np.ndarray]) -> Table:
    columns = [[*map(_written, array.reshape(-1).tolist())] for array in arrays.values()]
    return shaped([list(arrays), *map(list, zip(*columns, strict=True))], headed_already=True)


def _check_size(array: np.ndarray) -> None:
    if array.size > MOST_CELLS:
        raise TableError(Problem("file", f"at most {MOST_CELLS:,} cells", f"{array.size:,}"))
