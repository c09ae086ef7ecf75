"""The registry of sessions: opens, resumes and ends them.

A session outlives its connection for a while, and its worker for as long as the server lives.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from app.metrics import Metrics
from app.sessions.admission import Admission
from app.sessions.connection import Connection
from app.sessions.session import PageSession
from app.sessions.worker_pool import WorkerPool
from app.settings import Settings
from app.wire.messages import Hello, Resume
from app.wire.pipe import PipeMessage
from app.wire.tokens import new_token

RESTART = 1012  # a close code
HAND_OVER_SECONDS = 1


class SessionRegistry:
    """All sessions by their tokens."""

    def __init__(self, settings: Settings, pool: WorkerPool, metrics: Metrics) -> None:
        self._settings, self._pool, self.metrics = settings, pool, metrics
        self._sessions: dict[str, PageSession] = {}
        self.admission = Admission(settings)
        metrics.waiting.set_function(lambda: len(self.admission.waiting_list))
        for state in ("training", "resting", "away"):
            metrics.sessions.labels(state).set_function(partial(self._count, state))

    def _count(self, state: str) -> int:
        return sum(session.state == state for session in self._sessions.values())

    def of(self, public: str) -> PageSession | None:
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

    def open(self, greeting: Hello | Resume, connection: Connection) -> PageSession:
        """The session that a page asks for: the one that it names, or else a new one from its link."""
        opening: dict[str, Any] = {"link": greeting.link, "message": None, "carried": None}
        if isinstance(greeting, Resume):
            if self.knows(greeting.session):
                session = self._sessions[greeting.session]
                session.attach(connection, greeting.after)
                return session
            gone = "The run that this page showed is gone, so it started afresh from its link."
            opening |= greeting.model_dump(include={"after", "carried"}) | {"message": gone}
        token = new_token()
        session = self._sessions[token] = PageSession(
            token, opening, self._pool.least_loaded(), self._settings, self.metrics
        )
        session.connection = connection
        session.worker.add(session)
        for item in session.reopen():
            session.worker.send(item)
        return session

    async def hand_over(self) -> None:
        """Give all pages their runs as they are now, and close them: the server ends."""
        await self._pool.hand_over()
        connections = [session.connection for session in self._sessions.values() if session.connection]
        for connection in connections:
            connection.close(RESTART, "The server is being restarted.")
        with suppress(TimeoutError):
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await asyncio.gather(*(connection.ended.wait() for connection in connections))

    def leave(self, session: PageSession, connection: Connection) -> None:
        """A page has disconnected; its session waits a while for it."""
        if session.connection is not connection:
            return
        session.connection = None
        if session.failed:
            self._end(session)
            return
        session.worker.send(PipeMessage({"op": "detach", "session": session.token}))
        loop = asyncio.get_running_loop()
        session.expiry = loop.call_later(self._settings.resume_seconds, self._end, session)

    def _end(self, session: PageSession) -> None:
        self._sessions.pop(session.token, None)
        session.end()
