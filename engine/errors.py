"""Errors about values from outside: the field, what was expected, and what came."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from engine.scalars import LONGEST_INTEGER, number_text

MAX_SHOWN = 60
MAX_ENTRIES, MAX_DEPTH = 15, 3
"""Entries of a list or an object up to which it is shown whole, and lists within lists."""
MIN_SIMILARITY = 0.7
"""How alike names are, from 0 to 1, from where on one may be meant by the other."""
CONSTANTS = {None: "null", True: "true", False: "false"}
QUOTED = re.compile("'([^']*)'")
MAX_LISTED, MAX_ERRORS = 20, 1_000
"""How many refused values are listed; and beyond how many none is, because checking each takes long."""


class Problem(NamedTuple):
    """One refused value."""

    field: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, got {self.got}."


class InputError(ValueError):
    """Values from outside that are refused; the message has a sentence for each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return " ".join(map(str, self.problems))


def shown(value: object) -> str:
    """A value as an error shows it: as JSON has it but for single quotes, and cut where it is long."""
    return _cut(_shown(value, MAX_DEPTH))


def shown_exactly(value: object) -> str:
    """The same where a whole number was expected, so that 10.0 does not look like one."""
    return repr(float(value)) if isinstance(value, float) else shown(value)


def _shown(value: object, depth: int) -> str:
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return CONSTANTS[value]
    if isinstance(value, (str, bytes)):
        return repr(value[: MAX_SHOWN * 2])
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= LONGEST_INTEGER):
        return number_text(value)
    if isinstance(value, Mapping):
        return _shown_object(value, depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        return (
            f"[{', '.join(_shown(entry, depth - 1) for entry in value)}]"
            if _fits(value, depth)
            else f"a list of {len(value)}"
        )
    if isinstance(value, int):
        return f"a whole number of {value.bit_length()} bits"
    return f"a value of the type {type(value).__name__}"


def _shown_object(value: Mapping[Any, Any], depth: int) -> str:
    if not _fits(value, depth):
        return f"an object of {len(value)}"
    entries = [f"{_shown(key, 0)}: {_shown(entry, depth - 1)}" for key, entry in value.items()]
    return f"{{{', '.join(entries)}}}"


def _fits(value: Collection[object], depth: int) -> bool:
    """Whether a list or an object is shown whole."""
    return len(value) <= MAX_ENTRIES and depth > 0


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def nearest(text: object, names: Iterable[str]) -> str | None:
    """The name that a mistyped one is most like, if it is like any."""
    if not isinstance(text, str) or len(text) > MAX_SHOWN:
        return None
    known = {name.lower(): name for name in names}
    found = get_close_matches(text.lower(), known, 1, MIN_SIMILARITY)
    return known[found[0]] if found else None


def with_suggestion(text: object, names: Iterable[str]) -> str:
    """A mistyped name as an error shows it, with the one that it is most like."""
    name = nearest(text, names)
    return shown(text) + (f" (did you mean {name!r}?)" if name else "")


INTERNAL_NAME = re.compile(r"([a-z-]+)?\[.*\]")
"""What pydantic puts into the place of an error for a way through a union or a function, as `list[int]`, and tags in
brackets: names that mean nothing outside."""
EXPECTED: Mapping[str, str] = {
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("string_type", "string_sub_type"), "text"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "an object"),
    "none_required": "null",
    "extra_forbidden": "the name of a field",
    "missing": "a value",
    "union_tag_not_found": "an object with a type",
    "string_pattern_mismatch": 'ASCII letters, digits and signs but & = # " < > `',
    "finite_number": "a finite number",
    "json_invalid": "JSON",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
}
"""What pydantic's errors expect, by their type."""
PREFIX = re.compile(r"^(Value error, |(Input|Value|String|Tuple|List|Dictionary|Set) should (be |have )?)")
"""What its own messages begin with, of errors that the table leaves out."""


def _expected(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "union_tag_invalid":
        return f"one of {context['expected_tags']}"
    if kind in EXPECTED:
        return EXPECTED[kind].format_map({name: shown(value) for name, value in context.items()})
    return PREFIX.sub("", re.sub(r" after validation, not (\d+|more)$", "", str(error["msg"])))


def _got(error: Mapping[str, Any], names: Iterable[str]) -> str:
    kind, value = str(error["type"]), error["input"]
    if kind == "missing":
        return "nothing"
    if kind == "extra_forbidden":
        return with_suggestion(error["loc"][-1], names)
    if kind == "literal_error":
        return with_suggestion(value, QUOTED.findall(error["ctx"]["expected"]))
    return shown_exactly(value) if EXPECTED.get(kind) == "a whole number" else shown(value)


def _field(error: Mapping[str, Any], whole: str) -> str:
    place = error["loc"]
    if str(error["type"]).startswith("union_tag"):
        place = (*place, error["ctx"]["discriminator"].strip("'"))
    return _cut(".".join(str(part) for part in place if not INTERNAL_NAME.fullmatch(str(part)))) or whole


def problems(error: ValidationError, whole: str = "value", names: Iterable[str] = ()) -> list[Problem]:
    """What a validation refused, each by its field, or as `whole`; of very many the first, and how many there are.

    Where `names` are those of the fields that there are, the nearest is told for one that is not.
    """
    count = error.error_count()
    if count > MAX_ERRORS:
        return [Problem(whole, f"at most {MAX_ERRORS:,} mistakes", f"{count:,}")]
    found = [
        problem
        for detail in error.errors(include_url=False)[:MAX_LISTED]
        for problem in _problems_of(detail, whole, names)
    ]
    return [*found, *unlisted(count, whole)]


def _problems_of(detail: Mapping[str, Any], whole: str, names: Iterable[str]) -> Sequence[Problem]:
    """What one error refuses; a validator of ours that judges several fields names the one that is wrong."""
    own = detail.get("ctx", {}).get("error")
    if isinstance(own, InputError):
        return own.problems
    return [Problem(_field(detail, whole), _expected(detail), _got(detail, names))]


def unlisted(count: int, whole: str) -> list[Problem]:
    """What is said of refused values beyond those that are listed."""
    return [Problem(whole, "no more mistakes", f"{count - MAX_LISTED:,} more")] if count > MAX_LISTED else []


class InvalidConfigError(InputError):
    """Values that are no configuration; the message has a line for each."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
