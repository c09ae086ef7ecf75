"""How a command ends: its exit codes, and a sentence on standard error."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from engine.errors import Problem

UNEXPECTED, BAD_INPUT, FAILED, UNREACHABLE, UNWRITTEN, INTERRUPTED, UNREAD = 1, 2, 3, 4, 5, 130, 141
CODES = (
    "Exit codes: 0 done; 1 an unexpected error, processes that do not start, or a problem found by `doctor`; "
    "2 bad input, or a run store that cannot be used; 3 the run diverged or was cancelled; 4 the server "
    "cannot be reached or is overloaded; 5 standard output cannot be written; 130 ended by Ctrl+C; 141 the reader of "
    "standard output has closed it, as `head` does."
)

OPTIONS = {
    "random.samples": "samples",
    "random.seed": "draw",
    "random.keys.": "random.",
    "stop.seconds": "seconds",
    "stop.": "until-",
}
"""What fields of the HTTP API are called on the command line, by how they begin."""
OUTPUT = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""How writing fails."""


def say(*sentences: object) -> None:
    """Tell a person something, beside what programs read."""
    with suppress(OSError):  # a full disk behind standard error is no reason to stop
        for one in sentences:
            print(one, file=sys.stderr)


def note(*notes: str) -> None:
    """Tell what is good to know."""
    say(*(f"note: {one}" for one in notes))


def refuse(*found: object) -> NoReturn:
    """Say what was wrong, and end with the exit code for bad input."""
    say(*found)
    raise typer.Exit(BAD_INPUT)


def open_streams() -> None:
    """Let what a caller has closed be written to nowhere, as the shell's `>&-` asks for."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def flush() -> None:
    """Write what is left for standard output, while there is somebody to say that it failed."""
    sys.stdout.flush()


def _is_output(error: OSError) -> bool:
    """Whether it is standard output that could not be written: files have their names in their errors."""
    return error.filename is None and error.errno in OUTPUT


def _unwritten(error: OSError) -> int:
    """Say that standard output cannot be written. A reader that has gone, as `head` does, wants to hear nothing."""
    with suppress(OSError, ValueError):  # what is left would be tried again at the interpreter's end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return UNREAD
    say(f"The output cannot be written: {error.strerror}.")
    return UNWRITTEN


def _of_option(error: Any) -> str:
    """What an option expected, in the words of everything else; nothing where the framework tells it well."""
    from pydantic import ValidationError

    from engine.errors import problems

    option = getattr(error, "param", None)
    cause = error.__cause__ or error.__context__
    if option is None or not isinstance(cause, ValidationError):
        return ""
    found, *_ = problems(cause)
    return str(found._replace(field=max(option.opts, key=len).lstrip("-")))


def as_option(problem: Problem) -> Problem:
    """A value that the HTTP API has refused, by the name of its option."""
    for field, option in OPTIONS.items():
        if problem.field.startswith(field):
            return problem._replace(field=(option + problem.field.removeprefix(field)).replace("_", "-"))
    return problem


def report_error(error: Exception) -> int:
    """Say what went wrong; gives the exit code, and raises what nobody expected."""
    if hasattr(error, "format_message"):  # the command line's own refusals
        say(_of_option(error) or error.format_message())
        return BAD_INPUT
    if isinstance(error, OSError) and _is_output(error):
        return _unwritten(error)
    from pydantic import ValidationError

    from app.client.calls import PlaygroundError
    from app.store.database import StoreError
    from engine.errors import problems

    if isinstance(error, StoreError):
        say(error)
    elif isinstance(error, ValidationError):
        say(*problems(error))
    elif isinstance(error, PlaygroundError):
        say(*map(as_option, error.problems) if error.problems else [error])
        if error.for_now:
            return UNREACHABLE
        return BAD_INPUT if error.status and 400 <= error.status < 500 else UNEXPECTED
    else:
        raise error
    return BAD_INPUT
