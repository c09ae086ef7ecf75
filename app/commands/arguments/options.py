"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments.completions import complete_link, complete_measure, complete_setting

BEGUN = ", or its first characters if no other id begins with them"
SERVER = "PLAYGROUND_SERVER"
TRAINED = 100
"""Epochs where nothing is said."""


Link = Annotated[
    str,
    typer.Argument(
        metavar="LINK_OR_CONFIG",
        autocompletion=complete_link,
        help="A playground link (whole, or what follows #), a configuration as JSON, a file of either, or - for "
        "standard input.",
        show_default=False,
    ),
]
LinkOrRun = Annotated[
    str,
    typer.Argument(
        metavar="LINK_OR_RUN",
        autocompletion=complete_link,
        help=f"What `playground train` takes, or the id of a kept run{BEGUN}.",
    ),
]
Lenient = Annotated[
    bool,
    typer.Option(
        "--lenient",
        help="Take the valid part of a link and print notes about the rest, instead of refusing it; for old links.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        autocompletion=complete_setting,
        help="Set a key of the configuration on top of the link, such as optimizer=adam or activations=relu,tanh; "
        "none leaves it unset, as in loss=none. May be repeated.",
    ),
]
Epochs = Annotated[
    int | None,
    typer.Option(help=f"The last epoch to train to; {TRAINED} more if left out.", show_default=False),
]
UntilTest = Annotated[float | None, typer.Option("--until-test-loss", help="Stop when the test loss is under this.")]
UntilTrain = Annotated[
    float | None, typer.Option("--until-train-loss", help="Stop when the training loss is under this.")
]
UntilValidation = Annotated[
    float | None, typer.Option("--until-validation-loss", help="Stop when the validation loss is under this.")
]
Seconds = Annotated[float | None, typer.Option("--seconds", help="Stop after this number of seconds of training.")]
From = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="Start from the weights of an export, JSON or .npz.")
]
Points = Annotated[
    Path | None, typer.Option("--points", help="Train on the points of this file: CSV, JSON, .xlsx, .npy and others.")
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", help="With --points: which column is what, such as x1=height,x2=weight,label=sex."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs; everything else goes to standard error.")
]
Server = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", envvar=SERVER, help="Run it on the playground at this address."),
]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The folder where runs are stored.", show_default=False)
]
Lessons = Annotated[
    Path | None,
    typer.Option(
        "--lessons", metavar="DIR", help="A folder of lessons to show behind the playground's own.", show_default=False
    ),
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
RunId = Annotated[str, typer.Argument(metavar="RUN", help=f"The id of a run{BEGUN}.")]
SweepId = Annotated[str, typer.Argument(metavar="SWEEP", help=f"The id of a sweep{BEGUN}.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="The largest number to show.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="MEASURE",
        autocompletion=complete_measure,
        help="The measure that ranks the runs: the lowest loss, or the highest score, such as test_score. If left out: "
        "the validation loss if all runs have validation points, else the test loss; a score if the runs' losses "
        "are of different kinds.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the results to this file: .csv, .json or .parquet."),
]
Name = Annotated[str | None, typer.Option("--name", help="Its name.", show_default=False)]
Tag = Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="A tag. May be repeated.")]
Untag = Annotated[list[str] | None, typer.Option("--untag", metavar="WORD", help="A tag to remove.")]
Note = Annotated[str | None, typer.Option("--note", help="A note about it.", show_default=False)]
WithTag = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="WORD", help="Only those with this tag. May be repeated; all tags have to match."),
]
WithName = Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Only those whose name contains this.")]
LogTo = Annotated[
    str | None,
    typer.Option(
        "--log-to",
        metavar="KIND:PLACE",
        help="Log the losses and scores of each epoch there too: tensorboard:DIR or mlflow:URI.",
    ),
]
