"""Whether the server is well, for who starts and watches it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.asked import TheRunner
from app.store import StoreError

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Whether the server can serve."""

    status: Literal["ok", "starting"]


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the server process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health, "description": "It cannot yet, or no more."}})
async def readyz(request: Request, response: Response, runner: TheRunner) -> Health:
    """Whether every worker process can train, and the run store can be written."""
    try:
        await runner.call(runner.store.check)
        ready = request.app.state.pool.alive
    except StoreError:
        ready = False
    response.status_code = 200 if ready else 503
    return Health(status="ok" if ready else "starting")
