"""One session in a worker: its run, and its queue of controls."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from app.live import controls
from app.live.run import LiveRun
from app.wire.messages import Control
from app.worker.carrying import Carrier


class QueuedControl(NamedTuple):
    """A control that waits for its turn, and its number as the server counts the controls of a session."""

    control: Control
    number: int


@dataclass
class HostedRun:
    """One session in this process: its run, and the controls that wait for their turn."""

    run: LiveRun
    waiting: deque[QueuedControl] = field(default_factory=deque)
    saved_at: float = 0.0
    saved_updates: int = 0
    control: int = 0  # the last one that was applied, as the server counts them
    carrier: Carrier = field(default_factory=Carrier)

    def ready(self, now: float) -> bool:
        """Whether a turn now would do something."""
        return bool(self.waiting) or self.run.ready(now)

    def urgent(self, now: float) -> bool:
        """Whether a person waits for what a turn now would do."""
        return bool(self.waiting) or self.run.urgent(now)

    def enqueue(self, control: Control, number: int) -> None:
        """Let a control wait, in place of the last one where it overwrites that (a slider on its way)."""
        if self.waiting and controls.overwrites(control, self.waiting[-1].control):
            self.waiting.pop()
        self.waiting.append(QueuedControl(control, number))
