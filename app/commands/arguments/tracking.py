"""`--log-to`: what a command has trained, in the logs of TensorBoard or MLflow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.commands.terminal.exit_codes import refuse, say

if TYPE_CHECKING:
    from app.client import Sweep
    from app.commands.terminal.tracking import Tracker
    from app.commands.terminal.training import Training


def tracker_of(target: str | None) -> Tracker | None:
    """Who logs there, if it was asked for; ends the program with a sentence where nobody can."""
    from app.commands.terminal.tracking import tracker

    try:
        return tracker(target) if target else None
    except ValueError as error:
        refuse(error)


def log_training(tracker: Tracker, run: Training) -> None:
    """Log a run that was trained, under a name of its time and its digest."""
    import time

    from app.commands.terminal.tracking import Tracked

    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{run.theta_sha256[:8]}"
    tracker.log(Tracked(name, run.trainer.config, run.rows or []))
    say(f"The run is logged as {name}.")


def log_sweep(tracker: Tracker, sweep: Sweep) -> None:
    """Log all runs of a sweep that have trained."""
    from app.commands.terminal.tracking import Tracked
    from app.store.step import COLUMNS

    runs = [run for run in sweep.runs if run.progress.theta_sha256]
    for run in runs:
        rows = [
            [None if math.isnan(value) else value for value in row] for row in run.history()[list(COLUMNS)].tolist()
        ]
        tags = {"sweep": sweep.id, "run": run.id, "status": run.status}
        tracker.log(Tracked(f"{sweep.id}/{run.id}", run.config, [tuple(row) for row in rows], tags))  # type: ignore[misc]
    say(f"{len(runs)} runs are logged under {sweep.id}.")
