"""Keys and their values from the command line: `learningRate=0.01,0.1`, `networkShape=2;4,2`, `noise=0..50`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.commands.terminal.exit_codes import refuse

if TYPE_CHECKING:
    from engine import Config

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
RANGE = re.compile(rf"({NUMBER})\.\.({NUMBER})((?::(?:log|whole))*)", re.ASCII)
"""As 0.001..1:log."""
BOOLEANS = {"true": True, "false": False}
OPEN = "none"
"""For a key that may be left open, as the loss, which is the problem's own then."""
NUMERIC = ("int", "float")
"""The kinds of values that can be drawn from a range."""
AFTER_COMMA = re.compile(r"0\d", re.ASCII)
"""How a part of a list begins that was meant to follow a decimal comma, as in 0,03."""
LISTS = ("tuple", "names")
"""The kinds of values that have commas of their own."""


def with_values(config: Config, texts: list[str], option: str) -> Config:
    """A configuration with the values of some keys; ends the program with a sentence where one is none."""
    from pydantic import ValidationError

    from engine import Config
    from engine.errors import problems

    values = {key: _value(key, text, option) for key, text in _pairs(texts, option)}
    try:
        return Config.model_validate(config.model_dump() | values)
    except ValidationError as error:
        refuse(*(problem._replace(field=f"{option}.{problem.field}") for problem in problems(error)))


def read_grid(texts: list[str], option: str) -> dict[str, list[Any]]:
    """The values of each key."""
    return {key: _values(key, values, option) for key, values in _pairs(texts, option)}


def _values(key: str, text: str, option: str) -> list[Any]:
    """The values of a key; ends the program with a sentence where a comma among them is a decimal mark."""
    from engine.errors import Problem, shown
    from engine.link.link import kind

    parts = _split(key, text)
    if kind(key) in NUMERIC and any(AFTER_COMMA.match(part.strip()) for part in parts):
        refuse(Problem(f"{option}.{key}", "a point as the decimal mark: commas stand between values", shown(text)))
    return [_value(key, part, option) for part in parts]


def read_random(texts: list[str], option: str) -> dict[str, Any]:
    """The values or the range of each key."""
    from engine.errors import Problem, shown
    from engine.link.link import kind

    found: dict[str, Any] = {}
    for key, values in _pairs(texts, option):
        numeric = kind(key) in NUMERIC
        match = RANGE.fullmatch(values.strip())
        if match and numeric:
            low, high, marks = match.groups()
            flags = {mark: True for mark in marks.split(":") if mark}
            flags |= {"whole": True} if kind(key) == "int" else {}
            found[key] = _range(key, values, {"low": float(low), "high": float(high), **flags})
        elif numeric and not all(re.fullmatch(NUMBER, one.strip()) for one in _split(key, values)):
            refuse(Problem(f"{option}.{key}", "a range as 0.001..1:log, or numbers with commas between", shown(values)))
        else:
            found |= read_grid([f"{key}={values}"], option)
    return found


def _range(key: str, text: str, ends: dict[str, Any]) -> dict[str, Any]:
    from pydantic import ValidationError

    from app.schemas.search_space import Range
    from engine.errors import Problem, shown

    try:
        Range.model_validate(ends)
    except ValidationError:
        whole = " of whole numbers" if ends.get("whole") else ""
        expected = f"a range LOW..HIGH{whole} whose low end is the lower, and with :log above 0"
        refuse(Problem(f"random.{key}", expected, shown(text)))
    return ends


def read_seeds(text: str) -> int | list[str]:
    """How many, or which ones."""
    return int(text) if text.isdecimal() else text.split(",")


def _pairs(texts: list[str], option: str) -> list[tuple[str, str]]:
    from engine import Config
    from engine.errors import Problem, with_suggestion

    pairs = []
    for text in texts:
        key, equals, values = text.partition("=")
        if key not in Config.model_fields:
            refuse(
                Problem(
                    option, "keys of a configuration, as learningRate=0.01", with_suggestion(key, Config.model_fields)
                )
            )
        if not equals:
            refuse(Problem(f"{option}.{key}", "values after an equals sign", "none"))
        pairs.append((key, values))
    return pairs


def _split(key: str, values: str) -> list[str]:
    """The texts of single values: where a value may have commas of its own, there are semicolons between them."""
    from engine.link.link import kind

    return values.split(";" if kind(key) in LISTS or ";" in values else ",")


def _value(key: str, text: str, option: str) -> Any:
    """A value as a link would write it; `none` where a key may be left open."""
    from engine import Config
    from engine.errors import Problem, shown
    from engine.link.link import READERS, kind

    word = text.strip()
    if Config.model_fields[key].default is None and word == OPEN:
        return None
    if kind(key) == "bool":
        if word not in BOOLEANS:
            refuse(Problem(f"{option}.{key}", "true or false", shown(text)))
        return BOOLEANS[word]
    try:
        return READERS[kind(key)](text)
    except ValueError as error:
        refuse(Problem(f"{option}.{key}", str(error), shown(text)))
