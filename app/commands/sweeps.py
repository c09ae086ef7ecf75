"""`playground sweeps`: the sweeps that are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.arguments import labels
from app.commands.arguments.ineffective_options import refuse_together
from app.commands.arguments.options import (
    AsJson,
    By,
    Data,
    Limit,
    Name,
    Note,
    Output,
    Processes,
    Scheduler,
    Server,
    SweepId,
    Tag,
    Untag,
    WithName,
    WithTag,
)
from app.commands.arguments.run_location import playground
from app.commands.arguments.values import OPEN
from app.commands.terminal.exit_codes import FAILED, note, refuse, say

if TYPE_CHECKING:
    from app.client import Sweep
    from app.commands.terminal.columns import Column

ENDINGS = (".csv", ".json", ".parquet")
BEST = 10

sweeps = typer.Typer(help="List, show, cancel, resume and delete sweeps.", no_args_is_help=True)


@sweeps.command("list")
def list_(
    tag: WithTag = None,
    name: WithName = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """List sweeps, the newest first."""
    with playground(server, data) as (client, _):
        found = client.sweeps(tags=tag or [], name=name, limit=limit)
    if as_json:
        print(json.dumps([json.loads(one.view.model_dump_json(exclude={"runs"})) for one in found]))
        return
    from app.commands.terminal.columns import Column, print_columns
    from app.commands.terminal.run_display import console

    columns = [
        Column("id", [one.id for one in found]),
        *labels.columns([one.view for one in found]),
        Column("created", [f"{one.view.created:%Y-%m-%d %H:%M}" for one in found], 2),
        Column("runs", [_counted(one.counts) for one in found], 1, min_width=12, always_shown=True),
        Column("keys", [", ".join(one.keys) for one in found], 3, min_width=12),
    ]
    print_columns(console(), columns)


@sweeps.command()
def show(
    id: SweepId,
    output: Output = None,
    by: By = None,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Show a sweep and its best runs."""
    check_output(output, by, as_json=as_json)
    with playground(server, data) as (client, _):
        found = client.open_sweep(id)
        note(*found.notes)
        print_results(found, output, by, as_json=as_json)


