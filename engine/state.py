"""A run's state as a line of text, for links and files: with its Config it goes on to the same bits."""

from __future__ import annotations

import base64
import binascii
import struct

import numpy as np

from engine.config import Config
from engine.snapshot import Snapshot
from engine.trainer import Trainer

HEAD = struct.Struct("<?QQII")
LONGEST = 2**53
"""Epochs and updates beyond which a run cannot count on as a page does."""


def format_state(trainer: Trainer) -> str:
    """base64url without padding of: whether any weight is dead, epoch, updates, points used and pending, theta as
    float64, and where some are dead a bit for each parameter. All little-endian."""
    now = trainer.snapshot()
    dead = trainer.dead.any()
    head = HEAD.pack(dead, now.epoch, now.updates, now.cursor, now.pending)
    body = head + now.theta + (np.packbits(trainer.dead).tobytes() if dead else b"")
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def trainer_at(config: Config, state: str) -> Trainer:
    """The run of a configuration, at a state that `format_state` wrote; ValueError where that is none of its states."""
    trainer = Trainer(config)
    try:
        body = base64.b64decode(state + "=" * (-len(state) % 4), b"-_", validate=True)
        dead, epoch, updates, cursor, pending = HEAD.unpack_from(body)
    except (binascii.Error, ValueError, struct.error):
        raise ValueError(f"state: expected a saved state, got {state[:20]!r}") from None
    size = len(trainer.network.theta)
    expected = HEAD.size + 8 * size + (-(-size // 8) if dead else 0)
    if len(body) != expected:
        raise ValueError(f"state: expected {expected} bytes for {size} parameters, got {len(body)}")
    if max(epoch, updates) > LONGEST:
        raise ValueError(f"state: expected at most {LONGEST} epochs and updates, got {max(epoch, updates)}")
    theta, bits = body[HEAD.size : HEAD.size + 8 * size], body[HEAD.size + 8 * size :]
    marks = np.unpackbits(np.frombuffer(bits, np.uint8), count=size) if dead else np.zeros(size, np.uint8)
    stream = trainer.snapshot().stream
    try:
        trainer.restore(Snapshot(epoch, updates, cursor, pending, False, stream, theta, marks.tobytes()))
    except ValueError as error:
        raise ValueError(f"state{str(error).removeprefix('snapshot')}") from None
    return trainer
