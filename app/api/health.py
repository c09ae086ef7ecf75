"""Health checks: liveness and readiness."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from app.api.dependencies import RETRY_HEADERS, TheRunner
from app.http.problem_json import RefusedError, refusals
from engine.tapes import tape

STORE_SECONDS = 2.0
"""How long the run store may take to be written."""

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The server answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"]


class Readiness(Health):
    """The server can train."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok", "updates": "tape"}]})

    updates: Literal["tape", "numpy"]
    """Whether updates run from tapes, or as NumPy calls."""


@router.get("/healthz")
async def check_health() -> Health:
    """Whether the server process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=refusals({503: "It cannot yet, or no longer."}))
async def check_readiness(request: Request, runner: TheRunner) -> Readiness:
    """Whether every worker process can train, and the run store can be written."""
    state = request.app.state
    if state.live and not state.pool.alive:
        raise RefusedError(503, detail="A process that trains is starting.", headers={"Retry-After": "1"})
    try:
        async with asyncio.timeout(STORE_SECONDS):
            await runner.call(runner.store.check)
    except TimeoutError:
        detail = f"The run store {runner.store.path} has not answered for {STORE_SECONDS:g} seconds."
        raise RefusedError(503, detail=detail, headers=RETRY_HEADERS) from None
    return Readiness(status="ok", updates="tape" if tape.is_used() else "numpy")
