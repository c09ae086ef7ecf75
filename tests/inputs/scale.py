"""How much bad input is tried: a little in every test run, all of it with PLAYGROUND_TESTS=full."""

from __future__ import annotations

import os
import random
from typing import Any

FULL = os.environ.get("PLAYGROUND_TESTS") == "full"
LINKS, ROUND_TRIPS, MESSAGES, WALKS, STEPS = (20_000, 5_000, 20_000, 500, 50) if FULL else (1_000, 200, 1_200, 4, 25)
"""Generated links, configurations that become links, messages to a server; walks through a session, and their steps."""
PLAYERS, ACTS = (16, 2_000) if FULL else (2, 120)
"""Who plays with the page without any sense, and how often each does something."""
PARTS = 10 if FULL else 1
"""So many tests share the walks, because these wait a lot: for processes that start."""

NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -0.0, 1, -1, 2**31, 2**53 + 1, 2**63, -(2**64), 1e308, -1e308, 1e-320, 0.1, 10**400),
    *(float("inf"), float("-inf"), float("nan")),
    *("", " ", "null", "NaN", "Infinity", "-0", "1e999", "0x10", "１２", "٣", "⅕", "1_000", "١٫٥", "∞", "\0", "\u202e"),
    *(
        "true",
        "False",
        "spiral",
        "a" * 300,
        "%",
        "%zz",
        "%00",
        "&",
        "=",
        "#",
        "🦆",
        "\ud7ff\uffff",
        "<script>",
        "'\"\\",
    ),
    *([], [[]], [1, [2, [3]]], {}, {"a": {"b": []}}, [0] * 1_000, [64] * 11, ["relu"] * 12),
)
"""Values that somebody will think of."""


def some(seed: int) -> random.Random:
    """A stream of chance, the same each time."""
    return random.Random(seed)
