"""`playground train`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.arguments.ineffective_options import refuse_together, require
from app.commands.arguments.inputs import beginning, epochs_of, last_epoch, read_config, stop_rule
from app.commands.arguments.labels import given
from app.commands.arguments.options import (
    AsJson,
    Columns,
    Epochs,
    From,
    Lenient,
    Link,
    LogTo,
    Name,
    Note,
    Points,
    Seconds,
    Server,
    Set,
    Tag,
    UntilTest,
    UntilTrain,
    UntilValidation,
)
from app.commands.arguments.run_location import playground
from app.commands.arguments.tracking import log_training, tracker_of
from app.commands.terminal.exit_codes import FAILED, note, refuse, say
from app.commands.terminal.output_file import write

if TYPE_CHECKING:
    from app.commands.terminal.training import Training
    from app.schemas.run_request import StopRule
    from engine import Trainer


def train(
    link: Link,
    settings: Set = None,
    lenient: Lenient = False,
    epochs: Epochs = None,
    at: Annotated[str | None, typer.Option(help="Epochs at which to print the losses, such as 0,1,10.")] = None,
    weights_from: From = None,
    until_test_loss: UntilTest = None,
    until_train_loss: UntilTrain = None,
    until_validation_loss: UntilValidation = None,
    seconds: Seconds = None,
    as_json: AsJson = False,
    weights: Annotated[bool, typer.Option("--weights", help="With --json: the first and last weights too.")] = False,
    data: Annotated[bool, typer.Option("--data", help="With --json: the points too.")] = False,
    points: Points = None,
    columns: Columns = None,
    film: Annotated[
        Path | None,
        typer.Option(
            "--film", metavar="FILE", help="Also write the run's course as an animated picture: .gif, .webp or .png."
        ),
    ] = None,
    log_to: LogTo = None,
    name: Name = None,
    tag: Tag = None,
    about: Note = None,
    server: Server = None,
) -> None:
    """Train the network of a link, and print its losses."""
    from app.explain.notes import notes_on

    require("weights", weights, as_json, "--json beside it, which prints them")
    require("data", data, as_json, "--json beside it, which prints the points")
    for option, one in (("name", name), ("tag", tag), ("note", about)):
        require(option, one, server, "a playground that keeps the run (--server)")
    if film:
        _check_film(film, server)
    labels = given(name, tag, about)
    base = read_config(link, points, columns, settings, lenient=lenient)
    config, state = base.config, base.state
    trainer = beginning(config, state, weights_from)
    notes = [*base.notes, *notes_on(trainer.config, trainer.train_size)]
    note(*notes)
    last = last_epoch(epochs, trainer.epoch)
    stop = stop_rule(
        trainer.config,
        test_loss=until_test_loss,
        train_loss=until_train_loss,
        validation_loss=until_validation_loss,
        seconds=seconds,
    )
    tracker = tracker_of(log_to)
    asked = epochs_of(at, trainer.epoch, last) if at is not None else None
    fresh = not state and weights_from is None
    kept = {**labels, "notes": base.notes}
    with training(trainer, last, asked, stop, server, fresh=fresh, kept=kept) as run:
        from app.commands.terminal.run_display import show, train_with_progress
        from app.exports.charts.film import Film

        run.rows = [] if tracker else None
        if film:
            run.film = Film(trainer, last)
        if as_json:
            train_with_progress(run)
            print(json.dumps({**run.record(weights=weights, data=data), "notes": notes}, allow_nan=False))
        else:
            show(run)
        if tracker:
            log_training(tracker, run)
        if film and run.film:
            write(run.film.encoded(film.suffix.removeprefix(".").lower()), film)
    if run.failed:
        if not run.diverged:
            say(run.reason)
        raise typer.Exit(FAILED)


def _check_film(film: Path, server: str | None) -> None:
    from app.exports.charts.film import check_ending
    from engine.errors import InputError

    refuse_together("--film, which is taken where the run trains", server=server)
    try:
        check_ending(film.name)
    except InputError as error:
        refuse(*error.problems)


@contextmanager
def training(
    trainer: Trainer,
    last: int,
    at: list[int] | None,
    stop: StopRule,
    server: str | None,
    *,
    fresh: bool,
    kept: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Training]:
    """A run from where the trainer is, which are its first weights where it is fresh, here or at a playground, which
    keeps a name, tags and notes with it; `at` says where its losses are told."""
    from app.commands.terminal.training import RemoteTraining, Training, milestones
    from engine import format_link, format_state
    from engine.link.link import STATE

    if not server:
        yield Training(trainer, last, at or milestones(last, trainer.epoch), stop)
        return
    losses_at, every = _recorded(trainer.epoch, last, at)
    own = format_link(trainer.config) + ("" if fresh else f"&{STATE}={format_state(trainer)}")
    asked: dict[str, Any] = {"epochs": last, "stop": stop.model_dump(exclude_none=True), "record": {"losses": every}}
    with playground(server) as (client, watch):
        run = client.start(own, **asked, **kept)
        watch(run)
        yield RemoteTraining(run, trainer, last, losses_at)


def _recorded(first: int, last: int, at: list[int] | None) -> tuple[list[int], int]:
    """The epochs whose losses are told, and every how many epochs a playground has to keep them for that."""
    from app.commands.terminal.training import milestones
    from app.schemas.run_request import MAX_ROWS
    from engine.errors import Problem

    losses_at = at or milestones(last, first)
    every = math.gcd(*(epoch for epoch in losses_at if epoch != last)) or max(last, 1)  # the last one is always kept
    if last <= every * MAX_ROWS:
        return losses_at, every
    if at:
        most = f"epochs with a common divisor of at least {math.ceil(last / MAX_ROWS)} at a server"
        refuse(Problem("at", most, f"those with {every}"))
    every = 10 ** math.ceil(math.log10(last / MAX_ROWS))
    note(f"Of so many epochs a server keeps the losses of every {every:,}th.")
    return [epoch for epoch in losses_at if epoch % every == 0 or epoch == last], every
