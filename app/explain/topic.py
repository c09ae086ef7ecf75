"""The definition of an explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.tables import Entry


@dataclass(frozen=True)
class Explanation:
    """Two sentences to a student, what it is and what to try or notice; a formula or a table where there is one."""

    title: str
    text: str
    latex: str = ""
    entries: Mapping[str, Entry | None] = field(default_factory=dict)
    update: bool = False
    """Whether the rule of an update is shown, as it is at present."""
    differs: str = ""
    """A line about libraries that do it in another way; a test in tests/engine/test_fidelity.py holds it."""
