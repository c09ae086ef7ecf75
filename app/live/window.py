"""The flow-control window between a run and its page: frames in flight, and losses that the page is known to have."""

from __future__ import annotations

import math

MAX_IN_FLIGHT = 2
"""Frames that may be on their way to the page at once."""


class Window:
    """Counts the frames that are sent and those that were drawn."""

    def __init__(self) -> None:
        self.number = 0  # of the last frame
        self.seen = -1.0  # the last epoch whose losses the page surely has
        self._in_flight: dict[int, float] = {}  # frames, with the last epoch in their history

    @property
    def is_open(self) -> bool:
        """Whether another frame may be sent."""
        return len(self._in_flight) < MAX_IN_FLIGHT

    def attach(self, after: float) -> None:
        """Another connection, whose page has losses up to the epoch `after`; those that it was not known to have may
        have changed since."""
        self.seen = min(after, self.seen)
        self._in_flight.clear()

    def begin(self) -> None:
        """Another network: the page has none of its losses."""
        self.seen = -1.0
        self._in_flight = dict.fromkeys(self._in_flight, -1.0)

    def revise(self, epoch: float) -> None:
        """The losses of an epoch have changed since they were sent: a knob was moved."""
        before = math.nextafter(epoch, -math.inf)
        self.seen = min(self.seen, before)
        self._in_flight = {frame: min(last, before) for frame, last in self._in_flight.items()}

    def send(self, last_epoch: float | None) -> int:
        """The number of one more frame, whose history ends with an epoch where it has any."""
        self.number += 1
        self._in_flight[self.number] = self.seen if last_epoch is None else last_epoch
        return self.number

    def ack(self, number: int) -> None:
        """The page has drawn a frame, and with it all that came before."""
        for frame in [frame for frame in self._in_flight if frame <= number]:
            self.seen = max(self.seen, self._in_flight.pop(frame))
