"""`python -m benchmarks.live [class deep crowd door mixed storm soak bytes] [--seconds 10 | --full] [--speed 1]`

Starts a server for each scenario, as a person starts it, and simulated pages beside it on the same machine; prints a
table of what they saw. `--full` takes the time that each is meant to take: an hour for all.
"""

from __future__ import annotations

import argparse
import asyncio

from rich.console import Console
from rich.table import Table

from benchmarks.live.scenarios import SCENARIOS, Row

COLUMNS = (
    "scenario",
    "frames/s min, median",
    "epochs/s min, median",
    "slider to frame ms 50 %, 99 %",
    "loop lag ms 99 %",
    "cores server, workers",
    "MB",
    "KB/s a page",
    "",
)


def cells(row: Row) -> list[str]:
    """A row as text."""

    def pair(values: tuple[float, float] | None, form: str) -> str:
        return "" if values is None else ", ".join(format(value, form) for value in values)

    def one(value: float | None, form: str) -> str:
        return "" if value is None else format(value, form)

    return [
        row.name,
        pair(row.frames, ".0f"),
        pair(row.epochs, ".0f"),
        pair(row.slider, ".0f"),
        "" if row.lag is None else f"≤ {row.lag:g}",
        pair(row.cpu, ".2f"),
        one(row.megabytes, ".0f"),
        one(row.rate, ".0f"),
        row.said,
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", choices=[[], *SCENARIOS], help="all but soak where none is named")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--speed", default="1", help="epochs per frame, or max")
    args = parser.parse_args()
    table = Table(*COLUMNS, title=f"Live sessions at speed {args.speed}")
    for name in args.scenarios or [name for name in SCENARIOS if name != "soak" or args.full]:
        scenario, full = SCENARIOS[name]
        table.add_row(*cells(asyncio.run(scenario(full if args.full else args.seconds, args.speed))))
    Console(width=200).print(table)


if __name__ == "__main__":
    main()
