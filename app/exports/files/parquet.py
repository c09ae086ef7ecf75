"""Tables as Parquet files, which pandas, Polars and DuckDB read with the types of their columns."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import Any

from engine.errors import InputError, Problem

MEDIA_TYPE = "application/vnd.apache.parquet"
INSTALL = "the package pyarrow, as pip install 'neural-playground[parquet]' has it"


def as_parquet(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    """The rows as a file: numbers, truths, texts and lists as such, and text where the values of a column are of
    several kinds. InputError, which says what to install, where there is nothing that writes it."""
    if find_spec("pyarrow") is None:
        raise InputError(Problem("format", INSTALL, "no such package"))
    import pyarrow as pa
    from pyarrow import parquet

    columns = [_column([row[name] for row in rows]) for name in names]
    file = io.BytesIO()
    parquet.write_table(pa.table(columns, names=names), file)
    return file.getvalue()


def _column(values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        found = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        found = pa.array([None if value is None else str(value) for value in values])
    # A column that says nothing yet still has a type that programs know.
    return found.cast(pa.float64()) if pa.types.is_null(found.type) else found
