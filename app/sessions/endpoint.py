"""The websocket endpoint: admits a page and serves it until it closes."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.http.origins import same_origin
from app.http.problem_json import RefusedError
from app.http.rate_limit import site
from app.logs import session_id
from app.sessions.admission import RETRY_SECONDS, SESSION, TICKET, named
from app.sessions.connection import Connection
from app.sessions.registry import SessionRegistry
from app.sessions.session import PageSession
from app.settings import Settings
from app.wire.limits import PROTOCOL
from app.wire.messages import GREETINGS, INCOMING, Hello, Ping, Resume
from app.wire.refusal import refusal
from engine.errors import Problem, shown

router = APIRouter()


TRY_AGAIN_LATER, POLICY = 1013, 1008  # close codes


PONG: dict[str, object] = {"type": "pong"}


@router.websocket("/api/v1/live")
async def live(socket: WebSocket) -> None:
    """A page's run."""
    sessions: SessionRegistry = socket.app.state.sessions
    if not same_origin(socket.headers):
        sessions.metrics.refusals.labels("origin").inc()
        await socket.close(POLICY, "expected a page of this server")
        return
    admission, address, offered = sessions.admission, site(socket.scope), socket.scope["subprotocols"]
    ticket = named(offered, TICKET)
    refusal = None if sessions.knows(named(offered, SESSION)) else admission.refusal(address, ticket)
    if refusal:
        sessions.metrics.refusals.labels(refusal.reason).inc()
        answer = RefusedError(503, detail=refusal.sentence, headers={"Retry-After": str(RETRY_SECONDS)}).answer()
        await socket.send_denial_response(answer)
        return
    admission.enter(address, ticket)
    try:
        await socket.accept(offered[0] if offered else None)
        await converse(socket, sessions, socket.app.state.settings)
    finally:
        admission.exit(address)


async def converse(socket: WebSocket, sessions: SessionRegistry, settings: Settings) -> None:
    """Serve one page from its first message to its last."""
    connection = Connection(socket, settings.messages_per_second, sessions.metrics)
    sender = asyncio.create_task(connection.send())
    session: PageSession | None = None
    try:
        async with asyncio.timeout(settings.greeting_seconds):
            greeting = await connection.receive(GREETINGS)
        session = _admit(greeting, connection, sessions)
        session_id.set(session.id if session else "")
        while session and not sender.done():
            message = await connection.receive(INCOMING)
            if isinstance(message, Ping):
                connection.queue_answer(PONG)
            else:
                await session.control(message, connection)
        await sender
    except TimeoutError:
        connection.close(POLICY, f"expected a hello within {settings.greeting_seconds:g} seconds")
        await sender
    except WebSocketDisconnect:
        pass
    finally:
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)
        if session:
            sessions.leave(session, connection)


def _admit(greeting: Hello | Resume, connection: Connection, sessions: SessionRegistry) -> PageSession | None:
    if greeting.protocol != PROTOCOL:
        problem = Problem("protocol", f"{PROTOCOL}: reload the page", shown(greeting.protocol))
        connection.queue_answer(refusal([problem], None))
        connection.close(POLICY, "The server is of another version than this page: reload it.")
        return None
    known = isinstance(greeting, Resume) and sessions.knows(greeting.session)
    if not known and not sessions.make_room():
        connection.queue_answer(
            refusal([Problem("session", "a free place: try again in a minute", "a full server")], None)
        )
        connection.close(TRY_AGAIN_LATER, "full")
        return None
    return sessions.open(greeting, connection)
