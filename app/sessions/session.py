"""One session: a page's run in the server, with its connection on one side and its worker on the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from app.metrics import Metrics
from app.sessions.connection import Connection
from app.sessions.worker_pool import WorkerHandle
from app.settings import Settings
from app.wire.frames import MAGIC, PLAYING
from app.wire.messages import CONTROLS, Ack, Control, Visibility
from app.wire.pipe import PipeMessage
from app.wire.tokens import public_id

MAX_CONTROLS, MAX_CONTROL_BYTES = 64, 1_000_000
"""Controls of one page that may wait to be applied, and their bytes, before it is not listened to for a while."""
TAKEN_OVER, FAILED = 4001, 1011  # close codes
ANSWER_SECONDS = 5
DEATHS_SECONDS = 60
"""As long as a worker's death is held against the run whose turn it was."""
STEER_NUMBERS = count()
FLAGS = 6
"""Where they stand in a frame."""


class PageSession:
    """The session of a page, also while its page or its worker is away."""

    def __init__(
        self, token: str, opening: dict[str, Any], worker: WorkerHandle, settings: Settings, metrics: Metrics
    ) -> None:
        self.token = token
        self.id = public_id(token)
        self.worker = worker
        self.connection: Connection | None = None
        self.failed = False  # it has come to its end by a fault
        self._deaths: list[float] = []  # when workers died or hung in its turns
        self._max_deaths = settings.max_deaths
        self._metrics = metrics
        self._arrivals: dict[int, float] = {}  # of controls that no frame shows yet
        self._plays = False
        self._opening = opening  # link, and what it brings
        self._saved: bytes | None = None
        self._controls = 0
        self._taken = (
            opening["carried"]["taken"] if opening["carried"] else 0
        )  # the last control of its page that was passed on, as the page numbers them
        self._unsaved: dict[int, PipeMessage] = {}  # controls that the saved state does not hold yet, as counted here
        self._room = asyncio.Event()
        self._room.set()
        self._attachment = PipeMessage({})
        self._steers: dict[int, asyncio.Future[Any]] = {}  # of scripts, not answered yet
        self.expiry: asyncio.TimerHandle | None = None

    @property
    def state(self) -> str:
        """Whether it is "training", "resting", or "away" from its page."""
        return "away" if not self.connection else "training" if self._plays else "resting"

    def reopen(self) -> Iterable[PipeMessage]:
        """The session for a worker that knows nothing of it: the saved state, the page, and the controls since;
        nothing where it has come to its end."""
        if self.failed:
            return
        head = {"op": "open", "session": self.token, **self._opening}
        yield PipeMessage({**head, "attached": self.connection is not None}, self._saved or b"")
        if self._saved and self.connection and not self.connection.greeted:
            yield self._attachment
        yield from self._unsaved.values()

    def receive(self, item: PipeMessage) -> None:
        """Something came from the worker."""
        if item.head["op"] == "saved":
            self._saved, self._opening["carried"] = item.body, None
            done = item.head["control"]
            self._unsaved = {number: kept for number, kept in self._unsaved.items() if number > done}
            if not self._is_full():
                self._room.set()
        elif item.head["op"] == "steered":
            if question := self._steers.pop(item.head["question"], None):
                question.set_result(json.loads(item.body))
        elif item.head["op"] == "failed":
            self._fail(item.head.get("why", "The run failed and was ended."))
        elif self.connection:
            if item.head["op"] == "frame":
                self._measure(item)
            self.connection.queue(item)

    def _measure(self, frame: PipeMessage) -> None:
        """Count a frame, and how long the controls took that it is the first to show."""
        self._metrics.frames_made.inc()
        if frame.body.startswith(MAGIC):
            self._plays = bool(frame.body[FLAGS] & PLAYING)
        now = asyncio.get_running_loop().time()
        for number in [number for number in self._arrivals if number <= frame.head["control"]]:
            self._metrics.slider_to_frame_seconds.observe(now - self._arrivals.pop(number))

    def worker_died(self) -> None:
        """Its worker died or hung in its turn; if it happens again, the run is ended and the others continue."""
        now = asyncio.get_running_loop().time()
        self._deaths = [*(death for death in self._deaths if now - death < DEATHS_SECONDS), now]
        if len(self._deaths) >= self._max_deaths:
            self._fail("The run was ended, because the process that trained it died in its turn again.")

    def _fail(self, why: str) -> None:
        self.failed = True
        self._room.set()
        if self.connection:
            self.connection.close(FAILED, why)

    async def control(self, message: Control | Ack, connection: Connection | None) -> None:
        """Pass a message of the page on; waits while too many controls are not applied yet. What came by a connection
        that is not the session's any more is dropped: the page that took the session up says it again."""
        if isinstance(message, Ack) and not (connection and connection.acknowledge(message.frame)):
            return
        await self._room.wait()
        if connection is not self.connection:
            return
        self._controls += 1
        head = {"op": "control", "session": self.token, "control": self._controls}
        item = PipeMessage(head, message.model_dump_json().encode())
        if isinstance(message, Control):
            self._metrics.controls.inc()
            self._taken = message.seq or self._taken
            if isinstance(message, Visibility):  # a hidden page gets no frames
                self._arrivals.clear()
            elif len(self._arrivals) < MAX_CONTROLS:
                self._arrivals[self._controls] = asyncio.get_running_loop().time()
            self._unsaved[self._controls] = item
            if self._is_full():
                self._room.clear()
        self.worker.send(item)
        await self.worker.drain()

    def _is_full(self) -> bool:
        sizes = [len(item.body) for item in self._unsaved.values()]
        return len(sizes) >= MAX_CONTROLS or sum(sizes) >= MAX_CONTROL_BYTES

    async def steer(self, controls: list[Control]) -> dict[str, Any]:
        """Apply controls of a script; gives the state of the run after them. TimeoutError without an answer."""
        number = next(STEER_NUMBERS)
        question = self._steers[number] = asyncio.get_running_loop().create_future()
        head = {"op": "steer", "session": self.token, "question": number}
        self.worker.send(PipeMessage(head, CONTROLS.dump_json(controls, serialize_as_any=True)))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return dict(await question)
        finally:
            self._steers.pop(number, None)

    def end(self) -> None:
        """End the session: pending requests fail at once, and its timer is cancelled."""
        if self.expiry:
            self.expiry.cancel()
        for question in self._steers.values():
            if not question.done():
                question.set_exception(TimeoutError())
        self.worker.remove(self)

    def attach(self, connection: Connection, after: float) -> None:
        """A page took the session up again."""
        if self.connection:
            self.connection.close(TAKEN_OVER, "This run was opened in another place.")
        self.connection = connection
        if self.expiry:
            self.expiry.cancel()
        self._attachment = PipeMessage({"op": "attach", "session": self.token, "after": after, "taken": self._taken})
        self.worker.send(self._attachment)
