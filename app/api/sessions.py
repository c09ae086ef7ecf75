"""A page's live run over HTTP: a script reads and steers it, and the page follows."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.dependencies import accepting
from app.api.responses import BODY
from app.http.problem_json import RefusedError, refusals
from app.schemas.run_request import check_link
from app.schemas.run_view import SessionView
from app.schemas.steering import Steering
from app.sessions.session import PageSession
from app.wire.messages import Control
from engine.errors import Problem, shown

Bearer = HTTPBearer(
    auto_error=False, scheme_name="SteeringToken", description="The token that the page's share dialog shows."
)
REFUSALS = {
    401: "The token is missing, or is not this session's.",
    404: "There is no such session, or its page left too long ago.",
    422: "A value that the run cannot have; the changes before it were made.",
    503: "Its worker does not answer now.",
}

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])


def requested_session(
    id: Annotated[str, Path(description="The session's id, which the page's share dialog shows.", max_length=64)],
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(Bearer)],
) -> PageSession:
    """The session of the address; RefusedError where there is none, or the token is not its own."""
    session: PageSession | None = request.app.state.sessions.of(id)
    if session is None or session.failed:
        raise RefusedError(404, detail=f"There is no session {shown(id)}.")
    token = given.credentials if given else ""
    if not secrets.compare_digest(token.encode(), session.token.encode()):
        problem = Problem("Authorization", "Bearer and the token from the share dialog", "another" if given else "none")
        raise RefusedError(401, problem, headers={"WWW-Authenticate": "Bearer"})
    return session


TheSession = Annotated[PageSession, Depends(requested_session)]


async def _steered(session: PageSession, controls: list[Control]) -> SessionView:
    connected = session.connection is not None  # before it is asked: a run without its page is at rest in the answer
    try:
        answer = await session.steer(controls)
    except TimeoutError:
        detail = "The process that trains this run does not answer: try again."
        raise RefusedError(503, detail=detail, headers={"Retry-After": "1"}) from None
    if answer["problems"]:
        raise RefusedError(422, *(Problem(**problem) for problem in answer["problems"]))
    return SessionView(id=session.id, connected=connected, **answer)


@router.get("/{id}", responses=refusals(REFUSALS))
async def get_session(session: TheSession) -> SessionView:
    """The state of a page's run."""
    return await _steered(session, [])


@router.patch("/{id}", responses=refusals(BODY | REFUSALS))
async def steer_session(session: TheSession, body: Steering) -> SessionView:
    """Change a page's run, which the page shows at once and can undo."""
    with accepting(None):
        check_link(body.link, strict=body.strict)
    return await _steered(session, body.controls())
