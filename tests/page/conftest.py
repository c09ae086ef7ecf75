"""A real Chromium on a real server. Every page fails its test if its console shows an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import chromium
from tests.server import Server

ARTIFACTS = Path(__file__).parents[2] / "artifacts"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser: Browser, server: Server, start_server: object) -> Iterator[Callable[..., Page]]:
    """Opens the page with a link, on a screen of some size; waits until its first frame is drawn.

    It asks for `start_server` only to be done before it: pages are closed before the servers that they talk to.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        link: str = "",
        *,
        width: int = 1280,
        height: int = 800,
        at: Server = server,
        faults: bool = False,
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if not faults:
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{at.address}/{'#' + link if link else ''}")
        page.locator("body.ready").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keeps a screenshot for a person to look at."""

    def kept(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png")

    return kept
