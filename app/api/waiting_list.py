"""The waiting list of pages before a full server."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.responses import BODY
from app.http.problem_json import refusals
from app.http.rate_limit import site
from app.sessions.registry import SessionRegistry

router = APIRouter(prefix="/api/v1/line", tags=["sessions"])


class Waiting(BaseModel):
    """A page in the waiting line."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ticket": None}]})

    ticket: Annotated[str, Field(max_length=64)] | None = None


class Place(BaseModel):
    """A page's place in the line."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "ticket": "yf2vAnL3cDGr8aXZK6XM3w",
                    "place": 2,
                    "waiting": 5,
                    "reason": "The playground is full: all 200 places are taken.",
                }
            ]
        },
    )

    ticket: str
    """Send it again within ten seconds, or the place is lost; as `ticket.TICKET` it is a websocket's subprotocol."""
    place: int
    """1 is the next."""
    waiting: int
    """How many pages wait."""
    reason: str | None
    """Why the page still has to wait; null when it may come in now."""


@router.post("", responses=refusals(BODY | {422: "This is not a ticket."}))
async def wait_in_line(request: Request, body: Waiting) -> Place:
    """Take a place in the waiting line, or ask for its state; repeat this every few seconds."""
    sessions: SessionRegistry = request.app.state.sessions
    admission, address = sessions.admission, site(request.scope)
    ticket = admission.waiting_list.ask(body.ticket, address, time.monotonic())
    refusal = admission.refusal(address, ticket)
    return Place(
        ticket=ticket,
        place=admission.ahead(address, ticket) + 1,
        waiting=len(admission.waiting_list),
        reason=refusal.sentence if refusal else None,
    )
