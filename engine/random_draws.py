"""Random draws for an epoch or an update: each depends on its place alone, not on earlier draws.

So a run can go on from any epoch without the state of a generator.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np

from engine.tables import Array

PLACES = 2**64  # draws within one place


def _raw(seed: str, place: int, count: int) -> Array:
    """`count` random words at a place, (count,) uint64, of Philox keyed by the seed (Salmon et al., 2011)."""
    key = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=16).digest(), "little")
    return np.asarray(np.random.Philox(key=key, counter=place * PLACES).random_raw(count))


def order(seed: str, epoch: int, count: int) -> Array:
    """The order in which an epoch takes its points, (count,)."""
    return np.argsort(_raw(f"order {seed}", epoch, count), kind="stable")


def dropout_masks(seed: str, update: int, share: float, units: Sequence[int], points: int) -> list[Array]:
    """For each hidden layer of so many units a mask (H, N): 0 with the probability `share`, and otherwise what keeps
    the mean as it is (inverted dropout, Srivastava et al., 2014)."""
    limit = np.uint64(min(int(share * 2.0**64), 2**64 - 1))
    words = _raw(f"dropout {seed}", update, sum(units) * points)
    kept = np.where(words < limit, 0.0, 1 / (1 - share))
    ends = np.cumsum([count * points for count in units], dtype=int)
    return [part.reshape(-1, points) for part in np.split(kept, ends)[:-1]]


def uniform(seed: str, place: int, shape: Sequence[int]) -> Array:
    """Numbers in [0, 1) with 53 random bits, in an array of a shape."""
    return (_raw(seed, place, math.prod(shape)) >> np.uint64(11)).reshape(shape) * 2.0**-53
