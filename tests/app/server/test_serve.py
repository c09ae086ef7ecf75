"""The listening socket and the address that a person is told."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from app.server.serve import addresses, bind, network_names
from tests.server import StartServer


def test_a_free_port_is_taken_and_told() -> None:
    with bind("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert port
        assert addresses(listening) == [f"http://127.0.0.1:{port}/"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_who_listens_everywhere_tells_an_address_for_this_machine_and_those_for_others(host: str) -> None:
    with bind(host, 0) as listening:
        port = listening.getsockname()[1]
        here, *others = addresses(listening)
        assert here == f"http://127.0.0.1:{port}/"
        assert not others or others[1] == f"http://{socket.gethostname()}:{port}/"
        for told in (here, *others[:1]):
            with socket.create_connection((urlsplit(told).hostname, port), 20):
                pass


def test_a_server_for_a_class_greets_with_the_addresses_for_it(start_server: StartServer) -> None:
    server = start_server(executed=True, host="0.0.0.0", workers=1)
    if told := [f"http://{name}:{server.port}/" for name in network_names()]:
        said = server.output.readline().decode()
        assert said == f"For others in this network: {' or '.join(told)}\n"
        assert httpx.get(f"{told[0]}healthz", trust_env=False).status_code == 200


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
