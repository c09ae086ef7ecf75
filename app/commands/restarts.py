"""`playground restarts`: the same run from many first weights, trained at once in this process."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.arguments.ineffective_options import refuse_together
from app.commands.arguments.inputs import last_epoch, read_config
from app.commands.arguments.options import AsJson, Columns, Lenient, Link, Points, Set
from app.commands.terminal.exit_codes import INTERRUPTED, note, refuse

if TYPE_CHECKING:
    from rich.console import Console

    from app.commands.terminal.columns import Column
    from app.commands.terminal.restarts import Restarting

MAX_RESTARTS = 64
EPOCHS = 200
SCORE = 0.95
COLUMNS = ("train loss", "test loss", "test score")
RANKS = {"validation loss": 1, "test loss": 1, "train loss": 3}
"""How soon a column gives way in a narrow terminal, the highest first."""
VALIDATED = ("validation loss", "validation score")


def restarts(
    link: Link,
    settings: Set = None,
    lenient: Lenient = False,
    count: Annotated[int, typer.Option("--n", metavar="N", help=f"How many runs, 2 to {MAX_RESTARTS}.")] = 16,
    epochs: Annotated[int, typer.Option("--epochs", help="The last epoch of each run.")] = EPOCHS,
    solved_score: Annotated[
        float | None,
        typer.Option(
            "--solved-score",
            help=f"The accuracy or R squared at which a run counts as solved; {SCORE} if left out.",
            show_default=False,
        ),
    ] = None,
    solved_loss: Annotated[
        float | None,
        typer.Option("--solved-loss", help="Count a run as solved below this loss instead.", show_default=False),
    ] = None,
    points: Points = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Train the network of a link from N different first weights at once, and print which of them solved it.

    The validation points decide where there are any (percValidationData), else the test points.

    A served playground does the same by a sweep over the key weightSeed.
    """
    from app.commands.terminal.restarts import Restarting, SolvedRule
    from engine.errors import Problem

    if not 2 <= count <= MAX_RESTARTS:
        refuse(Problem("n", f"2 to {MAX_RESTARTS}", f"{count:,}"))
    for name, limit in {"solved-score": solved_score, "solved-loss": solved_loss}.items():
        if limit is not None and not isfinite(limit):
            refuse(Problem(name, "a finite number", f"{limit}"))
    if solved_loss is not None:
        refuse_together("--solved-loss, which decides alone", solved_score=solved_score)
    config, notes, state = read_config(link, points, columns, settings, lenient=lenient)
    note(*notes)
    if state:
        refuse(Problem("link", "no trained state for restarts", "one"))
    rule = SolvedRule(SCORE if solved_score is None else solved_score, solved_loss)
    run = Restarting(config, count, last_epoch(epochs, 0), rule)
    try:
        if as_json:
            _train(run)
            print(json.dumps({**run.record(), "notes": notes}, allow_nan=False))
        else:
            from app.commands.terminal.run_display import console

            show(run, console())
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def show(run: Restarting, printer: Console) -> None:
    """Train under a progress bar, then print the runs, the best first, and how many have solved it."""
    import time

    from app.commands.terminal.columns import print_columns
    from app.commands.terminal.run_display import count

    began = time.perf_counter()
    _train(run)
    record, seconds = run.record(), time.perf_counter() - began
    runs = record["runs"]
    print_columns(printer, table(runs))
    printer.print(f"The best: #{runs[0]['link']}", highlight=False, soft_wrap=True)
    solved = f"{record['solved']} of {count(len(runs), 'run')} solved it ({record['share']:.0%})"
    printer.print(f"{solved}, in {seconds:.2f} s", highlight=False)
    if record["objective_note"]:
        printer.print(record["objective_note"], highlight=False)


def _train(run: Restarting) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    from app.commands.terminal.run_display import progress_bar

    with progress_bar(TextColumn("epoch"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task("", total=run.epochs)
        for epoch in run:
            progress.update(task, completed=epoch)


def table(runs: list[dict[str, Any]]) -> list[Column]:
    """The runs, the best first."""
    from app.commands.terminal.columns import Column

    validated = any(one["validation_loss"] is not None for one in runs)
    names = [*(VALIDATED if validated else ()), *COLUMNS]
    return [
        Column("run", [str(one["run"]) for one in runs]),
        Column("seed of weights", [one["seed"] or "-" for one in runs]),
        *(
            Column(name, [_number(one[name.replace(" ", "_")]) for one in runs], rank)
            for rank, name in enumerate(names)
        ),
        Column("", [_outcome(one) for one in runs]),
        Column("link", [f"#{one['link']}" for one in runs], 4),
    ]


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.6g}"


def _outcome(run: dict[str, Any]) -> str:
    """How a run came out, in a word."""
    return next((word for word in ("diverged", "solved", "stopped") if run[word]), "")
