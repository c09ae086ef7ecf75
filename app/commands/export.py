"""`playground export`: a trained network for other programs."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.endings import FAILED, note, refuse, say
from app.commands.inputs import beginning, last_epoch, read_config
from app.commands.options import AsJson, Data, Epochs, LinkOrRun, Server, complete_format
from app.commands.train import training
from app.commands.where import playground

RUN = re.compile("[0-9a-f]{16}")
"""The id of a run that is kept."""


def export(
    source: LinkOrRun,
    format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", autocompletion=complete_format, help="What to write it as.")
    ] = "json",
    epochs: Epochs = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write it; standard output if left out."),
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Train the network of a link and write it for another program, or write that of a run that is kept.

    A link with trained weights is written as it is, unless --epochs says to train it further. Of a run --epochs takes
    the snapshot of that epoch.
    """
    _check(format, output, as_json=as_json)
    content, failed = (_kept if RUN.fullmatch(source) else _trained)(source, format, epochs, data, server)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        try:
            output.write_bytes(content)
        except OSError as error:
            refuse(f"The file cannot be written: {error}.")
    if as_json:
        print(json.dumps({"file": str(output), "format": format, "bytes": len(content)}))
    if failed:
        say(failed)
        raise typer.Exit(FAILED)


def _check(format: str, output: Path | None, *, as_json: bool) -> None:
    from app.exports import FORMATS
    from engine.problems import Problem, shown

    if format not in FORMATS:
        refuse(Problem("format", f"one of {', '.join(FORMATS)}", shown(format)))
    if output is None and as_json:
        refuse(Problem("json", "a file to write the model to (--output)", "none"))
    if output is None and FORMATS[format].media_type == "application/octet-stream" and sys.stdout.isatty():
        refuse(Problem("output", "a file, because no terminal can show this format", "none"))


Made = tuple[bytes, str]
"""A file, and why the run that it is of did not succeed."""


def _kept(run: str, format: str, epochs: int | None, data: Path | None, server: str | None) -> Made:
    with playground(server, data) as (client, _):
        return client.run(run).model(format, epoch=epochs), ""


def _trained(link: str, format: str, epochs: int | None, data: Path | None, server: str | None) -> Made:
    from rich.console import Console

    from app.exports import export as make
    from app.requests import StopRule
    from app.terminal import go

    config, notes, state = read_config(link)
    note(*notes)
    trainer = beginning(config, state)
    last = trainer.epoch if state and epochs is None else last_epoch(epochs, trainer.epoch)
    here = server if last > trainer.epoch else None
    with training(trainer, last, [last], StopRule(), here, fresh=not state) as run:
        go(run, Console(stderr=True))
        try:
            content = make(run.trainer, format)
        except ValueError as error:
            refuse(f"{error}.".replace("..", "."))
        return content, run.reason if run.failed else ""
