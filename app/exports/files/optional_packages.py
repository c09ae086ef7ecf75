"""Optional packages, which only some formats need and an extra installs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from engine.errors import InputError, Problem


def extra(name: str) -> Any:
    """The package of the extra of the same name; ValueError that says how to get it where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise InputError(
            Problem("format", f"the extra {name} to be installed (pip install 'neural-playground[{name}]')", "none")
        ) from None
