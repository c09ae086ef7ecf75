"""The command line: `playground`, with one module of `app.commands` for each of its commands."""

from __future__ import annotations

import os
import sys

import typer

from app.commands import version
from app.commands.data import data
from app.commands.doctor import doctor
from app.commands.export import export
from app.commands.restarts import restarts
from app.commands.runs import runs
from app.commands.serve import serve
from app.commands.sweep import sweep
from app.commands.sweeps import sweeps
from app.commands.terminal import exit_codes as endings
from app.commands.train import train

NAME = "playground"

COMPLETING = "_PLAYGROUND_COMPLETE"
ALIASES = {"out": "output"}
"""Earlier names of options, which go on working."""

app = typer.Typer(
    callback=version.playground,
    epilog=endings.CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda name: ALIASES.get(name, name),
    },
)
for command in (serve, train, restarts, sweep, export, data, doctor):
    app.command()(command)
app.add_typer(runs, name="runs")
app.add_typer(sweeps, name="sweeps")


def main() -> None:
    """The `playground` command."""
    endings.open_streams()
    if COMPLETING in os.environ or any("-completion" in word for word in sys.argv):
        from app.commands.terminal import completion

        completion.prepare()
    try:
        code = app(prog_name=NAME, standalone_mode=False)
        endings.flush()
    except KeyboardInterrupt:
        code = endings.INTERRUPTED
    except SystemExit as ended:  # the framework's answer to a closed pipe
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        code = endings.report_error(ended.__context__)
    except Exception as error:
        code = endings.report_error(error)
    sys.exit(code)
