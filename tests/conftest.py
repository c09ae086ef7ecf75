"""What all tests share: steady generated examples, and real servers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from tests.server import Serve, Server, StartServer, serving

# No deadline, because a busy machine is no bug; the same examples each time, so that a red run can be repeated.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
# A shell lets what it runs in the background ignore Ctrl+C, as would then the commands that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """More processes than cores: a good part of the tests waits for a line that is slow or a peer that is silent."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.hookimpl(tryfirst=True)  # before -m selects by the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server. Long tests come first, so that at the end no process is alone with one of them."""
    for item in items:
        if "serve" in getattr(item, "fixturenames", ()):
            item.add_marker("served")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serves with some settings for the time of a block, as `with serve(max_sessions=1) as server`; what is given
    before them is the working directory, and further variables of the environment."""
    return lambda *where, **playground: serving(tmp_path_factory.mktemp("server"), *where, **playground)


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    """The server of all tests that need no settings of their own."""
    with serve() as started:
        yield started


@pytest.fixture
def start_server(serve: Serve) -> Iterator[StartServer]:
    """Starts servers with settings for the time of a test, as `start_server(max_sessions=1)`."""
    with ExitStack() as stack:
        yield lambda **playground: stack.enter_context(serve(**playground))
