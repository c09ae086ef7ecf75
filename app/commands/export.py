"""`playground export`: a trained network for other programs."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.arguments.completions import complete_format
from app.commands.arguments.formats import chosen
from app.commands.arguments.ineffective_options import refuse_together, require
from app.commands.arguments.inputs import beginning, last_epoch, read_config
from app.commands.arguments.options import (
    SERVER,
    AsJson,
    Columns,
    Data,
    Epochs,
    From,
    Lenient,
    LinkOrRun,
    Points,
    Server,
    Set,
)
from app.commands.arguments.run_location import playground
from app.commands.terminal.exit_codes import FAILED, note, refuse, say
from app.commands.terminal.output_file import write
from app.commands.train import training

if TYPE_CHECKING:
    from engine import Trainer

RUN = re.compile("[0-9a-f]{4,16}")
"""The id of a stored run, or its first characters."""


def export(
    source: LinkOrRun,
    settings: Set = None,
    lenient: Lenient = False,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            autocompletion=complete_format,
            help="The format. Default: by the file's ending, or json.",
        ),
    ] = None,
    epochs: Epochs = None,
    weights_from: From = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write it; standard output if left out."),
    ] = None,
    points: Points = None,
    columns: Columns = None,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Write a trained network for another program: of a link, which is trained first, or of a stored run.

    A link with trained weights, or with those of --from, is written as it is, unless --epochs says to train it further.
    Of a stored run, --epochs takes the snapshot of that epoch.
    """
    form = chosen(format, output)
    _check(form, output, as_json=as_json)
    if RUN.fullmatch(source) and not Path(source).exists():
        own = {"set": settings, "from": weights_from, "points": points, "columns": columns, "lenient": lenient}
        refuse_together("the id of a run, which has its own", **own)
        content, failed = _model_of_run(source, form, epochs, data, server)
        notes: list[str] = []
    else:
        refuse_together("a link, whose run is not kept", data=data)
        base = read_config(source, points, columns, settings, lenient=lenient)
        config, notes, state = base.config, base.notes, base.state
        note(*notes)
        fresh = not state and weights_from is None
        content, failed = _trained(beginning(config, state, weights_from), form, epochs, server, fresh=fresh)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        write(content, output)
    if as_json:
        print(json.dumps({"file": str(output), "format": form, "bytes": len(content), "notes": notes}))
    if failed:
        say(failed)
        raise typer.Exit(FAILED)


def _check(format: str, output: Path | None, *, as_json: bool) -> None:
    from app.exports import FORMATS
    from engine.errors import Problem

    require("json", as_json, output, "a file to write the model to (--output)")
    if output is None and FORMATS[format].media_type == "application/octet-stream" and sys.stdout.isatty():
        refuse(Problem("output", "a file, because no terminal can show this format", "none"))


Made = tuple[bytes, str]
"""A file, and why the run that it is of did not succeed."""


def _model_of_run(run: str, format: str, epoch: int | None, data: Path | None, server: str | None) -> Made:
    with playground(server, data) as (client, _):
        return client.run(run).model(format, epoch=epoch), ""


def _trained(trainer: Trainer, format: str, epochs: int | None, server: str | None, *, fresh: bool) -> Made:
    from app.commands.terminal.run_display import train_with_progress
    from app.exports import export as make
    from app.schemas.run_request import StopRule

    last = last_epoch(epochs, trainer.epoch) if fresh or epochs is not None else trainer.epoch
    here = server if last > trainer.epoch else None
    if here != server and server != os.environ.get(SERVER):
        note("Nothing is left to train, so the server is not asked.")
    with training(trainer, last, [last], StopRule(), here, fresh=fresh) as run:
        train_with_progress(run)
        try:
            content = make(run.trainer, format)
        except ValueError as error:
            refuse(f"{error}.".replace("..", "."))
        return content, run.reason if run.failed else ""
