"""Where a command's runs are: at a playground that is served, or in a store that this process opens."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from app.commands.arguments.ineffective_options import refuse_together
from app.commands.terminal.exit_codes import INTERRUPTED, refuse, say

if TYPE_CHECKING:
    from app.client import PlaygroundClient, Run, Sweep
    from app.settings import Settings


class OpenPlayground(NamedTuple):
    """A playground to speak to."""

    client: PlaygroundClient
    watch: Callable[[Run | Sweep], None]
    """Says what the command waits for, so that Ctrl+C can say how to go on with it."""


@contextmanager
def playground(
    server: str | None,
    data: Path | None = None,
    *,
    training: bool = False,
    processes: int | None = None,
    scheduler: str | None = None,
) -> Iterator[OpenPlayground]:
    """The playground at an address, or else one in this process, which trains what it is handed or nothing."""
    from app.client import PlaygroundClient
    from engine.errors import Problem, shown

    watched: list[Run | Sweep] = []
    options = (f" --data {shlex.quote(str(data))}" if data else "") + (f" --server {server}" if server else "")
    try:
        with ExitStack() as stack:
            if server:
                refuse_together("--server, which has its own", data=data, processes=processes, scheduler=scheduler)
                url = server
            else:
                from app.commands.terminal.local_server import serving

                settings = settings_of(data=data, processes=processes, scheduler=scheduler if training else "")
                try:
                    url = stack.enter_context(serving(settings, training=training))
                except ValueError as error:
                    refuse(error)
            try:
                client = stack.enter_context(PlaygroundClient(url))
            except ValueError:
                refuse(Problem("server", "an address as http://127.0.0.1:8000", shown(url)))
            yield OpenPlayground(client, watched.append)
    except KeyboardInterrupt:
        for thing in watched:
            say(_hint(thing, options, at_server=bool(server)))
        raise typer.Exit(INTERRUPTED) from None


def _hint(thing: Run | Sweep, options: str, *, at_server: bool) -> str:
    from app.client import Sweep

    name, command = ("sweep", "sweeps") if isinstance(thing, Sweep) else ("run", "runs")
    if at_server:
        return (
            f"The {name} goes on at its server. To see it: playground {command} show {thing.id}{options}\n"
            f"To end it: playground {command} cancel {thing.id}{options}"
        )
    return f"The {name} is interrupted; nothing is lost. To go on: playground {command} resume {thing.id}{options}"


def settings_of(**given: object) -> Settings:
    """The settings of the environment, with those given; ends the program with a sentence where one is none."""
    if given.get("scheduler"):
        refuse_together("--scheduler, whose workers train", processes=given.get("processes"))
    from app.doctor.environment import refused
    from app.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValueError as error:
        refuse(*refused(error))
