"""Histories and sweeps as pandas data frames; pandas is imported only when one is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import Measures
from engine.config import LIMITS
from engine.tables import Array

if TYPE_CHECKING:
    from pandas import DataFrame

MEASURED = ("seconds", *Measures._fields)
"""Columns that are numbers even where none is known yet."""


def dataframe(columns: Any) -> DataFrame:
    """A table; ImportError with a sentence where pandas is not installed."""
    try:
        from pandas import DataFrame
    except ImportError:
        raise ImportError(
            "A frame needs pandas, which is not installed: pip install pandas. "
            "The same rows are in history() and results() without it."
        ) from None
    return DataFrame(columns)


def sweep_dataframe(results: Sequence[Mapping[str, Any]]) -> DataFrame:
    """The results of a sweep, to be grouped and sorted by any column: a list is text as a link writes it ("8,8"), and
    numbers of which some are missing are float64, with NaN for those."""
    names = list(results[0]) if results else []
    return dataframe({name: _column(name, [row[name] for row in results]) for name in names})


def _column(name: str, values: list[Any]) -> Array | list[Any]:
    """A column: numbers as float64 where one is missing, whole ones as they are, lists as text."""
    known = [value for value in values if value is not None]
    numeric = name in MEASURED or name in LIMITS or (bool(known) and all(map(_is_number, known)))
    if numeric and (name in MEASURED or len(known) < len(values)):
        return np.array([math.nan if value is None else value for value in values], np.float64)
    return [",".join(map(str, value)) if isinstance(value, list) else value for value in values]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
