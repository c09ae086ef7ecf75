"""Links: a Config as the part of a URL after `#`, in TensorFlow Playground's own form, and back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic import ValidationError

from engine.config import CONTROLS, LIMITS, MAX_LAYERS, MAX_UNITS, Config
from engine.features import FEATURES
from engine.problems import Problem, problems, shown

MARK = "v"
"""The key that marks a link as ours. The original carries cosines in its links but feeds them to nothing; a link with
this mark feeds them."""
VERSION = "1"
HIDE = "_hide"
ALWAYS = ("seed",)
"""Written even at its default, because the original draws a new seed where a link has none."""
SAFE_IN_FRAGMENT = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"<>`')
"""What a browser leaves as it is after `#`; all else it writes as %XX, and so the original sees it."""
STATE = "state"
"""The key of a trained network's state."""
MAY_BE_EMPTY = ("networkShape", "activations")
NOT_A_KEY = "hide"
"""The one field without a key of its own: it is carried as one NAME_hide=true for each control."""
NAMES = ("activations", "hide")
"""Lists of names; the others are of numbers."""
MAX_NOTES = 20
URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class ParsedLink(NamedTuple):
    """A link's configuration, and a sentence about everything in it that was ignored or clamped."""

    config: Config
    notes: list[str]
    state: str = ""
    """The saved state of the run that the link carries, as `engine.state` reads it; or nothing."""


def format_link(config: Config) -> str:
    """The hash of a configuration, without the `#`; what is at its default is left out, but for the seed."""
    parts = []
    for name, field in Config.model_fields.items():
        value = getattr(config, name)
        if name == NOT_A_KEY:
            parts += [f"{control}{HIDE}=true" for control in value]
        elif name in ALWAYS or value != field.default:
            parts.append(f"{name}={_text(value)}")
    if any(FEATURES[name].extra for name in config.features):
        parts.append(f"{MARK}={VERSION}")
    return "&".join(parts)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def parse_link(link: str) -> ParsedLink:
    """The configuration in a bare hash or a whole URL; never an exception, however malformed."""
    pairs = _pairs(link)
    state = pairs.pop(STATE, "")
    notes: list[str] = []
    values: dict[str, Any] = {}
    for name, text in pairs.items():
        if name.endswith(HIDE):
            _read_hide(name, text, values, notes)
        elif name not in Config.model_fields or name == NOT_A_KEY:
            if name not in (MARK, ""):
                notes.append(f"{shown(name)} is not a setting of this playground and was ignored.")
        elif text.strip() or name in MAY_BE_EMPTY:
            _read(name, text, values, notes)
    if MARK not in pairs:
        _drop_cosines(values, notes)
    elif pairs[MARK] != VERSION:
        notes.append(f"{Problem(MARK, VERSION, shown(pairs[MARK]))} The link is of another version of this playground.")
    config = _validated(values, notes)
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES:] = [f"{len(notes) - MAX_NOTES} more parts of the link were ignored or clamped."]
    return ParsedLink(config, notes, state)


def _pairs(link: str) -> dict[str, str]:
    """Names and values as the original splits them: what follows a second `=` is dropped, the last of equals counts."""
    before, hash_sign, after = link.partition("#")
    text = after if hash_sign else "" if URL.match(before) else before
    pairs = {}
    for pair in text.strip().split("&"):
        name, value, *_ = [*quote(pair, safe=SAFE_IN_FRAGMENT, errors="replace").split("="), ""]
        pairs[name] = value
    return pairs


def _read_hide(name: str, text: str, values: dict[str, Any], notes: list[str]) -> None:
    control = name.removesuffix(HIDE)
    if control not in CONTROLS:
        notes.append(f"{shown(name)} names no control of this playground and was ignored.")
    elif text == "true":
        values["hide"] = (*values.get("hide", ()), control)


def _read(name: str, text: str, values: dict[str, Any], notes: list[str]) -> None:
    try:
        value = READERS[kind(name)](text)
    except ValueError as error:
        notes.append(f"{Problem(name, str(error), shown(text))} The default was taken.")
        return
    values[name] = _clamped(name, value, notes) if name in LIMITS or name == "networkShape" else value


def kind(name: str) -> str:
    """How to read a field's text, as READERS names it: by the type of its default, and where that is none as a number
    or as text."""
    if name in NAMES:
        return "names"
    default = Config.model_fields[name].default
    if default is None:
        return "int" if name in LIMITS else "str"
    return type(default).__name__


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
    "bool": lambda text: text != "false",
    "int": _whole,
    "float": _number,
    "tuple": lambda text: tuple(map(_whole, _entries(text))),
    "names": lambda text: tuple(_entries(text)),
    "str": str,
}


def _clamped(name: str, value: Any, notes: list[str]) -> Any:
    """The value moved to the nearest that the field allows, with a note where it had to move."""
    if isinstance(value, tuple):
        near: Any = tuple(min(max(units, 1), MAX_UNITS) for units in value[:MAX_LAYERS])
        limit = f"at most {MAX_LAYERS} layers of 1 to {MAX_UNITS} units"
    else:
        low, high = LIMITS[name]
        near = min(max(value, low), high)
        limit = f"at least {_text(low)}" if high == math.inf else f"{_text(low)} to {_text(high)}"
    if near != value:
        notes.append(f"{Problem(name, limit, shown(value))} {_text(near)} was taken.")
    return near


def _drop_cosines(values: dict[str, Any], notes: list[str]) -> None:
    for name, feature in FEATURES.items():
        if feature.extra and values.get(name):
            values[name] = False
            notes.append(f"{name} is carried by the original's links but never feeds its network, so it is off here.")


def _validated(values: dict[str, Any], notes: list[str]) -> Config:
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        for problem in problems(error):
            notes.append(f"{problem} The default was taken.")
            values.pop(problem.field.partition(".")[0], None)
        return _validated(values, notes)  # what fitted a value that was refused need not fit its default
