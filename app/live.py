"""Live sessions: each page's websocket on one side, its worker on the other.

A session holds at most one frame for its page, the latest; answers are in order and none is dropped. It outlives
its connection for a while, and its worker for as long as the server lives.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import Iterable

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import TypeAdapter, ValidationError

from app.answers import error
from app.messages import GREETINGS, INCOMING, PROTOCOL, Ack, Control, Hello, Resume
from app.pipe import Parcel
from app.pool import Pool, WorkerHandle
from app.settings import Settings
from engine.problems import Problem, problems, shown

log = logging.getLogger(__name__)

MAX_CONTROLS = 64
"""Controls of one page that may wait to be applied, before it is not listened to for a while."""
MAX_ANSWERS = 256
"""Answers that may wait for a page that does not read them, before it is not listened to any more."""
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
            if len(self._unsaved) < MAX_CONTROLS:
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
        head = {"op": "control", "session": self.token, "control": self._controls, "message": message.model_dump()}
        item = Parcel(head)
        if isinstance(message, Control):
            self._unsaved[self._controls] = item
            if len(self._unsaved) >= MAX_CONTROLS:
                self._room.clear()
        self.worker.send(item)
        await self.worker.drain()

    def attach(self, connection: Connection, after: float, note: str | None) -> None:
        """A page took the session up again."""
        if self.connection:
            self.connection.close(TAKEN_OVER, "This run was opened in another place.")
        self.connection = connection
        if self.expiry:
            self.expiry.cancel()
        self._attachment = Parcel({"op": "attach", "session": self.token, "after": after, "message": note})
        self.worker.send(self._attachment)


class Sessions:
    """All sessions by their tokens."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings, self._pool = settings, pool
        self._sessions: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def full(self) -> bool:
        """Whether no more sessions can be had."""
        return len(self._sessions) >= self._settings.max_sessions

    def make_room(self) -> None:
        """Where there is no place left, give up the session whose page has been gone for longest."""
        if self.full:
            waiting = [session for session in self._sessions.values() if session.expiry and not session.connection]
            if waiting:
                self._end(min(waiting, key=lambda session: session.expiry.when() if session.expiry else 0))

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
                session.attach(connection, greeting.after, None)
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


class Connection:
    """One websocket: what waits to be sent to its page."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._answers: deque[str] = deque()
        self._frame: bytes | None = None
        self._closing: tuple[int, str] | None = None
        self._undrawn = 0  # frames that the page was sent and has not acknowledged
        self.greeted = False  # whether the page has, or is about to get, its hello
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def offer(self, item: Parcel) -> None:
        """Take an answer to be sent in its order, or a frame to be sent instead of the last that was not."""
        if item.head["op"] == "frame":
            self._frame = item.body
        else:
            self._answers.append(item.body.decode())
            self.greeted = self.greeted or bool(item.head.get("hello"))
            if len(self._answers) >= MAX_ANSWERS:
                self._room.clear()
        self._changed.set()

    def drawn(self) -> bool:
        """The page says that it has drawn a frame; False where it was sent none that it could have."""
        if not self._undrawn:
            return False
        self._undrawn -= 1
        return True

    def say(self, answer: dict[str, object]) -> None:
        """Take an answer of the server's own."""
        self.offer(Parcel({"op": "text"}, json.dumps(answer).encode()))

    def close(self, code: int, reason: str) -> None:
        """Close when all answers are sent."""
        self._closing = (code, reason)
        self._changed.set()

    async def send(self) -> None:
        """Send what there is until told to close."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._answers:
                await self._socket.send_text(self._answers.popleft())
            self._room.set()
            if self._closing:
                await self._socket.close(*self._closing)
                return
            if self._frame is not None:
                frame, self._frame = self._frame, None
                self._undrawn += 1
                await self._socket.send_bytes(frame)
                if self._answers:
                    self._changed.set()

    async def receive(self, expected: TypeAdapter[Control | Ack] | TypeAdapter[Hello | Resume]) -> object:
        """The next message that is one of those expected; all others are answered by what was."""
        while True:
            await self._room.wait()
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message["code"])
            text = message.get("text")
            if text is None:
                self.say(error([Problem("message", "JSON text", "a binary message")], None))
                continue
            try:
                return expected.validate_json(text)
            except ValidationError as refused:
                self.say(error(_without_tags(refused), _seq(text)))


def _without_tags(refused: ValidationError) -> list[Problem]:
    """What was refused, by the field's own name: the model's tag before it says nothing to a page."""
    found = []
    for problem in problems(refused):
        tag, _, field = problem.field.partition(".")
        whole = "message" if problem.expected == "JSON" else "type"
        found.append(problem._replace(field=field or (whole if tag == "value" else tag)))
    return found


def _seq(text: str) -> int | None:
    """The number of a message that was refused, so that the page knows which."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    seq = message.get("seq") if isinstance(message, dict) else None
    return seq if type(seq) is int else None


async def converse(socket: WebSocket, sessions: Sessions, settings: Settings) -> None:
    """Serve one page from its first message to its last."""
    await socket.accept()
    connection = Connection(socket)
    sender = asyncio.create_task(connection.send())
    session: Session | None = None
    try:
        async with asyncio.timeout(settings.greeting_seconds):
            greeting = await connection.receive(GREETINGS)
        assert isinstance(greeting, (Hello, Resume))
        session = _admit(greeting, connection, sessions)
        while session and not sender.done():
            message = await connection.receive(INCOMING)
            assert isinstance(message, (Control, Ack))
            await session.control(message)
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
    if not sessions.knows(greeting):
        sessions.make_room()
    if greeting.protocol != PROTOCOL:
        problem = Problem("protocol", f"{PROTOCOL}: reload the page", shown(greeting.protocol))
        connection.say(error([problem], None))
        connection.close(POLICY, "another protocol")
    elif sessions.full and not sessions.knows(greeting):
        connection.say(error([Problem("session", "a free place: try again in a minute", "a full server")], None))
        connection.close(TRY_AGAIN_LATER, "full")
    else:
        return sessions.greet(greeting, connection)
    return None
