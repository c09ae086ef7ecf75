"""What scripts import: `from playground import Config, Trainer, PlaygroundClient`.

The engine is loaded at once. The clients of a served playground are loaded when they are asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import playground.ownership  # noqa: F401 - before any import of engine or app

# isort: split
from engine import (
    Config,
    Divergence,
    Grid,
    InvalidConfigError,
    LinkError,
    Losses,
    Measures,
    Network,
    ParsedLink,
    Snapshot,
    Stop,
    Trainer,
    boundary,
    format_link,
    format_state,
    parse_link,
    trainer_at,
)

if TYPE_CHECKING:
    from app.client import (
        AsyncPlaygroundClient,
        AsyncRun,
        AsyncSession,
        AsyncSweep,
        PlaygroundClient,
        PlaygroundError,
        Run,
        Session,
        Sweep,
    )

__all__ = [
    "AsyncPlaygroundClient",
    "AsyncRun",
    "AsyncSession",
    "AsyncSweep",
    "Config",
    "Divergence",
    "Grid",
    "InvalidConfigError",
    "LinkError",
    "Losses",
    "Measures",
    "Network",
    "ParsedLink",
    "PlaygroundClient",
    "PlaygroundError",
    "Run",
    "Session",
    "Snapshot",
    "Stop",
    "Sweep",
    "Trainer",
    "boundary",
    "format_link",
    "format_state",
    "parse_link",
    "trainer_at",
]


def __getattr__(name: str) -> Any:
    """A name of the client, loaded when it is first asked for."""
    if name in __all__:
        return getattr(importlib.import_module("app.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
