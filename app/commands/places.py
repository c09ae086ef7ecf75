"""What a sweep is to try, from the command line: `learningRate=0.01,0.1`, `networkShape=2;4,2`, `noise=0..50`."""

from __future__ import annotations

import re
from typing import Any

from app.commands.endings import refuse

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
RANGE = re.compile(rf"({NUMBER})\.\.({NUMBER})((?::(?:log|whole))*)", re.ASCII)
"""As 0.001..1:log."""
BOOLEANS = {"true": True, "false": False}


def read_grid(texts: list[str], option: str) -> dict[str, list[Any]]:
    """The values of each key."""
    return {key: [_value(key, one, option) for one in _split(key, values)] for key, values in _pairs(texts, option)}


def read_random(texts: list[str], option: str) -> dict[str, Any]:
    """The values or the range of each key."""
    found: dict[str, Any] = {}
    for key, values in _pairs(texts, option):
        if match := RANGE.fullmatch(values.strip()):
            low, high, marks = match.groups()
            marks = {"whole": True} if _kind(key) is int else {mark: True for mark in marks.split(":") if mark}
            found[key] = {"low": float(low), "high": float(high), **marks}
        else:
            found |= read_grid([f"{key}={values}"], option)
    return found


def read_seeds(text: str) -> int | list[str]:
    """How many, or which ones."""
    return int(text) if text.isdecimal() else text.split(",")


def _pairs(texts: list[str], option: str) -> list[tuple[str, str]]:
    from engine import Config
    from engine.problems import Problem, shown

    pairs = []
    for text in texts:
        key, equals, values = text.partition("=")
        if key not in Config.model_fields:
            refuse(Problem(option, "keys of a configuration, as learningRate=0.01,0.1", shown(key)))
        if not equals:
            refuse(Problem(f"{option}.{key}", "values after an equals sign", "none"))
        pairs.append((key, values))
    return pairs


def _split(key: str, values: str) -> list[str]:
    """The texts of single values: where a value may have commas of its own, there are semicolons between them."""
    return values.split(";" if _kind(key) is tuple or ";" in values else ",")


def _kind(key: str) -> type:
    from engine import Config

    default = Config.model_fields[key].default
    return int if default is None else type(default)


def _value(key: str, text: str, option: str) -> Any:
    """A value as a link would write it."""
    from engine.link import READERS
    from engine.problems import Problem, shown

    kind = _kind(key)
    if kind is bool:
        if text.strip() not in BOOLEANS:
            refuse(Problem(f"{option}.{key}", "true or false", shown(text)))
        return BOOLEANS[text.strip()]
    try:
        return READERS[kind.__name__](text)
    except ValueError as error:
        refuse(Problem(f"{option}.{key}", str(error), shown(text)))
