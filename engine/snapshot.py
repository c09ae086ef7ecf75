"""A moment of a run, saved: with its Config it goes on to the same bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """Everything that changes while a run trains: with its Config it goes on to the same bits."""

    epoch: int
    updates: int
    cursor: int
    pending: int
    stream: bytes
    theta: bytes
    dead: bytes

    HEAD = struct.Struct("<4sIQQIII")
    MAGIC = b"NNS1"

    def to_bytes(self) -> bytes:
        """Little-endian: the header, then the stream's state, theta as float64, and a byte per dead parameter."""
        head = self.HEAD.pack(
            self.MAGIC, len(self.stream), self.epoch, self.updates, self.cursor, self.pending, len(self.theta)
        )
        return head + self.stream + self.theta + self.dead

    @classmethod
    def from_bytes(cls, data: bytes) -> Snapshot:
        """The snapshot that `to_bytes` wrote; ValueError for anything else."""
        size = cls.HEAD.size
        if len(data) < size or data[:4] != cls.MAGIC:
            raise ValueError(f"snapshot: expected bytes that begin with {cls.MAGIC!r}, got {data[:4]!r}")
        _, stream, epoch, updates, cursor, pending, theta = cls.HEAD.unpack_from(data)
        if len(data) != size + stream + theta + theta // 8:
            raise ValueError(f"snapshot: expected {size + stream + theta + theta // 8} bytes, got {len(data)}")
        cut = size + stream
        return cls(epoch, updates, cursor, pending, data[size:cut], data[cut : cut + theta], data[cut + theta :])
