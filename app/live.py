"""Live sessions: each page's connection on one side, its worker on the other.

A session outlives its connection for a while, and its worker for as long as the server lives.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.answers import error
from app.connection import Connection
from app.messages import GREETINGS, INCOMING, PROTOCOL, Ack, Control, Hello, Resume
from app.pipe import Parcel
from app.pool import Pool, WorkerHandle
from app.settings import Settings
from engine.problems import Problem, shown

MAX_CONTROLS, MAX_CONTROL_BYTES = 64, 1_000_000
"""Controls of one page that may wait to be applied, and their bytes, before it is not listened to for a while."""
router = APIRouter()
TAKEN_OVER, FAILED, TRY_AGAIN_LATER, POLICY = 4001, 1011, 1013, 1008  # close codes


class Session:
    """One page's run, wherever its page and its worker are at the moment."""

    def __init__(self, token: str, link: str, note: str | None, worker: WorkerHandle) -> None:
        self.token = token
        self.worker = worker
        self.connection: Connection | None = None
        self.failed = False  # its worker met a fault of its own and let the run go
        self._link, self._note = link, note
        self._saved: bytes | None = None
        self._controls = 0
        self._unsaved: dict[int, Parcel] = {}  # controls that the saved state does not hold yet, as counted here
        self._room = asyncio.Event()
        self._room.set()
        self._attachment = Parcel({})
        self.expiry: asyncio.TimerHandle | None = None

    def reopen(self) -> Iterable[Parcel]:
        """The session for a worker that knows nothing of it: the saved state, the page, and the controls since."""
        head = {"op": "open", "session": self.token, "link": self._link, "message": self._note}
        yield Parcel({**head, "attached": self.connection is not None}, self._saved or b"")
        if self._saved and self.connection and not self.connection.greeted:
            yield self._attachment
        yield from self._unsaved.values()

    def take(self, item: Parcel) -> None:
        """Something came from the worker."""
        if item.head["op"] == "saved":
            self._saved = item.body
            done = item.head["control"]
            self._unsaved = {number: kept for number, kept in self._unsaved.items() if number > done}
            if not self._is_full():
                self._room.set()
        elif item.head["op"] == "failed":
            self.failed = True
            self._room.set()
            if self.connection:
                self.connection.close(FAILED, "The run failed and was ended.")
        elif self.connection:
            self.connection.offer(item)

    async def control(self, message: Control | Ack) -> None:
        """Pass a message of the page on; waits while too many controls are not applied yet."""
        if isinstance(message, Ack) and not (self.connection and self.connection.drawn()):
            return
        await self._room.wait()
        self._controls += 1
        head = {"op": "control", "session": self.token, "control": self._controls}
        item = Parcel(head, message.model_dump_json().encode())
        if isinstance(message, Control):
            self._unsaved[self._controls] = item
            if self._is_full():
                self._room.clear()
        self.worker.send(item)
        await self.worker.drain()

    def _is_full(self) -> bool:
        sizes = [len(item.body) for item in self._unsaved.values()]
        return len(sizes) >= MAX_CONTROLS or sum(sizes) >= MAX_CONTROL_BYTES

    def attach(self, connection: Connection, after: float) -> None:
        """A page took the session up again."""
        if self.connection:
            self.connection.close(TAKEN_OVER, "This run was opened in another place.")
        self.connection = connection
        if self.expiry:
            self.expiry.cancel()
        self._attachment = Parcel({"op": "attach", "session": self.token, "after": after})
        self.worker.send(self._attachment)


class Sessions:
    """All sessions by their tokens."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings, self._pool = settings, pool
        self._sessions: dict[str, Session] = {}

    def make_room(self) -> bool:
        """Whether there is a place for one more: a free one, or that of the page that has been gone for longest."""
        if len(self._sessions) < self._settings.max_sessions:
            return True
        gone = [session for session in self._sessions.values() if session.expiry and not session.connection]
        if not gone:
            return False
        self._end(min(gone, key=lambda session: session.expiry.when() if session.expiry else 0.0))
        return True

    def knows(self, greeting: Hello | Resume) -> bool:
        """Whether a page asks for a session that is still there."""
        session = self._sessions.get(greeting.session) if isinstance(greeting, Resume) else None
        return session is not None and not session.failed

    def greet(self, greeting: Hello | Resume, connection: Connection) -> Session:
        """The session that a page asks for: the one that it names, or else a new one from its link."""
        note = None
        if isinstance(greeting, Resume):
            if self.knows(greeting):
                session = self._sessions[greeting.session]
                session.attach(connection, greeting.after)
                return session
            note = "The run that this page showed is gone, so it started afresh from its link."
        token = secrets.token_urlsafe(16)
        session = self._sessions[token] = Session(token, greeting.link, note, self._pool.least_loaded())
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
        if session.expiry:
            session.expiry.cancel()
        self._sessions.pop(session.token, None)
        session.worker.dismiss(session)


def same_origin(socket: WebSocket) -> bool:
    """Whether a websocket was opened by our own page, or by a program, which names no origin."""
    origin = socket.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
    except ValueError:  # no address at all
        return False


@router.websocket("/api/v1/live")
async def live(socket: WebSocket) -> None:
    """A page's run."""
    if same_origin(socket):
        await converse(socket, socket.app.state.sessions, socket.app.state.settings)
    else:
        await socket.close(POLICY, "expected a page of this server")


async def converse(socket: WebSocket, sessions: Sessions, settings: Settings) -> None:
    """Serve one page from its first message to its last."""
    await socket.accept()
    connection = Connection(socket)
    sender = asyncio.create_task(connection.send())
    session: Session | None = None
    try:
        async with asyncio.timeout(settings.greeting_seconds):
            greeting = await connection.receive(GREETINGS)
        session = _admit(greeting, connection, sessions)
        while session and not sender.done():
            await session.control(await connection.receive(INCOMING))
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
        connection.close(POLICY, "another protocol")
        return None
    if not sessions.knows(greeting) and not sessions.make_room():
        connection.say(error([Problem("session", "a free place: try again in a minute", "a full server")], None))
        connection.close(TRY_AGAIN_LATER, "full")
        return None
    return sessions.greet(greeting, connection)
