"""NumPy values as Python values, and numbers as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

LONGEST_INTEGER = 1_000  # bits; Python refuses to write the longest out
LARGEST = 1e15
"""Up to it a whole number is written without a power of ten."""


def python_values(value: Any) -> Any:
    """A value in which NumPy's scalars and arrays are numbers and lists, within lists, tuples and mappings too."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {python_values(key): python_values(entry) for key, entry in value.items()}
    return type(value)(map(python_values, value)) if type(value) in (list, tuple) else value


def number_text(value: float) -> str:
    """A number as a link has it: 1 for 1.0, 0.5."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST:
        return str(int(value))
    return str(value)


def seed_text(value: Any) -> Any:
    """A number as the text of a seed; any other value as it is."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number_text(value) if is_number and abs(value) < 2**LONGEST_INTEGER else value
