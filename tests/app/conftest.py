"""What the app's tests share: recorded runs, and pages that talk to a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.app.pages import Page
from tests.server import PATIENCE, Server, wait_for_end

GOLDEN = Path(__file__).parents[1] / "golden"

Replay = dict[str, Any]
OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def no_loop_of_others() -> Iterator[None]:
    """Where tests of the page ran before in this process, Playwright's loop rests, but counts as running: nothing else
    could be run by asyncio."""
    resting = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(resting)


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of the files that more than one language reads."""
    return GOLDEN


@pytest.fixture(scope="session")
def replays() -> list[Replay]:
    """The runs that were recorded from the original playground."""
    records: list[Replay] = json.loads((GOLDEN / "replays.json").read_text())
    return records


@pytest.fixture(scope="session")
def spiral(replays: list[Replay]) -> Replay:
    """The recorded run on the spiral."""
    return next(replay for replay in replays if "dataset=spiral" in replay["link"])


@pytest.fixture
def worker_ended() -> Callable[[int], None]:
    """Waits until a worker, by its process id, has ended."""
    return wait_for_end


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """Connects to a server as a page does, as `open_page(server)`; further arguments go to the websocket."""
    with ExitStack() as stack:

        def opened(server: Server, **options: Any) -> Page:
            address = f"ws://{server.host}/api/v1/live"
            plain: dict[str, Any] = {"compression": None, "max_size": None, "proxy": None, "open_timeout": PATIENCE}
            return Page(stack.enter_context(connect(address, **plain | options)))

        yield opened


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> Page:
    """A page of the shared server that has not said hello yet."""
    return open_page(server)
