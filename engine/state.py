"""The state of a run as text, for links and files: together with its Config, training continues to the same bits."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import struct
from dataclasses import replace

import numpy as np

from engine.config import Config
from engine.errors import InputError, Problem
from engine.snapshot import Snapshot, cut
from engine.trainer import Trainer
from engine.training.early_stopping import NO_BEST, Best, Weights

HEAD = struct.Struct("<BQQII")
MEMORY, BEST = struct.Struct("<Q"), struct.Struct("<dQQ")
IS_DEAD, HAS_MEMORY, HAS_BEST, IS_STOPPED, HAS_WEIGHTS = 1, 2, 4, 8, 16
KNOWN = IS_DEAD | HAS_MEMORY | HAS_BEST | IS_STOPPED | HAS_WEIGHTS
LONGEST = 2**53
"""Epochs and updates beyond which a run cannot count on as a page does."""


def format_state(trainer: Trainer) -> str:
    """The state of a run that trains, as `format_snapshot` writes it."""
    return format_snapshot(trainer.snapshot())


def format_snapshot(now: Snapshot) -> str:
    """base64url without padding of: flags, epoch, updates, points used and pending, theta as float64; where some
    weights are dead (1) a bit for each parameter; where the optimizer remembers anything (2) its updates and its
    memory as float64; where validation points were looked at (4) the best loss, its epoch, and the epoch from which
    patience counts; where early stopping may restore that epoch's weights (16) its theta and a bit for each that was
    dead. A run that early stopping has ended says so (8). All little-endian."""
    dead, best, weights = 1 in now.dead, math.isfinite(now.best.loss), now.best.weights
    flags = IS_DEAD * dead | HAS_MEMORY * bool(now.memory) | HAS_BEST * best | IS_STOPPED * now.stopped
    flags |= HAS_WEIGHTS * bool(weights)
    body = HEAD.pack(flags, now.epoch, now.updates, now.cursor, now.pending) + now.theta
    body += _bits(now.dead) if dead else b""
    body += MEMORY.pack(now.steps) + now.memory if now.memory else b""
    body += BEST.pack(*now.best[:3]) if best else b""
    body += weights.theta + _bits(weights.dead) if weights else b""
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def trainer_at(config: Config, state: str) -> Trainer:
    """The run of a configuration, at a state that `format_state` wrote; ValueError where that is none of its states."""
    trainer = Trainer(config)
    try:
        body = base64.b64decode(state + "=" * (-len(state) % 4), b"-_", validate=True)
        flags, epoch, updates, cursor, pending = HEAD.unpack_from(body)
    except (binascii.Error, ValueError, struct.error):
        raise InputError(Problem("state", "a saved state", f"{state[:20]!r}")) from None
    if flags > KNOWN or flags & (HAS_BEST | HAS_WEIGHTS) == HAS_WEIGHTS:
        raise InputError(Problem("state", "a saved state", f"{state[:20]!r}"))
    size, memory = trainer.network.size, trainer.snapshot().memory
    lengths = [
        8 * size,
        -(-size // 8) if flags & IS_DEAD else 0,
        MEMORY.size + len(memory) if flags & HAS_MEMORY else 0,
        BEST.size if flags & HAS_BEST else 0,
        *([8 * size, -(-size // 8)] if flags & HAS_WEIGHTS else []),
    ]
    if len(body) != HEAD.size + sum(lengths):
        raise InputError(Problem("state", f"{HEAD.size + sum(lengths)} bytes for {size} parameters", str(len(body))))
    theta, bits, remembered, lowest, *weights = cut(body[HEAD.size :], lengths)
    steps = MEMORY.unpack_from(remembered)[0] if remembered else 0
    memory = remembered[MEMORY.size :] if remembered else memory
    best = Best(*BEST.unpack(lowest)) if lowest else NO_BEST
    best = best._replace(weights=Weights(weights[0], _marks(weights[1], size)) if weights else None)
    _check(max(epoch, updates, steps, best.epoch, best.since), best.loss if lowest else 0.0)
    snapshot = Snapshot(epoch, updates, cursor, pending, theta, _marks(bits, size), memory, steps, best)
    try:
        trainer.restore(replace(snapshot, stopped=bool(flags & IS_STOPPED)))
    except InputError as error:
        raise InputError(*(problem._replace(field="state") for problem in error.problems)) from None
    return trainer


def _bits(dead: bytes) -> bytes:
    """A bit for each byte of 0 or 1."""
    return np.packbits(np.frombuffer(dead, np.uint8)).tobytes()


def _marks(bits: bytes, size: int) -> bytes:
    """A byte of 0 or 1 for each bit; all 0 where there are none."""
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=size).tobytes() if bits else bytes(size)


def _check(count: int, loss: float) -> None:
    if count > LONGEST:
        raise InputError(Problem("state", f"at most {LONGEST} epochs and updates", str(count)))
    if not math.isfinite(loss):
        raise InputError(Problem("state", "a finite validation loss", str(loss)))


def digest(trainer: Trainer) -> str:
    """The SHA-256 of theta as little-endian float64: equal where two runs have the same bits."""
    return hashlib.sha256(trainer.network.theta.astype("<f8").tobytes()).hexdigest()
