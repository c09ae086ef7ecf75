"""The engine's tables, such as activations and losses: each entry has a label, a formula and one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self, SupportsIndex

from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Array = NDArray[Any]
"""An array of float64 (training) or float32 (pictures)."""

InPlace = Callable[[Array, Array], object]
"""A function that writes into one of its two arrays of the same shape."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a table, as menus, tooltips, schemas and help texts show it.

    There is one of each: a copy is the entry itself, and it is pickled as its name in the table.
    """

    label: str
    """What a menu shows."""
    formula: str
    """The definition in one line of plain text."""
    hint: str
    """One sentence to a newcomer."""
    latex: str = ""
    """The formula once more as LaTeX, for pages that set it."""

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        place = next(_places(self), None)
        return super().__reduce_ex__(protocol) if place is None else (_entry, place)


def _places(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Where an entry is to be found: the module, the table and the name, in the module of its class first."""
    home = type(entry).__module__
    package = home.partition(".")[0]
    modules = sorted((name for name in sys.modules if name.partition(".")[0] == package), key=lambda name: name != home)
    for module in modules:
        for table, entries in vars(sys.modules[module]).items():
            if isinstance(entries, dict):
                yield from ((module, table, name) for name, value in entries.items() if value is entry)


def _entry(module: str, table: str, name: str) -> Entry:
    entry: Entry = getattr(import_module(module), table)[name]
    return entry


class OneOf:
    """Marks a field whose value is a name in a table: `Annotated[str, OneOf(ACTIVATIONS)]`."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(self.names)
