"""One websocket: outgoing answers and the latest frame, incoming messages.

At most one frame waits, the latest; answers wait in order, and none is dropped.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import TypeVar

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import TypeAdapter, ValidationError

from app.http.rate_limit import Bucket
from app.metrics import Metrics
from app.wire.pipe import PipeMessage
from app.wire.refusal import refusal
from engine.errors import Problem, problems

MAX_ANSWERS, MAX_ANSWER_CHARACTERS = 256, 4_000_000
"""Answers that may wait for a page that does not read them, before it is not listened to any more."""

MAX_VALUES = 20_000
"""A message may have about so many values, as its commas tell: the longest history has 7,000. To read more would hold
up the event loop, however soon they are refused."""

NUMBER = slice(8, 12)
"""Where a frame has its number, of either kind."""

Expected = TypeVar("Expected")


class Connection:
    """One websocket: what waits to be sent to its page."""

    def __init__(self, socket: WebSocket, messages_per_second: float, metrics: Metrics) -> None:
        self._socket, self._metrics = socket, metrics
        self._bucket = Bucket(messages_per_second, 2 * messages_per_second, time.monotonic())
        self._answers: deque[str] = deque()
        self._frame: bytes | None = None
        self._closing: tuple[int, str] | None = None
        self._sent = self._drawn = 0  # the numbers of the last frame that the page was sent, and that it has drawn
        self.greeted = False  # whether the page has, or is about to get, its hello
        self.ended = asyncio.Event()  # all is sent, and it is closed
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def queue(self, item: PipeMessage) -> None:
        """Take an answer to be sent in its order, or a frame to be sent instead of the last that was not."""
        if item.head["op"] == "frame":
            self._metrics.frames_dropped.inc(self._frame is not None)
            self._frame = item.body
        else:
            self._answers.append(item.body.decode())
            self.greeted = self.greeted or bool(item.head.get("hello"))
            if len(self._answers) >= MAX_ANSWERS or sum(map(len, self._answers)) >= MAX_ANSWER_CHARACTERS:
                self._room.clear()
        self._changed.set()

    def acknowledge(self, number: int) -> bool:
        """The page says that it has drawn a frame; False where that is none that it could have, or nothing new."""
        if not self._drawn < number <= self._sent:
            return False
        self._drawn = number
        return True

    def queue_answer(self, answer: dict[str, object]) -> None:
        """Take an answer of the server's own."""
        self.queue(PipeMessage({"op": "text"}, json.dumps(answer).encode()))

    def close(self, code: int, reason: str) -> None:
        """Close when all answers are sent."""
        self._closing = (code, reason)
        self._changed.set()

    async def send(self) -> None:
        """Send answers and frames until it is closed."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._answers:
                answer = self._answers.popleft()
                self._metrics.bytes_sent.inc(len(answer))
                await self._socket.send_text(answer)
            self._room.set()
            if self._closing:
                await self._socket.close(*self._closing)
                self.ended.set()
                return
            if self._frame is not None:
                frame, self._frame = self._frame, None
                self._sent = int.from_bytes(frame[NUMBER], "little")
                self._drawn = min(self._drawn, self._sent - 1)  # a new worker counts on from its saved state
                self._metrics.frames_sent.inc()
                self._metrics.bytes_sent.inc(len(frame))
                await self._socket.send_bytes(frame)
                if self._answers:
                    self._changed.set()

    async def receive(self, expected: TypeAdapter[Expected]) -> Expected:
        """The next message that is one of those expected; all others are answered by what was."""
        while True:
            await self._room.wait()
            message = await self._socket.receive()
            if wait := self._bucket.wait(time.monotonic()):
                await asyncio.sleep(wait)
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message["code"])
            text = message.get("text")
            if text is None:
                self.queue_answer(refusal([Problem("message", "JSON text", "a binary message")], None))
                continue
            if (values := text.count(",")) > MAX_VALUES:
                self.queue_answer(refusal([Problem("message", f"at most {MAX_VALUES:,} values", f"{values:,}")], None))
                continue
            try:
                return expected.validate_json(text)
            except ValidationError as refused:
                self.queue_answer(refusal(_without_tags(refused), _seq(text)))


def _without_tags(refused: ValidationError) -> list[Problem]:
    """What was refused, by the field's own name: the model's tag before it says nothing to a page."""
    found = problems(refused, "message")
    return [problem._replace(field=problem.field.partition(".")[2] or problem.field) for problem in found]


def _seq(text: str) -> int | None:
    """The number of a message that was refused, so that the page knows which."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    seq = message.get("seq") if isinstance(message, dict) else None
    return seq if type(seq) is int else None
