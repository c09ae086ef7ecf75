"""What every table of the engine has in common: a name, a label, a formula and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Array = NDArray[Any]
"""An array of float64 (training) or float32 (pictures)."""

InPlace = Callable[[Array, Array], object]
"""A function that writes into one of its two arrays of the same shape."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a table, as menus, tooltips, schemas and help texts show it."""

    label: str
    """What a menu shows."""
    formula: str
    """The definition in one line of plain text."""
    hint: str
    """One sentence to a newcomer."""
    latex: str = ""
    """The formula once more as LaTeX, for pages that set it."""


class OneOf:
    """Marks a field whose value is a name in a table: `Annotated[str, OneOf(ACTIVATIONS)]`."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(self.names)
