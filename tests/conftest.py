"""What tests of the server and of the page share: real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.server import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests that leave it as it was."""
    started = Server()
    yield started
    started.end()


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Starts servers for one test alone, on some port and with some settings."""
    servers: list[Server] = []

    def started(port: int = 0, **settings: str) -> Server:
        servers.append(Server(port, **settings))
        return servers[-1]

    yield started
    for one in servers:
        one.end()
