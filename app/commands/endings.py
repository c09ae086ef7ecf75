"""How a command ends: its exit codes, and a sentence on standard error."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

UNEXPECTED, BAD_INPUT, FAILED, UNREACHABLE, INTERRUPTED = 1, 2, 3, 4, 130
CODES = (
    "Exit codes: 0 done; 1 an error that nobody expected, or a problem that `doctor` has found; 2 bad input, or a run "
    "store that cannot be used; 3 a run that diverged or was ended by others; 4 the server cannot be reached or has "
    "too much to do; 130 ended by Ctrl+C."
)


def say(*sentences: object) -> None:
    """Tell a person something, beside what programs read."""
    for one in sentences:
        print(one, file=sys.stderr)


def note(*notes: str) -> None:
    """Tell what is good to know."""
    say(*(f"note: {one}" for one in notes))


def refuse(*found: object) -> NoReturn:
    """Say what was wrong, and end with the exit code for bad input."""
    say(*found)
    raise typer.Exit(BAD_INPUT)


def told(error: Exception) -> int:
    """Say what went wrong; gives the exit code, and raises what nobody expected."""
    if hasattr(error, "format_message"):  # the command line's own refusals
        say(error.format_message())
        return BAD_INPUT
    from pydantic import ValidationError

    from app.calls import PlaygroundError
    from app.database import StoreError
    from engine.problems import problems

    if isinstance(error, StoreError):
        say(error)
    elif isinstance(error, ValidationError):
        say(*problems(error))
    elif isinstance(error, PlaygroundError):
        say(*error.problems or [error])
        if error.for_now:
            return UNREACHABLE
        return BAD_INPUT if error.status and 400 <= error.status < 500 else UNEXPECTED
    else:
        raise error
    return BAD_INPUT
