"""A file that a command writes."""

from __future__ import annotations

from pathlib import Path

from app.commands.terminal.exit_codes import refuse


def write(content: bytes, output: Path) -> None:
    """Write a file, or say why that cannot be done."""
    try:
        output.write_bytes(content)
    except OSError as error:
        refuse(f"The file {output} cannot be written: {error.strerror}.")
