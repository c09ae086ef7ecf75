"""What the tests of galleries share."""

from __future__ import annotations

from engine import Config

CONFIG = Config(networkShape=(3,), dataset="xor", numSamples=200)
