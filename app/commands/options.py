"""The options that several commands have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

TRAINED = 100
"""Epochs where nothing is said."""


def complete_format(incomplete: str) -> Iterator[tuple[str, str]]:
    """The formats of models, for the shell."""
    from app.exports import FORMATS

    yield from ((name, form.hint) for name, form in FORMATS.items() if name.startswith(incomplete))


def complete_key(incomplete: str) -> Iterator[tuple[str, str]]:
    """The keys of a configuration, for the shell."""
    from engine import Config

    for name, field in Config.model_fields.items():
        if name.startswith(incomplete):
            yield f"{name}=", field.description or name


Link = Annotated[
    str,
    typer.Argument(
        metavar="LINK_OR_CONFIG",
        help="A playground link (whole, or what follows #), a configuration as JSON, a file of either, or - for "
        "standard input.",
        show_default=False,
    ),
]
LinkOrRun = Annotated[
    str, typer.Argument(metavar="LINK_OR_RUN", help="What `playground train` takes, or the id of a run that is kept.")
]
Epochs = Annotated[
    int | None,
    typer.Option(help=f"The last epoch to train to; {TRAINED} further ones if left out.", show_default=False),
]
UntilTest = Annotated[float | None, typer.Option("--until-test-loss", help="End once the test loss is under this.")]
UntilTrain = Annotated[
    float | None, typer.Option("--until-train-loss", help="End once the training loss is under this.")
]
Seconds = Annotated[float | None, typer.Option("--seconds", help="End after so many seconds of training.")]
Points = Annotated[Path | None, typer.Option("--points", help="Train on the points of this file: CSV or JSON.")]
Rescale = Annotated[bool, typer.Option("--rescale", help="With --points: fit them into the plotted plane.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs; all else goes to standard error.")]
Server = Annotated[
    str | None,
    typer.Option(
        "--server", metavar="URL", envvar="PLAYGROUND_SERVER", help="Let the playground at this address do it."
    ),
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The folder that runs are kept in.", show_default=False)
]
Processes = Annotated[
    int | None, typer.Option("--processes", help="Processes that train runs; one per core if left out.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Train on the workers of this Dask scheduler, as tcp://HOST:PORT."
    ),
]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")]
SweepId = Annotated[str, typer.Argument(metavar="SWEEP", help="The id of a sweep.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the results here, by its ending as CSV or JSON.")
]
