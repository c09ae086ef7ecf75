"""The scheduler of a worker: which session trains next, by deficit round robin (Shreedhar and Varghese, 1995).

Each turn adds a quantum to a session's account; what it really used is taken off again. A session that overdrew
waits until its account is positive; one with nothing to do saves nothing up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

QUANTUM = 0.002  # seconds
ADVANCE = 0.02
"""Seconds that a session may be behind the others and still go first where it is urgent."""

Key = TypeVar("Key", bound=Hashable)


class Turn(NamedTuple, Generic[Key]):
    """A session's turn, and the seconds that it has."""

    key: Key
    budget: float


class Scheduler(Generic[Key]):
    """The ring of sessions of one worker."""

    def __init__(self, quantum: float = QUANTUM) -> None:
        self._quantum = quantum
        self._ring: deque[Key] = deque()
        self._account: dict[Key, float] = {}

    def add(self, key: Key) -> None:
        """Take a session in, at the end of the ring."""
        if key not in self._account:
            self._ring.append(key)
            self._account[key] = 0.0

    def remove(self, key: Key) -> None:
        """Forget a session."""
        if self._account.pop(key, None) is not None:
            self._ring.remove(key)

    def urgent(self, urgent: Callable[[Key], bool]) -> Turn[Key] | None:
        """A turn out of the ring's order, for a session that a person waits for; it is charged as any other."""
        for key in self._ring:
            if self._account[key] > -ADVANCE and urgent(key):
                return Turn(key, self._quantum)
        return None

    def next(self, ready: Callable[[Key], bool]) -> Turn[Key] | None:
        """The next turn among the sessions that are ready, or None where none is."""
        waiting = len(self._ring)
        while waiting:
            key = self._ring[0]
            self._ring.rotate(-1)
            if not ready(key):
                self._account[key] = min(self._account[key], 0.0)
                waiting -= 1
                continue
            waiting = len(self._ring)
            self._account[key] += self._quantum
            if self._account[key] > 0:
                return Turn(key, self._account[key])
        return None

    def charge(self, key: Key, seconds: float) -> None:
        """Take the time that a session used off its account."""
        if key in self._account:
            self._account[key] = max(self._account[key] - seconds, -1.0)
