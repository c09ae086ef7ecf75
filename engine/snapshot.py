"""A snapshot of a run: together with its Config, training continues to the same bits."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from engine.errors import InputError, Problem
from engine.tables import Array
from engine.training.early_stopping import NO_BEST, Best, Weights

DIVERGED, STOPPED, HAS_WEIGHTS = 1, 2, 4

INVALID = Problem("snapshot", "finite parameters and marks of 0 and 1", "others")


@dataclass(frozen=True)
class Snapshot:
    """Everything that changes while a run trains."""

    epoch: int
    updates: int
    cursor: int
    """Points of the present epoch that are used up."""
    pending: int
    """Points before the cursor whose gradient still waits."""
    theta: bytes = field(repr=False)
    dead: bytes = field(repr=False)
    memory: bytes = field(default=b"", repr=False)
    """The optimizer's, (S, P) float64."""
    steps: int = 0
    """The updates that are in it."""
    best: Best = NO_BEST
    diverged: bool = False
    stopped: bool = False
    """Whether early stopping has ended it."""

    HEAD = struct.Struct("<4sIQQIIQdQQII")
    MAGIC = b"NNS3"

    def arrays(self, parameters: int, memories: int, points: int) -> tuple[Array, Array, Array]:
        """theta (P,), which of it is dead (P,), and the optimizer's memory (S, P); ValueError where the snapshot is
        of another run than one with so many parameters, memories and training points, or of none."""
        for what, expected, got in (
            ("parameters", parameters, len(self.dead)),
            ("bytes of parameters", 8 * parameters, len(self.theta)),
            ("bytes of the optimizer's memory", 8 * parameters * memories, len(self.memory)),
            *self._best_sizes(parameters),
        ):
            if got != expected:
                raise InputError(Problem("snapshot", f"{expected} {what}", str(got)))
        if max(self.cursor, self.pending) > points:
            place = max(self.cursor, self.pending)
            raise InputError(Problem("snapshot", f"a place among {points} training points", str(place)))
        theta, dead = _checked(Weights(self.theta, self.dead))
        memory = np.frombuffer(self.memory, "<f8").reshape(memories, parameters)
        if not np.isfinite(memory).all():
            raise InputError(INVALID)
        if self.best.weights:
            _checked(self.best.weights)
        return theta, dead, memory

    def _best_sizes(self, parameters: int) -> list[tuple[str, int, int]]:
        if not self.best.weights:
            return []
        theta, dead = map(len, self.best.weights)
        return [("parameters of the best epoch", parameters, dead), ("bytes of them", 8 * parameters, theta)]

    def to_bytes(self) -> bytes:
        """Little-endian: the header, then theta as float64, a byte per dead parameter, the memory as float64, and where
        the weights of the best epoch are kept the same two of these."""
        head = self.HEAD.pack(
            self.MAGIC,
            DIVERGED * self.diverged | STOPPED * self.stopped | HAS_WEIGHTS * bool(self.best.weights),
            self.epoch,
            self.updates,
            self.cursor,
            self.pending,
            self.steps,
            *self.best[:3],
            len(self.theta),
            len(self.memory),
        )
        return head + self.theta + self.dead + self.memory + b"".join(self.best.weights or ())

    @classmethod
    def from_bytes(cls, data: bytes) -> Snapshot:
        """The snapshot that `to_bytes` wrote; ValueError for anything else."""
        size = cls.HEAD.size
        if data[:4] != cls.MAGIC:
            raise InputError(Problem("snapshot", f"bytes that begin with {cls.MAGIC!r}", f"{data[:4]!r}"))
        if len(data) < size:
            raise InputError(Problem("snapshot", f"at least {size} bytes", str(len(data))))
        _, flags, epoch, updates, cursor, pending, steps, *best, parameters, memories = cls.HEAD.unpack_from(data)
        if flags > DIVERGED | STOPPED | HAS_WEIGHTS:
            raise InputError(Problem("snapshot", f"flags of at most {DIVERGED | STOPPED | HAS_WEIGHTS}", flags))
        lengths = [parameters, parameters // 8, memories]
        lengths += lengths[:2] if flags & HAS_WEIGHTS else []
        if len(data) != size + sum(lengths):
            raise InputError(Problem("snapshot", f"{size + sum(lengths)} bytes", str(len(data))))
        theta, dead, memory, *weights = cut(data[size:], lengths)
        return cls(
            epoch,
            updates,
            cursor,
            pending,
            theta,
            dead,
            memory,
            steps,
            Best(*best, *([Weights(*weights)] if weights else [])),
            bool(flags & DIVERGED),
            bool(flags & STOPPED),
        )


def _checked(weights: Weights) -> tuple[Array, Array]:
    """theta (P,), which of it is dead (P,); ValueError where they are none."""
    theta, dead = np.frombuffer(weights.theta, "<f8"), np.frombuffer(weights.dead, np.uint8)
    if not np.isfinite(theta).all() or (dead > 1).any():
        raise InputError(INVALID)
    return theta, dead.astype(bool)


def cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    """The data in pieces of these lengths."""
    ends = list(accumulate(lengths))
    return [data[end - length : end] for length, end in zip(lengths, ends, strict=True)]
