"""Why the run store refuses a run."""

from __future__ import annotations


class KeyReusedError(Exception):
    """An Idempotency-Key came again with another body."""


class FullError(Exception):
    """So many runs wait, and so many more would be too many."""

    def __init__(self, waiting: int, more: int, most: int) -> None:
        super().__init__(waiting, more, most)
        self.waiting, self.more, self.most = waiting, more, most
