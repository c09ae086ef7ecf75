"""Whether a run is stuck: its training loss has hardly fallen for long, and it has not solved its task."""

from __future__ import annotations

import numpy as np

from engine.tables import Array

LONG = 1_000
"""Fewer epochs than these say nothing: many runs rest for some hundred before they find a way."""
HARDLY = 0.04
"""A smaller part of the loss than this is no progress worth waiting for."""
SOLVED = 0.9
"""A score, accuracy or R squared, from which on a run is not called stuck."""


SECONDS = 3.0
"""A run that is stuck for less is not spoken of: at the highest speed much happens in that time."""
LOOK_AGAIN = 1.02
"""How many times the epochs so far until the next look."""
RECENT = 9
"""Rows of losses whose median is the present one."""


class PlateauWatch:
    """Tells when a run is stuck and when it goes on, each once. It begins at the epoch `start`.

    A run is called stuck once it has been so for some seconds, and until its loss is clearly lower: a sentence that
    comes and goes helps nobody.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._told = False
        self.begin(start)

    def begin(self, start: float) -> None:
        """Look at what comes after the epoch `start` alone: what the run is trained with has changed."""
        self._start = start
        self._next = start if self._told else start + LONG  # what was told is to be taken back soon
        self._since: int | None = None
        self._level = self._found_at = 0.0

    def forget(self) -> None:
        """Tell again what was told: whoever listens is new."""
        self._told = False

    def due(self, epoch: float) -> bool:
        """Whether enough has been trained to look again."""
        return epoch >= self._next

    def look(self, epochs: Array, losses: Array, score: float, now: float) -> tuple[bool, int | None]:
        """Whether there is news at the time `now`, in seconds, and the epoch since which the run is stuck.

        The losses, (N,), are those of `stuck_since`.
        """
        self._next = LOOK_AGAIN * float(epochs[-1])
        level = float(np.median(losses[-RECENT:]))
        if self._since is None:
            self._since = stuck_since(epochs, losses, score, self._start)
            self._level, self._found_at = level, now
        elif score >= SOLVED or level < (1 - 2 * HARDLY) * self._level:
            self._since = None
        tells = self._since is not None and now >= self._found_at + SECONDS
        news, self._told = tells != self._told, tells
        return news, self._since if tells else None


def stuck_since(epochs: Array, losses: Array, score: float, start: float = 0.0) -> int | None:
    """The epoch since which the training loss has hardly fallen, or None where it still does.

    Looks at the second half of the epochs from `start` on and compares the medians of its two halves, so that neither
    the size of the loss nor its noise matters. `epochs` ascend, and are of the same shape (N,) as `losses`; `score` is
    that of the training points now.
    """
    last = float(epochs[-1]) if len(epochs) else start
    if last - start < LONG or score >= SOLVED:
        return None
    since, middle = last - (last - start) / 2, last - (last - start) / 4
    before, after = losses[(epochs >= since) & (epochs < middle)], losses[epochs >= middle]
    if not len(before) or np.median(after) < (1 - HARDLY) * np.median(before):
        return None
    return round(since)
