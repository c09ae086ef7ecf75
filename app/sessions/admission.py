"""Admission of pages: who gets one of the places, and who goes to the waiting list.

A place is taken when a websocket is opened, before its page has said anything: the handshake names, as a subprotocol,
the session that it comes back to (`session.TOKEN`) or the ticket with which it waited (`ticket.TICKET`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from app.settings import Settings
from app.wire.tokens import new_token

WAITER_SECONDS = 10.0
"""Seconds after which a page that has not asked for its place on the list has left it."""
MAX_WAITING = 10_000
SESSION, TICKET = "session.", "ticket."
RETRY_SECONDS = 5

Reason = Literal["full", "address"]


class Refusal(NamedTuple):
    """Why a page is not let in."""

    reason: Reason
    sentence: str


class Waiter(NamedTuple):
    """A page that waits for a place."""

    address: str
    seen: float  # when it asked last


class WaitingList:
    """Pages that wait for a place, by their tickets, in the order in which they came."""

    def __init__(self) -> None:
        self._waiters: dict[str, Waiter] = {}

    def __len__(self) -> int:
        return len(self._waiters)

    def ask(self, ticket: str | None, address: str, now: float) -> str:
        """A page asks for its place, with its ticket or for one; gives the ticket."""
        self._waiters = {known: waiter for known, waiter in self._waiters.items() if now - waiter.seen < WAITER_SECONDS}
        if ticket not in self._waiters:
            ticket = new_token()
        if ticket in self._waiters or len(self._waiters) < MAX_WAITING:
            self._waiters[ticket] = Waiter(address, now)
        return ticket

    def before(self, ticket: str | None) -> Counter[str]:
        """How many are before a page, by their addresses; all are before one without a ticket."""
        others = takewhile(lambda known: known != ticket, self._waiters)
        return Counter(self._waiters[other].address for other in others)

    def leave(self, ticket: str | None) -> None:
        """A page has its place, or wants none any more."""
        self._waiters.pop(ticket or "", None)


class Admission:
    """Counts the places that are taken: by connected pages, and by those that have not sent their hello yet."""

    def __init__(self, settings: Settings) -> None:
        self._most, self._most_of_one = settings.max_sessions, settings.sessions_per_address
        self._taken: Counter[str] = Counter()  # by address
        self.waiting_list = WaitingList()

    @property
    def free(self) -> int:
        """How many more pages there is room for."""
        return self._most - self._taken.total()

    def _room(self, address: str) -> int:
        """How many more pages there is room for from one address."""
        return self._most_of_one - self._taken[address]

    def ahead(self, address: str, ticket: str | None) -> int:
        """How many that wait before a page will come in before it: from any other address, no more than may."""
        before = self.waiting_list.before(ticket)
        others = sum(min(count, self._room(other)) for other, count in before.items() if other != address)
        return before[address] + others

    def refusal(self, address: str, ticket: str | None) -> Refusal | None:
        """Why a new page from there may not come in, or None."""
        if self.waiting_list.before(ticket)[address] >= self._room(address):
            return Refusal("address", f"All {self._most_of_one} places for pages from one address are taken.")
        if self.ahead(address, ticket) >= self.free:
            return Refusal("full", f"The playground is full: all {self._most} places are taken.")
        return None

    def enter(self, address: str, ticket: str | None = None) -> None:
        """A page takes a place."""
        self.waiting_list.leave(ticket)
        self._taken[address] += 1

    def exit(self, address: str) -> None:
        """It leaves its place to others."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]


def named(subprotocols: Sequence[str], prefix: str) -> str | None:
    """What a handshake names, by that prefix."""
    return next((offered.removeprefix(prefix) for offered in subprotocols if offered.startswith(prefix)), None)
