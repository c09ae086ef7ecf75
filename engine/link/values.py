"""The values of a link: parsed into the type of a field, and written as text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from engine.config import LIMITS, Config
from engine.config.field_types import MAX_IMAGE_UNITS, MAX_LAYERS, MAX_UNITS
from engine.data.points import PATTERN
from engine.link.keys import HIDE, SETTINGS
from engine.scalars import number_text

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LISTS_OF_NAMES = ("activations", "hide")
"""The other lists are of numbers."""
MAY_BE_EMPTY = ("networkShape", "activations")
SWITCHES = {"true": True, "false": False}


def kind(name: str) -> str:
    """How to read a field's text, as READERS names it: by the type of its default, and where that is none as a number
    or as text."""
    if name in LISTS_OF_NAMES:
        return "names"
    default = Config.model_fields[name].default
    if default is None:
        return "int" if name in LIMITS else "str"
    return type(default).__name__


def _switch(text: str) -> bool:
    if text not in SWITCHES:
        raise ValueError("true or false")
    return SWITCHES[text]


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text.strip()) or not math.isfinite(value := float(text)):
        raise ValueError("a finite number")
    return value


def _whole(text: str) -> int:
    value = _number(text)
    if not value.is_integer():
        raise ValueError("a whole number")
    return int(value)


def _entries(text: str) -> list[str]:
    """What stands between the commas, for a value per hidden layer; only as many are read as could matter."""
    return text.split(",", MAX_LAYERS + 1)[: MAX_LAYERS + 1] if text.strip() else []


READERS: dict[str, Callable[[str], Any]] = {
    "bool": _switch,
    "int": _whole,
    "float": _number,
    "tuple": lambda text: tuple(map(_whole, _entries(text))),
    "names": lambda text: tuple(_entries(text)),
    "str": str,
}


def _names(schema: dict[str, Any]) -> list[str]:
    schema = schema.get("anyOf", [schema])[0]
    return [str(name) for name in schema.get("items", schema).get("enum", [])]


NAMES: dict[str, list[str]] = {
    key: names for key, schema in Config.model_json_schema()["properties"].items() if (names := _names(schema))
}
"""The names that a key may have."""
TEXTS = tuple(key for key in SETTINGS if kind(key) == "str" and key not in NAMES and key != "points")
"""The keys that may have any text, of which no damage is certain."""


def can_be_read(key: str, text: str) -> bool:
    """Whether a text can be the value of a key, as any text can of an unknown key; a number may still be beyond its
    limits."""
    if key.endswith(HIDE):
        return text in SWITCHES
    if key in TEXTS or key not in SETTINGS:
        return True
    if key == "points":
        return re.fullmatch(PATTERN, text) is not None
    try:
        value = READERS[kind(key)](text)
    except ValueError:
        return False
    return key not in NAMES or set(value if isinstance(value, tuple) else [value]) <= set(NAMES[key])


def written(value: object) -> str:
    """A value as a link writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return number_text(value) if isinstance(value, float) else str(value)


def limited(name: str, value: Any, problem: str | None = None) -> tuple[Any, str]:
    """The nearest value that a field allows for a kind of problem, and its limits in words."""
    if isinstance(value, tuple):
        most = MAX_IMAGE_UNITS if problem == "images" else MAX_UNITS
        near = tuple(min(max(units, 1), most) for units in value[:MAX_LAYERS])
        return near, f"at most {MAX_LAYERS} layers of 1 to {most} units"
    low, high = LIMITS[name]
    limit = f"at least {written(low)}" if high == math.inf else f"{written(low)} to {written(high)}"
    return min(max(value, low), high), limit
