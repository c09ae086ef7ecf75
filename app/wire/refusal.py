"""The answer to a refused message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Problem

Answer = dict[str, Any]
"""A message to a page, as JSON."""


def refusal(found: Sequence[Problem], seq: int | None) -> Answer:
    """What was refused of the message with a number."""
    return {
        "type": "error",
        "seq": seq,
        "message": " ".join(map(str, found)),
        "problems": [problem._asdict() for problem in found],
    }
