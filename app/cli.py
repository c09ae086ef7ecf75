"""The command line: `playground`, with one module of `app.commands` for each of its commands."""

from __future__ import annotations

import sys

import typer

from app.commands import endings
from app.commands.doctor import doctor
from app.commands.export import export
from app.commands.restarts import restarts
from app.commands.runs import runs
from app.commands.serve import serve
from app.commands.sweep import sweep
from app.commands.sweeps import sweeps
from app.commands.train import train

NAME = "playground"

app = typer.Typer(
    help="A neural-network playground: serve its page, or train its networks from here.",
    epilog=endings.CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (serve, train, restarts, sweep, export, doctor):
    app.command()(command)
app.add_typer(runs, name="runs")
app.add_typer(sweeps, name="sweeps")


def main() -> None:
    """The `playground` command."""
    try:
        code = app(prog_name=NAME, standalone_mode=False)
    except KeyboardInterrupt:
        code = endings.INTERRUPTED
    except Exception as error:
        code = endings.told(error)
    sys.exit(code)
