"""`playground serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.arguments.options import Data, Lessons, Processes, Scheduler
from app.commands.arguments.run_location import settings_of
from app.commands.terminal.exit_codes import UNEXPECTED, refuse, say


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at; 127.0.0.1 if left out.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 8000 if left out, 0 for a free one.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that train for pages; one per core if left out.")
    ] = None,
    data: Data = None,
    lessons: Lessons = None,
    processes: Processes = None,
    scheduler: Scheduler = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Serve the playground's page, and train the runs of scripts."""
    settings = settings_of(
        host=host,
        port=port,
        workers=workers,
        data=data,
        lessons=lessons,
        processes=processes,
        scheduler=scheduler,
    )
    from app.server.serve import serve as serve_forever
    from app.sessions.worker_pool import WorkerError
    from engine.errors import Problem

    try:
        serve_forever(settings, open_browser=not no_open)
    except WorkerError as error:
        say(error)
        raise typer.Exit(UNEXPECTED) from None
    except ValueError as error:  # nobody who trains, or a lesson that is none
        refuse(error)
    except OSError as error:
        refuse(Problem("port", "a free address (0 takes any free port)", f"{settings.host}:{settings.port}: {error}"))
