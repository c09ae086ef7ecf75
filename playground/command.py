"""The `playground` command: puts the folders of modules in order before it loads anything that could be shadowed."""

from __future__ import annotations

import os
import sys

OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is not safe yet
INTERRUPTED = 130


def main() -> None:
    """Run the command that the arguments of the program name."""
    sys.path.insert(0, OWN)  # so that `app` is ours, whatever PYTHONPATH and the working directory hold
    from app.process.safe_path import seal

    sys.path.remove(OWN)
    seal()
    try:
        from app.cli import main as command
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    command()
