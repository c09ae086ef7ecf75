"""`playground data`: what a file of points is taken for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.arguments.inputs import read_points, reading_notes
from app.commands.arguments.options import AsJson
from app.commands.terminal.exit_codes import note

if TYPE_CHECKING:
    from rich.table import Table

    from app.tabular.reading import Reading

ROWS, COLUMNS = 20, 40
"""Of the picture, in characters."""
LIMIT = 6.0
"""How far the picture reaches to each side, in units of the plane."""
SIGNS = "-·+"
"""A number of a regression: low, middling, high."""


def data(
    file: Annotated[Path, typer.Argument(help="A table: CSV, JSON, .xlsx, .npy and others.", show_default=False)],
    columns: Annotated[
        str | None, typer.Option("--columns", help="Which column is what, such as x1=height,x2=weight,label=sex.")
    ] = None,
    problem: Annotated[
        str | None, typer.Option("--problem", help="classification, multiclass or regression; guessed if left out.")
    ] = None,
    seed: Annotated[str, typer.Option(help="Seed for choosing rows when there are too many.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show how a file of points is read, without training on it."""
    from engine.errors import Problem, with_suggestion
    from engine.tables.tasks import TASKS

    if problem and problem not in TASKS:
        from app.commands.terminal.exit_codes import refuse

        refuse(Problem("problem", f"one of {', '.join(TASKS)}", with_suggestion(problem, TASKS)))
    reading = read_points(file, columns or "", problem or "", seed)
    if as_json:
        print(json.dumps(_record(reading)))
        return
    from app.commands.terminal.run_display import console

    printer = console()
    count = len(reading.points)
    printer.print(f"{reading.format}, {reading.problem}, {count:,} points", highlight=False, markup=False)
    printer.print(_head(reading))
    printer.print(picture(reading), highlight=False, markup=False)
    note(*reading_notes(reading))


def _record(reading: Reading) -> dict[str, Any]:
    """A reading for programs, as the HTTP API gives it."""
    from app.schemas.points_view import preview_of

    return preview_of(reading).model_dump()


def _head(reading: Reading) -> Table:
    from rich.table import Table
    from rich.text import Text

    roles = {place: role for role, place in reading.roles.items()}
    table = Table(box=None, header_style="bold")
    for place, column in enumerate(reading.columns):
        role = roles.get(place)
        table.add_column(Text(f"{column.name}\n{role or '(left out)'}"), justify="right" if column.numeric else "left")
    for row in reading.head:
        table.add_row(*map(Text, row))
    return table


def picture(reading: Reading) -> str:
    """The points on the plane: the number of a class from 1 on, or -, · and + for the numbers of a regression."""
    grid = [[" "] * COLUMNS for _ in range(ROWS)]
    for x, y, label in reading.points:
        across = min(COLUMNS - 1, int((x + LIMIT) / (2 * LIMIT) * COLUMNS))
        down = min(ROWS - 1, int((LIMIT - y) / (2 * LIMIT) * ROWS))
        grid[down][across] = _sign(label, reading.problem)
    return "\n".join("".join(row).rstrip() for row in grid)


def _sign(label: float, problem: str) -> str:
    if problem == "regression":
        return SIGNS[1 + (label > 1 / 3) - (label < -1 / 3)]
    return str(int(label > 0) + 1 if problem == "classification" else int(label) + 1)