@sweeps.command()
def edit(
    id: SweepId,
    name: Name = None,
    tag: Tag = None,
    untag: Untag = None,
    note: Note = None,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Change a sweep's name, tags or note."""
    with playground(server, data) as (client, _):
        sweep = client.open_sweep(id)
        labels.edit(sweep, name, tag, untag, note)
        print_results(sweep, None, None, as_json=as_json)


@sweeps.command()
def cancel(id: SweepId, as_json: AsJson = False, data: Data = None, server: Server = None) -> None:
    """End all runs of a sweep that have not ended yet."""
    with playground(server, data) as (client, _):
        print_results(client.open_sweep(id).cancel(), None, None, as_json=as_json)


@sweeps.command()
def resume(
    id: SweepId,
    output: Output = None,
    by: By = None,
    as_json: AsJson = False,
    data: Data = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    server: Server = None,
) -> None:
    """Continue an interrupted sweep to the same bits, and wait until it ends."""
    check_output(output, by, as_json=as_json)
    with playground(server, data, training=True, processes=processes, scheduler=scheduler) as (client, watch):
        sweep = client.open_sweep(id)
        watch(sweep)
        finish(sweep.resume(), output, by, as_json=as_json)


@sweeps.command()
def extend(
    id: SweepId,
    samples: Annotated[int | None, typer.Option(help="How many more samples to draw.", show_default=False)] = None,
    grid: Annotated[
        list[str] | None, typer.Option("--grid", metavar="KEY=VALUES", help="Further values of a key of its grid.")
    ] = None,
    seeds: Annotated[str | None, typer.Option(help="How many more seeds, or which ones.", show_default=False)] = None,
    output: Output = None,
    by: By = None,
    as_json: AsJson = False,
    data: Data = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    server: Server = None,
) -> None:
    """Add samples, values or seeds to a sweep, train their runs, and wait until it ends."""
    from app.commands.arguments.values import read_grid, read_seeds
    from engine.errors import Problem

    check_output(output, by, as_json=as_json)
    if samples is None and not grid and seeds is None:
        refuse(Problem("extend", "--samples, --grid or --seeds", "none of them"))
    values, further = read_grid(grid or [], "grid"), None if seeds is None else read_seeds(seeds)
    with playground(server, data, training=True, processes=processes, scheduler=scheduler) as (client, watch):
        sweep = client.open_sweep(id)
        watch(sweep)
        finish(sweep.extend(samples, grid=values, seeds=further), output, by, as_json=as_json)


@sweeps.command()
def delete(id: SweepId, as_json: AsJson = False, data: Data = None, server: Server = None) -> None:
    """Delete a sweep and all its runs, once they have ended."""
    with playground(server, data) as (client, _):
        sweep = client.open_sweep(id)
        sweep.delete()
    if as_json:
        print(json.dumps({"deleted": sweep.id}))


# --- telling ----------------------------------------------------------------------------------------------------------


def check_output(output: Path | None, by: str | None, *, as_json: bool) -> None:
    """Exit with a sentence if results cannot be written to this file, or runs cannot be ranked by this measure."""
    from engine import Measures
    from engine.errors import Problem, shown

    if by is not None and by not in Measures._fields:
        refuse(Problem("by", f"one of {', '.join(Measures._fields)}", shown(by)))
    if as_json:
        refuse_together("--json, which prints the results of all runs", by=by)
    if output and (output.suffix not in ENDINGS or not output.absolute().parent.is_dir()):
        refuse(
            Problem("output", f"a file in a folder that exists, ending in {' or '.join(ENDINGS)}", shown(str(output)))
        )


def finish(sweep: Sweep, output: Path | None, by: str | None, *, as_json: bool) -> None:
    """Wait for the end of a sweep under a progress bar, and print its results."""
    from app.commands.terminal.waiting import wait_for_sweep

    wait_for_sweep(sweep)
    print_results(sweep, output, by, as_json=as_json)
    unfinished = {status: count for status, count in sweep.counts.items() if status not in ("succeeded", "pruned")}
    if unfinished:
        note(f"Not all of the {len(sweep.view.runs)} runs succeeded: {_counted(unfinished)}.")
    if "succeeded" not in sweep.counts:
        raise typer.Exit(FAILED)


def print_results(sweep: Sweep, output: Path | None, by: str | None, *, as_json: bool) -> None:
    """Print a sweep's results and write them to a file."""
    results = sweep.results()
    if output:
        try:
            output.write_bytes(_written(sweep, output.suffix, results))
        except OSError as error:
            refuse(f"The results cannot be written: {error.strerror}. They are kept: playground sweeps show {sweep.id}")
    if as_json:
        view = json.loads(sweep.view.model_dump_json(exclude={"runs"}))
        print(json.dumps({"sweep": view, "results": results}))
        return
    from app.commands.terminal.columns import print_columns
    from app.commands.terminal.run_display import console

    printer = console()
    print_columns(printer, _best(sweep, by or sweep.objective))
    if by is None and sweep.view.objective_note:
        printer.print(sweep.view.objective_note, highlight=False)
    called = " ".join([*([sweep.view.name] if sweep.view.name else []), *(f"#{tag}" for tag in sweep.view.tags)])
    words = f"Sweep {sweep.id}{f' ({called})' if called else ''}: {_counted(sweep.counts)}"
    printer.print(words, highlight=False, markup=False)
    if sweep.view.note:
        printer.print(sweep.view.note, highlight=False, markup=False)
    if output:
        say(f"All results are in {output}.")


def _counted(counts: dict[str, int]) -> str:
    """How many runs are in each state."""
    return ", ".join(f"{count} {status}" for status, count in counts.items()) or "no runs any more"


def _written(sweep: Sweep, ending: str, results: list[dict[str, Any]]) -> bytes:
    """The results as a file with this ending has them."""
    if ending == ".parquet":
        return sweep.parquet()
    return (sweep.csv() if ending == ".csv" else json.dumps(results, indent=1) + "\n").encode()


def _best(sweep: Sweep, by: str) -> list[Column]:
    """The runs with the least loss or the highest score."""
    from app.commands.terminal.columns import Column

    keys, best = list(dict.fromkeys([*sweep.keys, "seed"])), sweep.ranked(by)[:BEST]
    names = list(dict.fromkeys([by, "test_loss", "train_loss"]))
    if "validation_loss" not in names and any(row["validation_loss"] is not None for row in best):
        names.append("validation_loss")
    return [
        *(Column(key, [_text(row[key]) for row in best], 1, min_width=6, always_shown=True) for key in keys),
        *(
            Column(name.replace("_", " "), ["" if row[name] is None else f"{row[name]:.6g}" for row in best], rank)
            for rank, name in zip((0, *[2] * len(names)), names, strict=False)
        ),
        Column("epoch", [f"{row['epoch']:,}" for row in best], 3),
        Column("run", [row["id"] for row in best]),
    ]


def _text(value: Any) -> str:
    if value is None:
        return OPEN
    return ",".join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip('"')
