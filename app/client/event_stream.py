"""Server-sent events as conversations: after a lost connection, the stream resumes after the last event."""

from __future__ import annotations

from typing import NamedTuple

import httpx

from app.client.calls import (
    API,
    Calls,
    CloseStream,
    Conversation,
    LineStream,
    OpenStream,
    PlaygroundError,
    ReadLine,
    RetryPolicy,
)


class Event(NamedTuple):
    """A server-sent event."""

    name: str
    id: str
    data: str


class EventReader:
    """Puts events together from the lines of a stream; one that its end has cut off is dropped."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    def feed(self, line: str) -> Event | None:
        """The event that a line ends, if it does."""
        if line:
            name, _, value = line.partition(": ")
            self._fields[name] = value
            return None
        fields, self._fields = self._fields, {}
        if "event" not in fields:  # a sign of life
            return None
        return Event(fields["event"], fields.get("id", ""), fields.get("data", ""))


class EventStream:
    """The events beyond one, until the stream has ended."""

    def __init__(self, calls: Calls, path: str, after: str | None) -> None:
        self._calls, self._path, self._after = calls, path, after
        self._lines: LineStream | None = None
        self._retries, self._reader = RetryPolicy(calls.patience), EventReader()

    def next(self) -> Conversation[Event]:
        """The next event; PlaygroundError for a refusal, or where the playground stays away."""
        while True:
            try:
                event = yield from self._read()
                error: Exception = EOFError("the stream of events ended early")
            except httpx.TransportError as lost:
                event, error = None, lost
            if event:
                self._retries, self._after = RetryPolicy(self._calls.patience), event.id
                return event
            yield from self.close()
            if not self._calls.has_answered:
                raise PlaygroundError(self._calls.connection_error(error))
            yield self._retries.pause(self._calls.connection_error(error))

    def _read(self) -> Conversation[Event | None]:
        """The next event of this connection; None where it ends before."""
        if self._lines is None:
            headers = {"Accept": "text/event-stream"} | ({} if self._after is None else {"Last-Event-ID": self._after})
            self._lines, self._reader = (yield OpenStream(f"{API}{self._path}", headers)), EventReader()
            self._calls.has_answered = True
            self._calls.checked(self._lines.response)
        while (line := (yield ReadLine(self._lines))) is not None:
            if event := self._reader.feed(line):
                return event
        return None

    def close(self) -> Conversation[None]:
        """Let the connection go."""
        if self._lines:
            lines, self._lines = self._lines, None
            yield CloseStream(lines)
