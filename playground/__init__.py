"""What scripts import: `from playground import Config, Trainer, PlaygroundClient`.

Every name is loaded when it is first asked for. Nothing is imported here, because until the folders of modules are in
order a file of the person's could take the place of any module.
"""

from __future__ import annotations

TYPE_CHECKING = False
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


CLIENT = frozenset({"Run", "Session", "Sweep"}) | {name for name in __all__ if name.startswith(("Async", "Playground"))}


def __getattr__(name: str) -> object:
    """A name of the engine or the client."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    import playground.ownership  # noqa: F401 - before any import of engine or app

    found = getattr(importlib.import_module("app.client" if name in CLIENT else "engine"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
