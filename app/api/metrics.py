"""`/metrics`: the counts and times of the server for Prometheus."""

from __future__ import annotations

import asyncio
from typing import get_args

from fastapi import APIRouter, Request, Response

from app.api.dependencies import TheRunner
from app.metrics import Metrics
from app.runs.runner import Runner
from app.schemas.run_view import Status
from app.store.database import StoreError

STORE_SECONDS = 1.0
"""How long the run store may take to count its runs, before they are left out."""


router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request, runner: TheRunner) -> Response:
    """The numbers, as Prometheus reads them."""
    found: Metrics = request.app.state.metrics
    await _count_runs(found, runner)
    found.loop_tasks.set(len(asyncio.all_tasks()))
    content, media_type = found.text(request.headers.get("accept", ""))
    return Response(content, media_type=media_type)


async def _count_runs(metrics: Metrics, runner: Runner) -> None:
    """Ask the store how many runs there are in each state; where it does not answer they are left out."""
    metrics.runs.clear()
    try:
        async with asyncio.timeout(STORE_SECONDS):
            counts = await runner.call(runner.store.counts)
    except (StoreError, TimeoutError):
        return
    for state in get_args(Status):
        metrics.runs.labels(state).set(counts.get(state, 0))
