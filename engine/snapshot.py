"""A moment of a run, saved: with its Config it goes on to the same bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from engine.tables import Array


@dataclass(frozen=True)
class Snapshot:
    """Everything that changes while a run trains: with its Config it goes on to the same bits."""

    epoch: int
    updates: int
    cursor: int
    """Points of the present epoch that are used up."""
    pending: int
    """Points before the cursor whose gradient still waits."""
    diverged: bool
    stream: bytes
    theta: bytes
    dead: bytes

    HEAD = struct.Struct("<4s?IQQIII")
    MAGIC = b"NNS2"

    def parameters(self) -> tuple[Array, Array]:
        """theta, (P,) float64, and which of it is dead, (P,) bool; ValueError where the bytes are none."""
        if len(self.theta) != 8 * len(self.dead):
            raise ValueError(f"snapshot: expected {8 * len(self.dead)} bytes of parameters, got {len(self.theta)}")
        theta, dead = np.frombuffer(self.theta, "<f8"), np.frombuffer(self.dead, np.uint8)
        if not np.isfinite(theta).all() or (dead > 1).any():
            raise ValueError("snapshot: expected finite parameters and marks of 0 and 1, got others")
        return theta, dead.astype(bool)

    def to_bytes(self) -> bytes:
        """Little-endian: the header, then the stream's state, theta as float64, and a byte per dead parameter."""
        head = self.HEAD.pack(
            self.MAGIC,
            self.diverged,
            len(self.stream),
            self.epoch,
            self.updates,
            self.cursor,
            self.pending,
            len(self.theta),
        )
        return head + self.stream + self.theta + self.dead

    @classmethod
    def from_bytes(cls, data: bytes) -> Snapshot:
        """The snapshot that `to_bytes` wrote; ValueError for anything else."""
        size = cls.HEAD.size
        if data[:4] != cls.MAGIC:
            raise ValueError(f"snapshot: expected bytes that begin with {cls.MAGIC!r}, got {data[:4]!r}")
        if len(data) < size:
            raise ValueError(f"snapshot: expected at least {size} bytes, got {len(data)}")
        _, diverged, stream, epoch, updates, cursor, pending, theta = cls.HEAD.unpack_from(data)
        if len(data) != size + stream + theta + theta // 8:
            raise ValueError(f"snapshot: expected {size + stream + theta + theta // 8} bytes, got {len(data)}")
        cut = size + stream
        return cls(
            epoch, updates, cursor, pending, diverged, data[size:cut], data[cut : cut + theta], data[cut + theta :]
        )
