"""Waiting in the terminal for runs and sweeps, under a progress bar on standard error."""

from __future__ import annotations

from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.client import Run, Sweep
from app.commands.terminal.run_display import progress_bar
from app.search.objective import label, maximizes
from app.store.step import FINAL
from engine.numbers import short


def wait_for_sweep(sweep: Sweep) -> None:
    """Until a sweep's runs have ended."""
    best = "best {task.fields[measure]} {task.fields[best]}"
    with _bar("{task.fields[done]} of {task.fields[runs]} runs", best) as progress:
        task = progress.add_task("", total=sweep.epochs_in_all, completed=sweep.epochs_done, **_facts(sweep))
        sweep.wait(lambda now: progress.update(task, completed=now.epochs_done, **_facts(now)))


def _facts(sweep: Sweep) -> dict[str, Any]:
    runs, measure = sweep.view.runs, sweep.objective
    found = [value for run in runs if (value := getattr(run.progress, measure)) is not None]
    best = max if maximizes(measure) else min
    done = sum(run.status in FINAL for run in runs)
    return {"done": done, "runs": len(runs), "measure": label(measure), "best": short(best(found)) if found else "–"}


def wait_for_run(run: Run) -> None:
    """Until a run has ended."""
    with _bar("epoch {task.completed:,.0f} of {task.total:,.0f}", "test loss {task.fields[loss]}") as progress:
        task = progress.add_task("", total=run.view.epochs, completed=run.progress.epoch, loss=_loss(run))
        run.wait(lambda now: progress.update(task, completed=now.progress.epoch, loss=_loss(now)))


def _loss(run: Run) -> str:
    return "–" if run.progress.test_loss is None else short(run.progress.test_loss)


def _bar(before: str, behind: str) -> Progress:
    return progress_bar(TextColumn(before), BarColumn(), TextColumn(behind), TimeRemainingColumn())
