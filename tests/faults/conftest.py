"""What the tests of faults share: pages without a browser, and bad lines to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.app.conftest import open_page
from tests.faults.proxy import Line, Weather
from tests.server import Server

__all__ = ["open_line", "open_page"]

OpenLine = Callable[..., Line]


@pytest.fixture
def open_line() -> Iterator[OpenLine]:
    """Makes a line to a server, as `open_line(server, delay=0.15)`; a page is opened on it as on the server."""
    with ExitStack() as stack:

        def opened(server: Server, *more: Server, **weather: float) -> Line:
            return stack.enter_context(closing(Line(server, Weather(**weather), *more)))  # type: ignore[arg-type]

        yield opened
