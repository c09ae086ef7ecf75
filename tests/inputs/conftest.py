"""What the tests of bad input share: pages without a browser, and one that means no harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from tests.app.conftest import open_page
from tests.app.pages import Page
from tests.inputs.bystander import Bystander
from tests.server import Server

__all__ = ["open_page"]


@pytest.fixture(scope="module")
def bystander(server: Server) -> Iterator[Bystander]:
    """A page of the module's server that means no harm."""
    with connect(f"ws://{server.host}/api/v1/live", compression=None, max_size=None, proxy=None) as websocket:
        yield Bystander(Page(websocket))


@pytest.fixture
def untroubled(server: Server, bystander: Bystander) -> Iterator[None]:
    """Whatever comes, the bystander notices nothing, and no fault is logged."""
    before = len(server.said)
    yield
    bystander.notices_nothing()
    assert "Traceback" not in server.said[before:], server.said[before:]
