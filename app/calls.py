"""Calls of a playground's HTTP API: refusals become errors, and a lost connection is taken up again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, NamedTuple

import httpx

from engine.problems import Problem, shown

TIMEOUT = httpx.Timeout(30, connect=5)
LISTENING = httpx.Timeout(45, connect=5)
"""After so long without a sign of life, which comes every 15 seconds, a stream of events counts as lost."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two attempts: each pause is twice the one before."""
PAGE = 100
"""Entries of a list asked for at once."""
FOR_NOW = (429, 503)
MEDIA_TYPE = "application/problem+json"


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
        return self.status is None or self.status in FOR_NOW


class Event(NamedTuple):
    """A server-sent event."""

    name: str
    id: str
    data: str


class Patience:
    """How long a playground that has answered before is waited for, from the first attempt on that failed."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._pause = seconds, FIRST_PAUSE
        self._end: float | None = None

    def wait(self, message: str) -> None:
        """Wait for the next attempt; PlaygroundError with the message where there is none."""
        if self._end is None:
            self._end = time.monotonic() + self._seconds
        if time.monotonic() + self._pause > self._end:
            raise PlaygroundError(message)
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


class Calls:
    """A playground's HTTP API."""

    def __init__(self, url: str, patience: float) -> None:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            address = httpx.URL()
        if address.scheme not in ("http", "https") or not address.host:
            raise ValueError(Problem("url", "an address as http://127.0.0.1:8000", shown(url)))
        self.url = f"{address.scheme}://{address.netloc.decode()}{address.path.rstrip('/')}"
        # A proxy cannot know what this machine calls itself.
        self._http = httpx.Client(base_url=address, timeout=TIMEOUT, trust_env=not _is_here(address.host))
        self._patience, self._met = patience, False

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def ask(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> httpx.Response:
        """The answer, tried again after a lost connection where asking twice is no more than asking once.

        PlaygroundError for a refusal, or where nobody answers.
        """
        repeatable = method == "GET" if repeatable is None else repeatable
        patience = Patience(self._patience)
        while True:
            try:
                response = self._http.request(method, f"/api/v1{path}", **options)
            except httpx.TransportError as error:
                if not self._met or not (repeatable or isinstance(error, httpx.ConnectError)):
                    raise PlaygroundError(self._lost(error)) from None
                patience.wait(self._lost(error))
                continue
            self._met = True
            return self._checked(response)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of an answer."""
        response = self.ask(method, path, **options)
        if response.headers.get("Content-Type") != "application/json":
            raise PlaygroundError(f"There is something else than a playground at {self.url}.", response.status_code)
        return response.json()

    def listed(self, what: str, limit: int | None = None, **filters: str | None) -> Iterator[Any]:
        """The entries of a list, the newest first, page by page: all of them, or so many."""
        query: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
        left = limit
        while left is None or left > 0:
            size = PAGE if left is None else min(left, PAGE)
            page = self.json("GET", f"/{what}", params={**query, "limit": size})
            yield from page[what]
            if page["next"] is None:
                return
            left = None if left is None else left - size
            query["cursor"] = page["next"]

    def events(self, path: str, after: str | None) -> Iterator[Event]:
        """Server-sent events beyond one, until the stream is over for good: a lost connection is taken up after the
        last event that came."""
        patience = Patience(self._patience)
        while True:
            try:
                for event in self._stream(path, after):
                    patience, after = Patience(self._patience), event.id
                    yield event
                    if event.name == "end":
                        return
                error: Exception = EOFError("the stream of events ended early")
            except httpx.TransportError as lost:
                error = lost
            if not self._met:
                raise PlaygroundError(self._lost(error))
            patience.wait(self._lost(error))

    def _stream(self, path: str, after: str | None) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream"} | ({} if after is None else {"Last-Event-ID": after})
        with self._http.stream("GET", f"/api/v1{path}", headers=headers, timeout=LISTENING) as response:
            self._met = True
            if not response.is_success:
                response.read()
                self._checked(response)
            yield from read_events(response.iter_lines())

    def _checked(self, response: httpx.Response) -> httpx.Response:
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

    def _lost(self, error: Exception) -> str:
        return f"The playground at {self.url} cannot be reached: {error or type(error).__name__}."


def _is_here(host: str) -> bool:
    """Whether an address is one of this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_events(lines: Iterator[str]) -> Iterator[Event]:
    """The events in a stream's lines; one that its end has cut off is dropped."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "event" in fields:
            yield Event(fields["event"], fields.get("id", ""), fields.get("data", ""))
            fields = {}
        else:  # a sign of life
            fields = {}
