"""The first that the `playground` command does: only then are modules imported that others could stand for."""

from __future__ import annotations

import sys

from app.process.safe_path import seal

INTERRUPTED = 130


def main() -> None:
    """The `playground` command."""
    seal()
    try:
        from app.cli import main as command
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    command()
