"""The undo stack: states of a run before its changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine import Config, Snapshot

MAX_UNDO_POINTS = 50
MAX_UNDO_BYTES = 4_000_000


@dataclass(frozen=True)
class UndoPoint:
    """What undo goes back to: a configuration, and its network where the next change replaced that."""

    config: Config
    what: str = "settings"
    """What the change was to: "data", "network", "weights" set by hand, or only "settings"."""
    gesture: int | None = None
    """Changes of one gesture, such as the moving of a slider, are undone together."""
    snapshot: Snapshot | None = None
    history: bytes = b""

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        kept = self.snapshot
        state = len(kept.theta) + len(kept.dead) + len(kept.memory) if kept else 0
        return len(self.history) + state + len(self.config.points)


class UndoStack:
    """Points to undo to and to redo to, the newest last."""

    def __init__(self) -> None:
        self.undone: list[UndoPoint] = []
        self.done: list[UndoPoint] = []

    def holds(self, gesture: int | None) -> bool:
        """Whether the state before a gesture is the newest point."""
        return gesture is not None and bool(self.done) and self.done[-1].gesture == gesture

    def push(self, undo_point: UndoPoint, gesture: int | None = None) -> None:
        """Keep the state before a change; of a gesture that makes many, the one before the first."""
        self.undone.clear()
        if self.holds(gesture):
            before = self.done.pop()
            undo_point = before if before.snapshot else replace(undo_point, config=before.config)
        self.done.append(replace(undo_point, gesture=gesture))
        while len(self.done) > MAX_UNDO_POINTS or (
            sum(kept.size for kept in self.done) > MAX_UNDO_BYTES and len(self.done) > 1
        ):
            del self.done[0]
