"""The server's log on standard error: JSON lines for programs, or plain lines for people.

Who asked for what, and how it ended; never what people made: no links, configurations, points, tokens, queries, bodies.
"""

from __future__ import annotations

import json
import logging.config
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal

Form = Literal["json", "text"]
Level = Literal["debug", "info", "warning", "error"]
FACTS = ("session", "request", "method", "path", "status", "milliseconds", "address")
"""What a line tells beside its message, where it is known."""
CHAIN = 5
"""Causes of an exception that are told."""

request_facts: ContextVar[dict[str, Any]] = ContextVar("request_facts")
"""What is known of the request that is answered, as `app.http.request_log` sets it."""
session_id: ContextVar[str] = ContextVar("session_id")
"""The public id of the session that is served, set by who knows it. Never the token."""


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    known = {"session": session_id.get(None), **request_facts.get({}), **vars(record)}
    return {name: known[name] for name in FACTS if known.get(name) is not None}


def _sentence(record: logging.LogRecord) -> str:
    """The message without the further lines of some libraries, which show the objects that it is about."""
    return record.getMessage().partition("\n")[0]


def _trace(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return _traced(error, CHAIN) if error else ""


def _traced(error: BaseException, most: int) -> str:
    """Where an exception came from. What it says is left out, for that may be a person's: a KeyError names its key."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{_traced(cause, most - 1)}Then:\n" if cause and most > 1 else ""
    why = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) and most > 1 else ()
    members = "".join(_traced(part, most - 1) for part in parts)
    return f"{before}Traceback (most recent call last):\n{frames}{type(error).__qualname__}{why}\n{members}"


class JsonLine(logging.Formatter):
    """A record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _sentence(record),
            **_facts(record),
        }
        trace = _trace(record)
        return json.dumps(fields | ({"traceback": trace} if trace else {}))


class PlainLine(logging.Formatter):
    """A record as a line for a person, and those of its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines."""
        moment = f"{datetime.fromtimestamp(record.created).astimezone():%H:%M:%S}"
        facts = "".join(f" {name}={fact!r}" for name, fact in _facts(record).items())
        return f"{moment} {record.levelname.lower()}: {_sentence(record)}{facts}\n{_trace(record)}".rstrip("\n")


LINES = {"json": JsonLine, "text": PlainLine}


def form_of(form: Form | None) -> Form:
    """The form given, or else text at a terminal and JSON elsewhere."""
    return form or ("text" if sys.stderr.isatty() else "json")


def setup(form: Form | None, level: Level) -> dict[str, Any]:
    """Make this process write so from now on; gives the same as a configuration, for uvicorn, which makes its own else.

    The level is that of our own code: what libraries say
    below a warning may hold what must not be written, as queries and headers.
    """
    form = form_of(form)
    configuration: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": LINES[form]}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"},
        },
        "root": {"handlers": ["stderr"], "level": "ERROR" if level == "error" else "WARNING"},
        "loggers": {"app": {"level": level.upper()}},
    }
    logging.config.dictConfig(configuration)
    sys.excepthook = _ended
    return configuration


def _ended(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    logging.getLogger("app").critical("an unexpected end", exc_info=(kind, error, where))
