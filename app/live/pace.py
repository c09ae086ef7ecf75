"""When a playing run is looked at, and when its page is shown a picture. All times are in seconds."""

from __future__ import annotations

FRAME_SECONDS = 1 / 60
"""At least so long between two looks, and between two pictures where the process has time for them."""
FLUENT_SECONDS, FLUENT_SHARE = 1 / 15, 0.4
"""So often pictures still look like motion: for as many, more of the time may go into them."""
LONGEST_SECONDS = 1 / 10
SHARE = 0.3
"""As much of a process's time may go into pictures; the rest trains."""
CARRIAGE_SECONDS = 0.0005
"""What a picture costs beside its making: it is sent, and taken in by a page that may share this machine."""


class Pace:
    """The times of one run."""

    def __init__(self) -> None:
        self.look_due = 0.0  # when losses may be taken next
        self.frame_due = 0.0  # when a picture may be sent next
        self.frame_seconds = FRAME_SECONDS  # at least so long between two pictures, as there is time for them
        self.frame_cost = 0.0005  # seconds that making one takes, as measured
        self.hurried = False  # whether the page waits to see what a control did

    def hurry(self) -> None:
        """A control was applied: the next look, and the next picture, are due at once."""
        self.look_due = self.frame_due = 0.0
        self.hurried = True

    def looked(self, now: float) -> None:
        """The losses were taken."""
        self.look_due = max(self.look_due + FRAME_SECONDS, now)

    def framed(self, now: float, cost: float) -> None:
        """A picture of what was seen then was made, in `cost` seconds."""
        self.hurried = False
        self.frame_due = max(self.frame_due + self.frame_seconds, now)
        self.frame_cost += 0.1 * (cost - self.frame_cost)


def frame_seconds(costs: list[float]) -> float:
    """How long between two pictures of each run, where one of each costs so many seconds, that all have their share."""
    cost = sum(cost + CARRIAGE_SECONDS for cost in costs)
    fluent = max(cost / FLUENT_SHARE, FLUENT_SECONDS)
    return min(max(min(cost / SHARE, fluent), FRAME_SECONDS), LONGEST_SECONDS)
