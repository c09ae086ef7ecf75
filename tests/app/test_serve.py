"""The listening socket and the address that a person is told."""

from __future__ import annotations

import asyncio
import socket

import pytest

from app.serve import address, bind


def test_a_free_port_is_taken_and_told() -> None:
    with bind("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert port
        assert address(listening) == f"http://127.0.0.1:{port}/"


def test_who_listens_everywhere_tells_an_address_that_a_browser_can_open() -> None:
    with bind("0.0.0.0", 0) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_a_taken_port_is_refused() -> None:
    with bind("127.0.0.1", 0) as listening, pytest.raises(OSError, match="in use"):
        bind("127.0.0.1", listening.getsockname()[1])


def test_small_messages_are_sent_at_once() -> None:
    """Else each waits for the acknowledgement of the one before it, which takes 40 ms."""

    async def accepted() -> bool:
        found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            found.set_result(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        listening = bind("127.0.0.1", 0)
        async with await asyncio.start_server(look, sock=listening):
            with socket.create_connection(listening.getsockname()):
                return await asyncio.wait_for(found, 20)

    assert asyncio.run(accepted())
