"""Calls of the HTTP API as conversations, without I/O of their own (sans-I/O).

A conversation is a generator: it gives the steps that somebody has to take, and is told how each of them went. A
transport takes them, waiting for each or in an event loop; so every call is described once. Refusals become errors,
and a lost connection is taken up again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

import httpx

from engine.errors import InputError, Problem, shown
from engine.scalars import python_values

TIMEOUT = httpx.Timeout(30, connect=5)
STREAM_TIMEOUT = httpx.Timeout(45, connect=5)
"""After so long without a sign of life, which comes every 15 seconds, a stream of events counts as lost."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two attempts: each pause is twice the one before."""
PAGE = 100
"""Entries of a list asked for at once."""
NUMBER = re.compile(r"^\[Errno -?\d+\] ")
"""The system's number of an error, before its words."""
TEMPORARY = (429, 503)
MEDIA_TYPE = "application/problem+json"
API = "/api/v1"


class PlaygroundError(Exception):
    """What the playground refused, in its own sentence, or that it cannot be reached."""

    def __init__(
        self,
        message: str,
        status: int | None = None,
        problems: tuple[Problem, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        """The status of the answer; None where there was none."""
        self.problems = problems
        """The values that were refused."""
        self.retry_after = retry_after
        """After how many seconds it may be tried again, where the playground says so."""

    @property
    def for_now(self) -> bool:
        """Whether the same may be accepted later: the playground cannot be reached, or has too much to do."""
        return self.status is None or self.status in TEMPORARY


# --- steps ------------------------------------------------------------------------------------------------------------


class SendRequest(NamedTuple):
    """Send a request; gives the response."""

    method: str
    path: str
    options: dict[str, Any]


class OpenStream(NamedTuple):
    """Open a stream of lines; gives a `LineStream`, with the response's whole body where that is a refusal."""

    path: str
    headers: dict[str, str]


class LineStream(NamedTuple):
    """An open stream."""

    response: httpx.Response
    lines: Any
    """The iterator of them, of the kind that the transport reads."""


class ReadLine(NamedTuple):
    """Read a line of a stream; gives the line, or None at the end."""

    stream: LineStream


class CloseStream(NamedTuple):
    """Close a stream."""

    stream: LineStream


class Sleep(NamedTuple):
    """Wait."""

    seconds: float


Step = SendRequest | OpenStream | ReadLine | CloseStream | Sleep
Result = TypeVar("Result")
Conversation = Generator[Step, Any, Result]
"""A conversation that comes to something. What goes wrong with a step is thrown into it: `httpx.TransportError`,
and whatever interrupts it."""


class RetryPolicy:
    """How long a playground that has answered before is waited for, from the first attempt on that failed."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._pause = seconds, FIRST_PAUSE
        self._end: float | None = None

    def pause(self, message: str) -> Sleep:
        """What to wait until the next attempt; PlaygroundError with the message where there is none."""
        if self._end is None:
            self._end = time.monotonic() + self._seconds
        if time.monotonic() + self._pause > self._end:
            raise PlaygroundError(message)
        pause = Sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return pause


class Calls:
    """A playground's HTTP API."""

    def __init__(self, url: str, patience: float) -> None:
        try:
            self.address = httpx.URL(url)
        except httpx.InvalidURL:
            self.address = httpx.URL()
        if self.address.scheme not in ("http", "https") or not self.address.host:
            raise InputError(Problem("url", "an address as http://127.0.0.1:8000", shown(url)))
        self.url = f"{self.address.scheme}://{self.address.netloc.decode()}{self.address.path.rstrip('/')}"
        self.patience, self.has_answered = patience, False

    def request(
        self, method: str, path: str, *, repeatable: bool | None = None, **options: Any
    ) -> Conversation[httpx.Response]:
        """The answer, tried again after a lost connection where asking twice is no more than asking once. Values of
        NumPy are sent as Python's.

        PlaygroundError for a refusal, or where nobody answers.
        """
        repeatable = method == "GET" if repeatable is None else repeatable
        options = python_values(options)
        retries = RetryPolicy(self.patience)
        while True:
            try:
                response: httpx.Response = yield SendRequest(method, API + path, options)
            except httpx.TransportError as error:
                if not self.has_answered or not (repeatable or isinstance(error, httpx.ConnectError)):
                    raise PlaygroundError(self.connection_error(error)) from None
                yield retries.pause(self.connection_error(error))
                continue
            self.has_answered = True
            return self.checked(response)

    def json(self, method: str, path: str, **options: Any) -> Conversation[Any]:
        """The JSON of an answer."""
        response = yield from self.request(method, path, **options)
        if response.headers.get("Content-Type") != "application/json":
            raise PlaygroundError(f"There is something else than a playground at {self.url}.", response.status_code)
        return response.json()

    def listed(self, what: str, limit: int | None = None, **filters: Any) -> Conversation[list[Any]]:
        """The entries of a list, the newest first, page by page: all of them, or so many."""
        query = {name: value for name, value in filters.items() if value is not None}
        found: list[Any] = []
        while limit is None or len(found) < limit:
            size = PAGE if limit is None else min(limit - len(found), PAGE)
            page = yield from self.json("GET", f"/{what}", params={**query, "limit": size})
            found += page[what]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        return found

    def checked(self, response: httpx.Response) -> httpx.Response:
        """The answer; PlaygroundError where it is a refusal."""
        if response.is_success or response.status_code == 304:
            return response
        after = response.headers.get("Retry-After", "")
        retry_after = float(after) if after.isdecimal() else None
        if response.headers.get("Content-Type") != MEDIA_TYPE:
            text = f"{self.url} answered {response.status_code} {response.reason_phrase}."
            raise PlaygroundError(text, response.status_code, (), retry_after)
        document = response.json()
        found = tuple(Problem(**error) for error in document["errors"])
        raise PlaygroundError(document["detail"], response.status_code, found, retry_after)

    def connection_error(self, error: Exception) -> str:
        """What is said where the connection was lost."""
        return f"The playground at {self.url} cannot be reached: {NUMBER.sub('', str(error)) or type(error).__name__}."
