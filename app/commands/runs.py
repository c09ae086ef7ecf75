"""`playground runs`: the runs that are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.arguments import labels
from app.commands.arguments.completions import complete_setting
from app.commands.arguments.options import (
    AsJson,
    Data,
    Limit,
    Name,
    Note,
    Processes,
    RunId,
    Scheduler,
    Server,
    Tag,
    Untag,
    WithName,
    WithTag,
)
from app.commands.arguments.retention import backup, prune
from app.commands.arguments.run_location import playground
from app.commands.terminal.exit_codes import FAILED, refuse

if TYPE_CHECKING:
    from app.client import Run

runs = typer.Typer(help="List, show, cancel, resume, delete, prune and back up runs.", no_args_is_help=True)
runs.command()(prune)
runs.command()(backup)


@runs.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    sweep: Annotated[str | None, typer.Option(help="Only those of the sweep with this id.")] = None,
    tag: WithTag = None,
    name: WithName = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="KEY=VALUE",
            autocompletion=complete_setting,
            help="Only those whose configuration has this value, such as optimizer=adam. May be repeated.",
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            help="The measure to sort by, as test_loss, or -test_score (largest first). Default: newest first.",
            show_default=False,
        ),
    ] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """List runs, the newest first."""
    settings = dict(_setting(text) for text in where or [])
    with playground(server, data) as (client, _):
        found = client.runs(
            status=status, sweep=sweep, tags=tag or [], name=name, where=settings, sort=sort, limit=limit
        )
    if as_json:
        print(json.dumps([json.loads(one.view.model_dump_json()) for one in found]))
        return
    from app.commands.terminal.columns import Column, print_columns
    from app.commands.terminal.run_display import console

    losses = [one.progress.test_loss for one in found]
    notes = Column("notes", [" ".join(one.notes) for one in found], 5, min_width=20)
    columns = [
        Column("id", [one.id for one in found]),
        *labels.columns([one.view for one in found]),
        Column("status", [one.status for one in found]),
        Column("epoch", [f"{one.progress.epoch:,} of {one.view.epochs:,}" for one in found], 1),
        Column("test loss", ["" if loss is None else f"{loss:.6g}" for loss in losses], 2),
        Column("created", [f"{one.view.created:%Y-%m-%d %H:%M}" for one in found], 3),
        Column("link", [one.view.link for one in found], 4, min_width=20),
        *([notes] if any(notes.cells) else []),
    ]
    print_columns(console(), columns)


@runs.command()
def show(id: RunId, as_json: AsJson = False, data: Data = None, server: Server = None) -> None:
    """Show a run: its progress, its losses and its boundary."""
    with playground(server, data) as (client, _):
        print_run(client.run(id), as_json=as_json)


@runs.command()
def edit(
    id: RunId,
    name: Name = None,
    tag: Tag = None,
    untag: Untag = None,
    note: Note = None,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Change a run's name, tags or note."""
    with playground(server, data) as (client, _):
        run = client.run(id)
        labels.edit(run, name, tag, untag, note)
        print_run(run, as_json=as_json)


@runs.command()
def cancel(id: RunId, as_json: AsJson = False, data: Data = None, server: Server = None) -> None:
    """Cancel a run; its results so far are kept."""
    with playground(server, data) as (client, _):
        print_run(client.run(id).cancel(), as_json=as_json)


@runs.command()
def resume(
    id: RunId,
    as_json: AsJson = False,
    data: Data = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    server: Server = None,
) -> None:
    """Continue an interrupted run to the same bits, and wait until it ends."""
    from app.commands.terminal.waiting import wait_for_run

    with playground(server, data, training=True, processes=processes, scheduler=scheduler) as (client, watch):
        run = client.run(id).resume()
        watch(run)
        wait_for_run(run)
        print_run(run, as_json=as_json)
    if run.status != "succeeded":
        raise typer.Exit(FAILED)


@runs.command()
def delete(id: RunId, as_json: AsJson = False, data: Data = None, server: Server = None) -> None:
    """Delete a run that has ended."""
    with playground(server, data) as (client, _):
        run = client.run(id)
        run.delete()
    if as_json:
        print(json.dumps({"deleted": run.id}))


def _labels(run: Run) -> dict[str, str]:
    return {"name": run.view.name, "tags": ", ".join(run.view.tags), "note": run.view.note}


def _setting(text: str) -> tuple[str, str]:
    """A key and its value, as the HTTP API has it read."""
    from engine.errors import Problem, shown

    key, equals, value = text.partition("=")
    if not equals:
        refuse(Problem("where", "a key of a configuration and its value, as batchSize=10", shown(text)))
    return key, value


def print_run(run: Run, *, as_json: bool) -> None:
    """Print all about a run."""
    if as_json:
        print(run.view.model_dump_json())
        return
    from rich.table import Table

    from app.commands.terminal.run_display import boundary, console, has_colors

    now, printer = run.progress, console()
    table = Table(box=None, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    facts = {
        "run": run.id,
        "status": f"{run.status}. {run.reason or ''}",
        "epoch": f"{now.epoch:,} of {run.view.epochs:,}",
        "test loss": "" if now.test_loss is None else f"{now.test_loss:.6g}",
        "train loss": "" if now.train_loss is None else f"{now.train_loss:.6g}",
        "validation loss": "" if now.validation_loss is None else f"{now.validation_loss:.6g}",
        "training": f"{now.seconds:.2f} s",
        "computed with": ", then ".join(now.computed_with),
        "link": run.view.link,
        **{key: fact for key, fact in _labels(run).items() if fact},
    }
    for name, fact in [*facts.items(), *(("note", one) for one in run.notes)]:
        table.add_row(name, fact)
    printer.print(table)
    if now.theta_sha256:
        printer.print(boundary(run.trainer(), color=has_colors(printer)))
