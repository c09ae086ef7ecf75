"""`playground sweep`: many runs from one base, here or at a playground."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from app.commands.arguments.completions import complete_values
from app.commands.arguments.ineffective_options import require
from app.commands.arguments.inputs import read_config, stop_rule
from app.commands.arguments.labels import given
from app.commands.arguments.options import (
    TRAINED,
    AsJson,
    By,
    Columns,
    Data,
    Lenient,
    Link,
    LogTo,
    Name,
    Note,
    Output,
    Points,
    Processes,
    Scheduler,
    Seconds,
    Server,
    Set,
    Tag,
    UntilTest,
    UntilTrain,
    UntilValidation,
)
from app.commands.arguments.run_location import playground
from app.commands.arguments.tracking import log_sweep, tracker_of
from app.commands.arguments.values import read_grid, read_random, read_seeds
from app.commands.sweeps import check_output, finish
from app.commands.terminal.exit_codes import note, refuse

Grid = Annotated[
    list[str] | None,
    typer.Option(
        "--grid",
        metavar="KEY=VALUES",
        autocompletion=complete_values,
        help="Values to try, as learningRate=0.01,0.1, networkShape=2;4,2 or loss=none,hinge. May be repeated: "
        "all combinations are tried.",
    ),
]
Random = Annotated[
    list[str] | None,
    typer.Option(
        "--random",
        metavar="KEY=RANGE",
        autocompletion=complete_values,
        help="What to draw from instead of a grid, as learningRate=0.001..1:log, batchSize=1..30 or "
        "activation=tanh,relu. May be repeated.",
    ),
]

Sampler = Annotated[
    Literal["random", "tpe"] | None,
    typer.Option(
        "--sampler",
        help="With --random: draw evenly, or where the runs before did well; random if left out.",
        show_default=False,
    ),
]
Prune = Annotated[
    Literal["median", "halving"] | None,
    typer.Option(
        "--prune",
        help="End runs early that do worse than others: by the median rule, or by successive halving.",
    ),
]
PruneWarmup = Annotated[
    int | None,
    typer.Option("--prune-warmup", help="With --prune: the first epoch at which a run may be ended."),
]


def sweep(
    link: Link,
    settings: Set = None,
    lenient: Lenient = False,
    grid: Grid = None,
    random: Random = None,
    samples: Annotated[
        int | None, typer.Option(help="With --random: how many samples to draw; 20 if left out.", show_default=False)
    ] = None,
    draw: Annotated[
        str | None,
        typer.Option(help="With --random: the seed of the draw, any text; 0 if left out.", show_default=False),
    ] = None,
    sampler: Sampler = None,
    prune: Prune = None,
    prune_warmup: PruneWarmup = None,
    seeds: Annotated[
        str, typer.Option(help="Repeat each combination with this number of seeds, or with these, such as 0.5,0.7.")
    ] = "1",
    epochs: Annotated[int, typer.Option(help="The last epoch of each run.")] = TRAINED,
    until_test_loss: UntilTest = None,
    until_train_loss: UntilTrain = None,
    until_validation_loss: UntilValidation = None,
    seconds: Seconds = None,
    points: Points = None,
    columns: Columns = None,
    log_to: LogTo = None,
    name: Name = None,
    tag: Tag = None,
    about: Note = None,
    output: Output = None,
    by: By = None,
    as_json: AsJson = False,
    data: Data = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    server: Server = None,
) -> None:
    """Train the network of a link with each combination of some values, or with random ones, and print the best."""
    from engine.errors import Problem

    check_output(output, by, as_json=as_json)
    base = read_config(link, points, columns, settings, lenient=lenient)
    config, notes, state = base.config, base.notes, base.state
    note(*notes)
    if state:
        refuse(Problem("link", "no trained state for a sweep", "one"))
    require("samples", samples, random, "what to draw from (--random)")
    require("draw", draw, random, "what to draw from (--random)")
    require("sampler", sampler, random, "what to draw from (--random)")
    require("prune-warmup", prune_warmup, prune, "how to prune (--prune)")
    if grid and random:
        refuse(Problem("grid", "either --grid or --random", "both"))
    tracker = tracker_of(log_to)
    asked: dict[str, Any] = {
        "grid": read_grid(grid or [], "grid"),
        "random": read_random(random or [], "random"),
        "samples": 20 if samples is None else samples,
        "draw": draw or "0",
        "sampler": sampler or "random",
        "prune": prune and {"kind": prune, "warmup": prune_warmup},
        "seeds": read_seeds(seeds),
        **given(name, tag, about),
        "epochs": epochs,
        "stop": stop_rule(
            test_loss=until_test_loss,
            train_loss=until_train_loss,
            validation_loss=until_validation_loss,
            seconds=seconds,
        ).model_dump(exclude_none=True),
    }
    with playground(server, data, training=True, processes=processes, scheduler=scheduler) as (client, watch):
        made = client.sweep(config, notes=notes, **asked)
        watch(made)
        note(*(one for one in made.notes if one not in notes))
        try:
            finish(made, output, by, as_json=as_json)
        finally:
            if tracker and made.ended:
                log_sweep(tracker, made)
