"""Live sessions: each page's connection on one side, its worker on the other.

A session outlives its connection for a while, and its worker for as long as the server lives.
"""

from __future__ import annotations

import asyncio
from functools import partial

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.admission import RETRY_SECONDS, SESSION, TICKET, Gate, named
from app.answers import error
from app.connection import Connection
from app.limits import site
from app.logs import session_id
from app.messages import GREETINGS, INCOMING, PROTOCOL, Hello, Ping, Resume
from app.metrics import Metrics
from app.origins import same_origin
from app.pipe import Parcel
from app.pool import Pool
from app.problem_json import RefusedError
from app.session import Session
from app.settings import Settings
from app.tokens import new_token
from engine.problems import Problem, shown

router = APIRouter()
TRY_AGAIN_LATER, POLICY = 1013, 1008  # close codes
PONG: dict[str, object] = {"type": "pong"}


class Sessions:
    """All sessions by their tokens."""

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings, self._pool, self.metrics = settings, pool, metrics
        self._sessions: dict[str, Session] = {}
        self.gate = Gate(settings)
        metrics.waiting.set_function(lambda: len(self.gate.line))
        for state in ("training", "resting", "away"):
            metrics.sessions.labels(state).set_function(partial(self._count, state))

    def _count(self, state: str) -> int:
        return sum(session.state == state for session in self._sessions.values())

    def of(self, public: str) -> Session | None:
        """The session with that public id."""
        return next((session for session in self._sessions.values() if session.id == public), None)

    def make_room(self) -> bool:
        """Whether there is a place for one more: a free one, or that of the page that has been gone for longest."""
        if len(self._sessions) < self._settings.max_sessions:
            return True
        gone = [session for session in self._sessions.values() if session.expiry and not session.connection]
        if not gone:
            return False
        self._end(min(gone, key=lambda session: session.expiry.when() if session.expiry else 0.0))
        return True

    def knows(self, token: str | None) -> bool:
        """Whether a session is still there."""
        session = self._sessions.get(token or "")
        return session is not None and not session.failed

    def greet(self, greeting: Hello | Resume, connection: Connection) -> Session:
        """The session that a page asks for: the one that it names, or else a new one from its link."""
        note = None
        if isinstance(greeting, Resume):
            if self.knows(greeting.session):
                session = self._sessions[greeting.session]
                session.attach(connection, greeting.after)
                return session
            note = "The run that this page showed is gone, so it started afresh from its link."
        token = new_token()
        session = self._sessions[token] = Session(
            token, greeting.link, note, self._pool.least_loaded(), self._settings, self.metrics
        )
        session.connection = connection
        session.worker.admit(session)
        for item in session.reopen():
            session.worker.send(item)
        return session

    def leave(self, session: Session, connection: Connection) -> None:
        """A page is gone; its session waits a while for it."""
        if session.connection is not connection:
            return
        session.connection = None
        if session.failed:
            self._end(session)
            return
        session.worker.send(Parcel({"op": "detach", "session": session.token}))
        loop = asyncio.get_running_loop()
        session.expiry = loop.call_later(self._settings.resume_seconds, self._end, session)

    def _end(self, session: Session) -> None:
        self._sessions.pop(session.token, None)
        session.end()


@router.websocket("/api/v1/live")
async def live(socket: WebSocket) -> None:
    """A page's run."""
    sessions: Sessions = socket.app.state.sessions
    if not same_origin(socket.headers):
        sessions.metrics.refusals.labels("origin").inc()
        await socket.close(POLICY, "expected a page of this server")
        return
    gate, address, offered = sessions.gate, site(socket.scope), socket.scope["subprotocols"]
    ticket = named(offered, TICKET)
    refusal = None if sessions.knows(named(offered, SESSION)) else gate.refusal(address, ticket)
    if refusal:
        sessions.metrics.refusals.labels(refusal.reason).inc()
        answer = RefusedError(503, detail=refusal.sentence, headers={"Retry-After": str(RETRY_SECONDS)}).answer()
        await socket.send_denial_response(answer)
        return
    gate.enter(address, ticket)
    try:
        await socket.accept(offered[0] if offered else None)
        await converse(socket, sessions, socket.app.state.settings)
    finally:
        gate.exit(address)


async def converse(socket: WebSocket, sessions: Sessions, settings: Settings) -> None:
    """Serve one page from its first message to its last."""
    connection = Connection(socket, settings.messages_per_second, sessions.metrics)
    sender = asyncio.create_task(connection.send())
    session: Session | None = None
    try:
        async with asyncio.timeout(settings.greeting_seconds):
            greeting = await connection.receive(GREETINGS)
        session = _admit(greeting, connection, sessions)
        session_id.set(session.id if session else "")
        while session and not sender.done():
            message = await connection.receive(INCOMING)
            if isinstance(message, Ping):
                connection.say(PONG)
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


def _admit(greeting: Hello | Resume, connection: Connection, sessions: Sessions) -> Session | None:
    if greeting.protocol != PROTOCOL:
        problem = Problem("protocol", f"{PROTOCOL}: reload the page", shown(greeting.protocol))
        connection.say(error([problem], None))
        connection.close(POLICY, "The server is of another version than this page: reload it.")
        return None
    known = isinstance(greeting, Resume) and sessions.knows(greeting.session)
    if not known and not sessions.make_room():
        connection.say(error([Problem("session", "a free place: try again in a minute", "a full server")], None))
        connection.close(TRY_AGAIN_LATER, "full")
        return None
    return sessions.greet(greeting, connection)
