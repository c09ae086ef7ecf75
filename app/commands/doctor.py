"""`playground doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from app.commands.arguments.ineffective_options import refuse_together
from app.commands.arguments.options import AsJson, Data, Lessons, Server

if TYPE_CHECKING:
    from pathlib import Path

    from app.doctor.finding import Finding

STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}
PROBLEM = 1


def doctor(as_json: AsJson = False, data: Data = None, lessons: Lessons = None, server: Server = None) -> None:
    """Check this installation, or with --server a running one; the exit code is 1 if something is wrong."""
    if server:
        refuse_together("--server, which has its own", data=data, lessons=lessons)
    findings = list(_check_server(server) if server else _check_installation(data, lessons))
    sound = all(one.state != "problem" for one in findings)
    if as_json:
        print(json.dumps({"ok": sound, "findings": [one._asdict() for one in findings]}))
    else:
        _print(findings)
    if not sound:
        raise typer.Exit(PROBLEM)


def _check_installation(data: Path | None, lessons: Path | None) -> Iterator[Finding]:
    """All that is found on this machine."""
    from app.doctor import environment, files, installation, machine
    from app.doctor.finding import found

    yield from found(installation.CHECKS)
    settings, findings = environment.settings(data=data, lessons=lessons)
    yield from findings
    if settings:
        yield from found({**files.checks(settings), **machine.checks(settings)})


def _check_server(url: str) -> Iterator[Finding]:
    from app.doctor.running_server import check_server

    yield from check_server(url)


def _print(findings: list[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    from app.commands.terminal.run_display import console

    table = Table(box=None, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for about, state, sentence in findings:
        table.add_row(about, Text(state, STYLES[state]), Text(sentence))
    console().print(table)
