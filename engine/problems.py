"""What was wrong with a value from outside: the field, what was expected, and what came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

SHOWN = 60
MOST, COUNTLESS = 20, 1_000
"""Refused values that are told one by one; so many that none is, because looking at each takes long."""
LONGEST_INTEGER = 1_000  # bits; Python refuses to write the longest out


class Problem(NamedTuple):
    """One refused value."""

    field: str
    expected: str
    got: str

    @classmethod
    def of(cls, error: ValueError) -> Problem:
        """The problem that a ValueError of the engine tells of."""
        field, _, rest = str(error).partition(": expected ")
        expected, _, got = rest.partition(", got ")
        return cls(field, expected, got)

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, got {self.got}."


def shown(value: object) -> str:
    """A value as an error shows it: its representation, cut where it is long."""
    if isinstance(value, (list, tuple, dict, set)):
        size = f"{type(value).__name__} of {len(value)}"
        return size if len(value) > SHOWN // 4 else _cut(repr(value))
    if isinstance(value, int) and value.bit_length() > LONGEST_INTEGER:
        return f"a whole number of {value.bit_length()} bits"
    return _cut(repr(value[: SHOWN * 2] if isinstance(value, (str, bytes)) else value))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


EXPECTED: Mapping[str, str] = {
    "extra_forbidden": "no such field",
    "missing": "a value",
    "union_tag_not_found": "an object with a type",
    "string_pattern_mismatch": 'ASCII letters, digits and signs but & = # " < > `',
    "finite_number": "a finite number",
    "json_invalid": "JSON",
}


def _expected(error: Mapping[str, Any]) -> str:
    if error["type"] == "union_tag_invalid":
        return f"one of {error['ctx']['expected_tags']}"
    text = EXPECTED.get(str(error["type"])) or str(error["msg"])
    text = re.sub(r" after validation, not \d+$", "", text)
    text = re.sub(r"^(Value error, |(Input|Value|String|Tuple|List) should (be |have )?)", "", text)
    return text.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")


def _field(error: Mapping[str, Any], whole: str) -> str:
    place = error["loc"]
    if str(error["type"]).startswith("union_tag"):
        place = (*place, error["ctx"]["discriminator"].strip("'"))
    return _cut(".".join(map(str, place))) or whole


def problems(error: ValidationError, whole: str = "value") -> list[Problem]:
    """What a validation refused, each by its field, or as `whole`; of very many the first, and how many there are."""
    count = error.error_count()
    if count > COUNTLESS:
        return [Problem(whole, f"at most {COUNTLESS:,} mistakes", f"{count:,}")]
    found = [
        Problem(
            _field(detail, whole),
            _expected(detail),
            "nothing" if detail["type"] == "missing" else shown(detail["input"]),
        )
        for detail in error.errors(include_url=False)[:MOST]
    ]
    return [*found, *untold(count, whole)]


def untold(count: int, whole: str) -> list[Problem]:
    """What is said of refused values beyond those that are told one by one."""
    return [Problem(whole, "no more mistakes", f"{count - MOST:,} more")] if count > MOST else []
