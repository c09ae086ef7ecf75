"""`playground --version`."""

from __future__ import annotations

from typing import Annotated

import typer


def print_version(wanted: bool) -> None:
    """Print what a report of a fault needs to name, and end."""
    if not wanted:
        return
    import platform

    from app.doctor.installation import numpy_name, product_version, updates_name

    print(f"playground {product_version()} (Python {platform.python_version()}, {numpy_name()}, {updates_name()})")
    raise typer.Exit


def playground(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Show the version, those of Python, NumPy and its BLAS, and how updates are made.",
        ),
    ] = False,
) -> None:
    """A neural-network playground: serve its page, or train its networks from here."""
