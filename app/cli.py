"""The command line: `playground serve` and `playground train`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app import training
from engine import Config, ParsedLink, parse_link
from engine.points import encode, read_points
from engine.problems import Problem, problems, shown
from engine.records import PointsError

BAD_INPUT, DIVERGED = 2, 3  # exit codes
LINK = re.compile(r"=|://|^\s*#?\s*$")
"""What every link has in it that says something, or the empty one."""
OWN = {"classification": {"dataset": "own"}, "regression": {"regDataset": "reg-own"}}

app = typer.Typer(
    help="A neural-network playground: serve its page, or train its networks from here.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def refuse(*found: object) -> NoReturn:
    """Say what was wrong, and end with the exit code for bad input."""
    for one in found:
        print(one, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at; 127.0.0.1 if left out.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 8000 if left out, 0 for a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that train; one per core if left out.")] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Serve the playground's page."""
    from app.serve import serve as serve_forever
    from app.settings import Settings

    given = {"host": host, "port": port, "workers": workers}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        refuse(*problems(error))
    try:
        serve_forever(settings, open_browser=not no_open)
    except OSError as error:
        refuse(Problem("port", "a free address (0 takes any free port)", f"{settings.host}:{settings.port}: {error}"))


def read_config(source: str) -> ParsedLink:
    """The configuration in a link, in JSON, in a file of either, or on standard input where the source is `-`."""
    text = _text_of(source).strip()
    if text.startswith("{"):
        try:
            return ParsedLink(Config.model_validate_json(text), [])
        except ValidationError as error:
            refuse(*problems(error))
    return parse_link(text)


def _text_of(source: str) -> str:
    if source.lstrip().startswith("{") or LINK.search(source):
        return source
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, ValueError):  # no such file, or no text
        text = "?"
    if not text.lstrip().startswith("{") and not LINK.search(text):
        refuse(Problem("link", "a playground link, a configuration as JSON, or a file of either", shown(source)))
    return text


def with_points(config: Config, file: Path, rescale: bool) -> ParsedLink:
    """The configuration with the points of a CSV or JSON file as its data, and what is to be said about them."""
    try:
        points, scale, notes = read_points(file.read_text(encoding="utf-8"), config.problem, rescale)
    except PointsError as error:
        refuse(error)
    except (OSError, ValueError):  # no such file, or no text
        refuse(Problem("points", "a file of CSV or JSON in UTF-8", shown(str(file))))
    for name, (factor, offset) in (scale or {}).items():
        sign = "-" if offset < 0 else "+"
        notes.append(f"{name} was rescaled: ours = {factor:.6g} * theirs {sign} {abs(offset):.6g}.")
    own = OWN[config.problem] | {"points": encode(points)}
    return ParsedLink(Config.model_validate(config.model_dump() | own), notes)


def epochs_of(text: str, last: int) -> list[int]:
    """The epochs in `0,1,10`, ascending; ends the program with a sentence where one is none."""
    try:
        epochs = sorted({int(part) for part in text.split(",")})
    except ValueError:
        refuse(Problem("at", "whole numbers with commas between, as 0,1,10", shown(text)))
    if epochs[0] < 0 or epochs[-1] > last:
        refuse(Problem("at", f"epochs from 0 to {last}", shown(text)))
    return epochs


@app.command()
def train(
    link: Annotated[
        str,
        typer.Argument(
            metavar="LINK_OR_CONFIG",
            help="A playground link (whole, or what follows #), a configuration as JSON, a file of either, or - for "
            "standard input.",
        ),
    ],
    epochs: Annotated[int, typer.Option(min=0, max=training.MAX_EPOCHS, help="How long to train.")] = 100,
    at: Annotated[str | None, typer.Option(help="Epochs at which to tell the losses, as 0,1,10.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    weights: Annotated[bool, typer.Option("--weights", help="With --json: the first and last weights too.")] = False,
    data: Annotated[bool, typer.Option("--data", help="With --json: the points too.")] = False,
    points: Annotated[Path | None, typer.Option(help="Train on the points of this file: CSV or JSON.")] = None,
    rescale: Annotated[bool, typer.Option("--rescale", help="With --points: fit them into the plotted plane.")] = False,
) -> None:
    """Train the network of a link, and tell its losses."""
    config, notes, state = read_config(link)
    if state:
        notes.append("The link's trained weights are left out: training begins with the first ones.")
    if points:
        config, more, _ = with_points(config, points, rescale)
        notes += more
    elif rescale:
        refuse(Problem("rescale", "a file of points to rescale (--points)", "none"))
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    stops = epochs_of(at, epochs) if at is not None else training.milestones(epochs)
    run = training.Training(config, epochs, stops)
    if as_json:
        for _ in run:
            pass
        print(json.dumps(run.record(weights=weights, data=data), allow_nan=False))
    else:
        run.show(Console())
    if run.trainer.diverged:
        raise typer.Exit(DIVERGED)


def main() -> None:
    """The `playground` command."""
    try:
        code = app(standalone_mode=False)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        print(error.format_message(), file=sys.stderr)  # the command line's own refusals
        code = BAD_INPUT
    sys.exit(code)
