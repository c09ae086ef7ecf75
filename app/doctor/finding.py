"""The result of one check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

State = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    """One thing, whether it is as it should be, and where it is not what to do."""

    about: str
    state: State
    sentence: str


Check = Callable[[], Iterable[Finding]]


def ok(about: str, sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(about, "ok", sentence)


def warning(about: str, sentence: str) -> Finding:
    """It works, but not for everything."""
    return Finding(about, "warning", sentence)


def problem(about: str, sentence: str) -> Finding:
    """It does not work."""
    return Finding(about, "problem", sentence)


def found(checks: dict[str, Check]) -> Iterator[Finding]:
    """What all checks find, each as soon as it does; one that breaks is a problem by itself."""
    for about, check in checks.items():
        try:
            yield from check()
        except Exception as error:
            yield problem(about, f"This could not be looked at: {type(error).__name__}: {error}")
