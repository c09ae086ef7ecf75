"""The random number generator for data and initial weights: ARC4, keyed by a text.

It is the generator of David Bau's `seedrandom` library, so that a seed gives the same numbers here as in
a browser that runs it.
"""

from __future__ import annotations

import math

from engine.copying import Copyable

WIDTH = 256
MASK = WIDTH - 1
SIGNIFICANCE = 2.0**52  # a double holds 52 fraction bits
OVERFLOW = SIGNIFICANCE * 2


def key_from(seed: str) -> list[int]:
    """The generator's key for a seed: its UTF-16 code units, smeared over at most 256 bytes."""
    key: list[int] = []
    smear = 0
    units = seed.encode("utf-16-le", "surrogatepass")
    for index in range(len(units) // 2):
        code = units[2 * index] | units[2 * index + 1] << 8
        slot = index & MASK
        if slot == len(key):
            key.append(0)
        smear ^= key[slot] * 19
        key[slot] = (smear + code) & MASK
    return key or [0]


class Stream(Copyable):
    """An endless sequence of uniform numbers, the same for the same seed everywhere."""

    def __init__(self, seed: str) -> None:
        key = key_from(seed)
        state = bytearray(range(WIDTH))
        j = 0
        for i in range(WIDTH):
            j = (j + key[i % len(key)] + state[i]) & MASK
            state[i], state[j] = state[j], state[i]
        self._state, self._i, self._j = state, 0, 0
        for _ in range(WIDTH):  # RC4-drop[256]: the first outputs reveal the key
            self._byte()

    def _byte(self) -> int:
        state = self._state
        self._i = i = (self._i + 1) & MASK
        self._j = j = (self._j + state[i]) & MASK
        state[i], state[j] = state[j], state[i]
        return state[(state[i] + state[j]) & MASK]

    def random(self) -> float:
        """A number in [0, 1) with at least 52 random bits: 6 bytes, then one more at a time."""
        numerator = 0
        for _ in range(6):
            numerator = numerator * WIDTH + self._byte()
        value, denominator, last = float(numerator), float(WIDTH**6), 0
        while value < SIGNIFICANCE:
            value = (value + last) * WIDTH
            denominator *= WIDTH
            last = self._byte()
        while value >= OVERFLOW:
            value /= 2
            denominator /= 2
            last >>= 1
        return (value + last) / denominator

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return self.random() * (high - low) + low

    def normal(self, mean: float, variance: float) -> float:
        """A normal draw by Marsaglia's polar method, of whose two values only the first is used."""
        while True:
            v1 = 2 * self.random() - 1
            v2 = 2 * self.random() - 1
            s = v1 * v1 + v2 * v2
            if 0 < s <= 1:
                return mean + math.sqrt(variance) * (math.sqrt(-2 * math.log(s) / s) * v1)
