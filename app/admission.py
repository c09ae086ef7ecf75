"""Who is let in: a page with a place, or at the head of the line of those that wait for one.

A place is taken when a websocket is opened, before its page has said anything: the handshake names, as a subprotocol,
the session that it comes back to (`session.TOKEN`) or the ticket with which it waited (`ticket.TICKET`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from app.settings import Settings
from app.tokens import new_token

PATIENCE = 10.0
"""Seconds after which a page that has not asked for its place in the line has left it."""
MOST_WAITING = 10_000
SESSION, TICKET = "session.", "ticket."
RETRY_SECONDS = 5

Reason = Literal["full", "address"]


class Refusal(NamedTuple):
    """Why a page is not let in."""

    reason: Reason
    sentence: str


class Line:
    """Pages that wait for a place, in the order in which they came."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def ask(self, ticket: str | None, now: float) -> str:
        """A page asks for its place, with its ticket or for one; gives the ticket."""
        self._seen = {known: seen for known, seen in self._seen.items() if now - seen < PATIENCE}
        if ticket not in self._seen:
            ticket = new_token()
        if ticket in self._seen or len(self._seen) < MOST_WAITING:
            self._seen[ticket] = now
        return ticket

    def ahead(self, ticket: str | None) -> int:
        """How many are before a page; all are before one without a ticket."""
        return next((place for place, known in enumerate(self._seen) if known == ticket), len(self._seen))

    def leave(self, ticket: str | None) -> None:
        """A page has its place, or wants none any more."""
        self._seen.pop(ticket or "", None)


class Gate:
    """Counts the places that are taken: by pages that are here, and by those that are about to greet."""

    def __init__(self, settings: Settings) -> None:
        self._most, self._most_of_one = settings.max_sessions, settings.sessions_per_address
        self._taken: Counter[str] = Counter()  # by address
        self.line = Line()

    @property
    def free(self) -> int:
        """How many more pages there is room for."""
        return self._most - self._taken.total()

    def refusal(self, address: str, ticket: str | None) -> Refusal | None:
        """Why a new page from there may not come in, or None."""
        if self._taken[address] >= self._most_of_one:
            return Refusal("address", f"All {self._most_of_one} places for pages from one address are taken.")
        if self.line.ahead(ticket) >= self.free:
            return Refusal("full", f"The playground is full: all {self._most} places are taken.")
        return None

    def enter(self, address: str, ticket: str | None = None) -> None:
        """A page takes a place."""
        self.line.leave(ticket)
        self._taken[address] += 1

    def exit(self, address: str) -> None:
        """It leaves its place to others."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]


def named(subprotocols: Sequence[str], prefix: str) -> str | None:
    """What a handshake names, by that prefix."""
    return next((offered.removeprefix(prefix) for offered in subprotocols if offered.startswith(prefix)), None)
