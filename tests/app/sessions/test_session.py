"""What waits on either side of a session, and when its page is not listened to for a while."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import WebSocket

from app.metrics import Metrics
from app.sessions.connection import MAX_ANSWER_CHARACTERS, MAX_ANSWERS, Connection
from app.sessions.session import MAX_CONTROL_BYTES, MAX_CONTROLS, PageSession
from app.sessions.worker_pool import WorkerHandle
from app.settings import Settings
from app.wire.messages import INCOMING, Ack, Control
from app.wire.pipe import PipeMessage

METRICS = Metrics()


def control(kind: str = "undo", **fields: object) -> Control:
    message = INCOMING.validate_python({"type": kind, **fields})
    assert isinstance(message, Control)
    return message


def file_of(size: int) -> Control:
    """A control that opens a file of about so many bytes."""
    return control("open", file={"format": "neural-playground", "version": 1, "config": {}, "state": "A" * size})


def session() -> PageSession:
    """A session whose worker has not started yet."""
    return PageSession(
        "token", {"link": "", "message": None, "carried": None}, WorkerHandle(Settings(), METRICS), Settings(), METRICS
    )


def saved(number: int) -> PipeMessage:
    """What a worker says when it has applied so many controls."""
    return PipeMessage({"op": "saved", "control": number}, b"state")


def waiting(session: PageSession) -> list[int]:
    """The numbers of the controls that the next worker would be told again."""
    return [item.head["control"] for item in session.reopen() if item.head["op"] == "control"]


async def waits(task: asyncio.Task[None]) -> bool:
    """Whether a task cannot go on by itself."""
    for _ in range(10):
        await asyncio.sleep(0)
    return not task.done()


async def say(session: PageSession, *messages: Control | Ack) -> asyncio.Task[None]:
    """Let a page say something, one message after the other."""

    return asyncio.create_task(_say_all(session, None, *messages))


async def _say_all(session: PageSession, connection: Connection | None, *messages: Control | Ack) -> None:
    for message in messages:
        await session.control(message, connection)


# --- from the page ----------------------------------------------------------------------------------------------------


def test_a_control_goes_to_the_worker_as_json_with_its_place() -> None:
    async def test() -> None:
        one = session()
        await one.control(control("probe", x=1, y=2), None)
        (_, item) = one.reopen()
        assert (item.head["op"], item.head["session"], item.head["control"]) == ("control", "token", 1)
        assert json.loads(item.body) == {"type": "probe", "seq": 0, "x": 1.0, "y": 2.0, "label": None}

    asyncio.run(test())


def test_so_many_controls_wait_and_then_the_page() -> None:
    async def test() -> None:
        one = session()
        page = await say(one, *[control()] * (MAX_CONTROLS + 2))
        assert await waits(page)
        assert len(waiting(one)) == MAX_CONTROLS
        one.receive(saved(1))
        assert await waits(page)
        assert waiting(one) == list(range(2, MAX_CONTROLS + 2))
        one.receive(saved(2))
        await page
        assert waiting(one) == list(range(3, MAX_CONTROLS + 3))

    asyncio.run(test())


@pytest.mark.parametrize("size", [1_000, 300_000, 500_000])
def test_so_many_bytes_of_controls_wait_and_then_the_page(size: int) -> None:
    async def test() -> None:
        one = session()
        page = await say(one, *[file_of(size)] * 200)
        assert await waits(page)
        sizes = [len(item.body) for item in one.reopen() if item.head["op"] == "control"]
        # One may reach over the edge, the first always goes.
        assert sum(sizes[:-1]) < MAX_CONTROL_BYTES
        assert sum(sizes) >= MAX_CONTROL_BYTES or len(sizes) == MAX_CONTROLS
        page.cancel()

    asyncio.run(test())


def test_a_page_is_listened_to_again_when_enough_bytes_were_applied() -> None:
    async def test() -> None:
        one = session()
        page = await say(one, *[file_of(400_000)] * 4, control())
        assert await waits(page)
        assert waiting(one) == [1, 2, 3]
        one.receive(saved(1))
        assert await waits(page)
        assert waiting(one) == [2, 3, 4]
        one.receive(saved(3))
        await page
        assert waiting(one) == [4, 5]

    asyncio.run(test())


def test_a_control_larger_than_all_room_goes_when_it_is_the_first() -> None:
    async def test() -> None:
        one = session()
        page = await say(one, file_of(2 * MAX_CONTROL_BYTES), control())
        assert await waits(page)
        assert waiting(one) == [1]
        one.receive(saved(1))
        await page
        assert waiting(one) == [2]

    asyncio.run(test())


def test_a_page_whose_run_failed_waits_no_longer() -> None:
    async def test() -> None:
        one = session()
        page = await say(one, file_of(MAX_CONTROL_BYTES), control())
        assert await waits(page)
        one.receive(PipeMessage({"op": "failed"}))
        await page

    asyncio.run(test())


def test_what_waits_of_a_page_that_was_taken_over_meanwhile_is_dropped() -> None:
    async def test() -> None:
        one = session()
        before = one.connection = Connection(_as_websocket(Socket()), 1e6, METRICS)
        page = asyncio.create_task(_say_all(one, before, *[control(seq=7)] * (MAX_CONTROLS + 1)))
        assert await waits(page)
        one.attach(after := Connection(_as_websocket(Socket()), 1e6, METRICS), -1)
        one.receive(saved(MAX_CONTROLS))
        await page
        assert waiting(one) == []
        await one.control(control(seq=8), after)
        assert waiting(one) == [MAX_CONTROLS + 1]

    asyncio.run(test())


# --- to the page ------------------------------------------------------------------------------------------------------


LARGE = MAX_ANSWER_CHARACTERS // 4


class Socket:
    """A websocket whose page says one thing again and again, and reads only when it is told to."""

    def __init__(self) -> None:
        self.heard, self.reads = 0, asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        self.heard += 1
        return {"type": "websocket.receive", "text": '{"type": "ack", "frame": 1}'}

    async def send_text(self, text: str) -> None:
        await self.reads.wait()


@pytest.mark.parametrize(
    ("answers", "size", "heard"),
    [(MAX_ANSWERS - 1, 2, 1), (MAX_ANSWERS, 2, 0), (3, LARGE, 1), (4, LARGE, 0)],
)
def test_a_page_that_does_not_read_is_listened_to_until_its_answers_are_too_many(
    answers: int, size: int, heard: int
) -> None:
    async def test() -> None:
        socket = Socket()
        connection = Connection(_as_websocket(socket), 1e6, METRICS)
        for _ in range(answers):
            connection.queue(PipeMessage({"op": "text"}, b"x" * size))
        sender = asyncio.create_task(connection.send())
        page = asyncio.create_task(_listen(connection))
        assert await waits(page) == (not heard)
        assert socket.heard == heard
        socket.reads.set()
        await page
        assert socket.heard == 1
        sender.cancel()

    asyncio.run(test())


async def _listen(connection: Connection) -> None:
    message = await connection.receive(INCOMING)
    assert isinstance(message, Ack)


def _as_websocket(socket: Any) -> WebSocket:
    websocket: WebSocket = socket
    return websocket
