"""`playground runs backup` and `prune`: for a folder of this machine, beside its server or without one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.arguments.options import AsJson, Data
from app.commands.arguments.run_location import settings_of
from app.commands.terminal.exit_codes import refuse

if TYPE_CHECKING:
    from app.runs.retention import Policy

SECONDS = {"m": 60, "h": 3600, "d": 24 * 3600, "w": 7 * 24 * 3600}


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write the copy to.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Copy the run store into a file, also while a server is using it."""
    from app.store.backup import backup as copy
    from engine.errors import Problem, shown

    settings = settings_of(data=data)
    if not settings.store.exists():
        refuse(Problem("data", "a folder with a run store", shown(str(settings.data))))
    if not file.absolute().parent.is_dir():
        refuse(Problem("FILE", "a file in a folder that exists", shown(str(file))))
    try:
        copy(settings.store, file, replace=force)
    except FileExistsError:
        refuse(Problem("FILE", "a file that is not there yet, or --force to replace it", shown(str(file))))
    size = file.stat().st_size
    if as_json:
        print(json.dumps({"backup": str(file), "bytes": size}))
    else:
        print(f"All runs of {settings.store} are in {file} ({size / 1e6:,.1f} MB).")


def prune(
    older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Only what ended at least this long ago: 90m, 12h, 30d or 4w.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=0, help="Keep this number of the newest runs; a sweep counts with all its runs.")
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help="Only runs in this state, and sweeps whose runs all are. May be repeated."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be deleted, and delete nothing.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Delete runs and whole sweeps that have ended and meet all conditions."""
    from contextlib import closing

    from app.runs.retention import delete, prunable
    from app.store.store import Store

    policy = _policy(older_than, keep, state)
    with closing(Store(settings_of(data=data).store)) as store:
        store.begin()
        units = prunable(store, policy)
        if not dry_run:
            for unit in units:
                for _ in delete(store, unit):
                    pass
    if as_json:
        print(json.dumps({"pruned": not dry_run, "units": [unit._asdict() for unit in units]}))
        return
    sweeps, runs = sum(unit.kind == "sweep" for unit in units), sum(unit.runs for unit in units)
    whole = f", {sweeps:,} whole sweeps among them," if sweeps else ""
    print(f"{runs:,} runs{whole} {'would go' if dry_run else 'are gone'}.")


def _policy(older_than: str | None, keep: int | None, state: list[str] | None) -> Policy:
    """What is asked; ends the program with a sentence where it is nothing, or no state or age."""
    from app.runs.retention import Policy
    from app.store.step import FINAL
    from engine.errors import Problem, shown

    if older_than is None and keep is None and not state:
        refuse(Problem("prune", "at least one of --older-than, --keep and --state", "none"))
    for one in state or []:
        if one not in FINAL:
            refuse(Problem("state", f"one of {', '.join(FINAL)}", shown(one)))
    age = re.fullmatch(r"(\d{1,6})([mhdw])", older_than or "0m")
    if not age:
        expected = "a number of minutes, hours, days or weeks, as 90m, 12h, 30d or 4w"
        refuse(Problem("older-than", expected, shown(older_than)))
    return Policy(int(age[1]) * SECONDS[age[2]], keep or 0, tuple(state or FINAL))
