"""When the losses of a playing run are taken, and when its page is shown a picture. All times are in seconds."""

from __future__ import annotations

FRAME_SECONDS = 1 / 60
"""At least so long between two samples, and between two pictures where the process has time for them."""
SMOOTH_SECONDS, SMOOTH_SHARE = 1 / 15, 0.4
"""At this rate pictures still look like motion; to reach it, more of the time may go into them."""
LONGEST_SECONDS = 1 / 10
FRAME_SHARE = 0.3
"""As much of a process's time may go into pictures; the rest trains."""
DELIVERY_SECONDS = 0.0005
"""What a picture costs beside its making: it is sent, and taken in by a page that may share this machine."""


class Pace:
    """The times of one run."""

    def __init__(self) -> None:
        self.sample_due = 0.0  # when losses may be taken next
        self.frame_due = 0.0  # when a picture may be sent next
        self.frame_seconds = FRAME_SECONDS  # at least so long between two pictures, as there is time for them
        self.frame_cost = 0.0005  # seconds that making one takes, as measured
        self.urgent = False  # whether the page waits to see what a control did

    def make_urgent(self) -> None:
        """A control was applied: the next sample, and the next picture, are due at once."""
        self.sample_due = self.frame_due = 0.0
        self.urgent = True

    def sampled(self, now: float) -> None:
        """The losses were taken."""
        self.sample_due = max(self.sample_due + FRAME_SECONDS, now)

    def frame_made(self, now: float, cost: float) -> None:
        """A picture of what was seen then was made, in `cost` seconds."""
        self.urgent = False
        self.frame_due = max(self.frame_due + self.frame_seconds, now)
        self.frame_cost += 0.1 * (cost - self.frame_cost)


def frame_seconds(costs: list[float]) -> float:
    """How long between two pictures of each run, where one of each costs so many seconds, that all have their share."""
    cost = sum(cost + DELIVERY_SECONDS for cost in costs)
    smooth = max(cost / SMOOTH_SHARE, SMOOTH_SECONDS)
    return min(max(min(cost / FRAME_SHARE, smooth), FRAME_SECONDS), LONGEST_SECONDS)
