"""A real Chromium on a real server. Every page fails its test if its console shows an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from engine import format_link, parse_link
from tests.chromium import chromium
from tests.faults.conftest import open_line
from tests.faults.proxy import Line
from tests.server import PATIENCE, Server

__all__ = ["open_line"]

expect.set_options(timeout=PATIENCE * 1000)
MEDIA: dict[str, Any] = {"color_scheme": "light", "reduced_motion": "no-preference"}
SEEN = "for (const [key, value] of [['opening', 'seen'], ['controls', 'all']]) localStorage[key] ??= value;"
"""What a page keeps of a person who has been there before, and who has all controls unfolded."""
FEW_THREADS = ("--js-flags=--single-threaded", "--num-raster-threads=1", "--in-process-gpu")
"""What compiles, clears up or paints beside a page gains nothing where other tests run, and costs a fifth of a load."""
REST = "/healthz"
"""Where a tab waits: a page of the same site keeps its process, which takes half of the next load to start anew."""
ARTIFACTS = Path(__file__).parents[2] / "artifacts"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium(*FEW_THREADS) as started:
        yield started


class Tabs:
    """Tabs of one browser. Opening one takes long, so a used one is cleared and waits for the next test that wants
    its options; a tab whose test did to it what cannot be cleared is closed."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}

    def take(self, options: dict[str, Any], *, fresh: bool = False) -> Page:
        free = [] if fresh else self._free.get(repr(options))
        page = free.pop() if free else self._open(**options)
        page.emulate_media(**{**MEDIA, **{name: options[name] for name in MEDIA if name in options}})
        return page

    def _open(self, newcomer: bool = False, **options: Any) -> Page:
        context = self._browser.new_context(**options)
        if not newcomer:
            context.add_init_script(f"try {{ {SEEN} }} catch {{}}")  # a frame of a foreign page has no storage
        return context.new_page()

    def give_back(self, page: Page, options: dict[str, Any]) -> None:
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.mouse.move(0, 0)
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.goto(f"{page.evaluate('location.origin')}{REST}")
        self._free.setdefault(repr(options), []).append(page)


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def open_page(tabs: Tabs, server: Server, start_server: object) -> Iterator[Callable[..., Page]]:
    """Opens the page with a link, on a screen of some size; waits until its first frame is drawn.

    A `newcomer` was never here: the page opens with its scene, and with few controls. A test that
    adds scripts to its tab asks for a `fresh` one, which nobody has before or after it. This asks for `start_server`
    only to be done before it: pages are closed before the servers that they talk to.
    """
    closing: list[Callable[[], None]] = []
    errors: list[str] = []

    def log(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def fail(error: Error) -> None:
        errors.append(error.stack or str(error))

    def opened(
        link: str = "",
        *,
        width: int = 1280,
        height: int = 800,
        at: Server | Line = server,
        faults: bool = False,
        fresh: bool = False,
        ready: bool = True,
        **options: Any,
    ) -> Page:
        page = tabs.take(options, fresh=fresh)
        if fresh or at is not server:
            closing.append(page.context.close)
        else:
            closing.append(lambda: tabs.give_back(page, options))
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", fail)
        closing.append(partial(page.remove_listener, "pageerror", fail))
        if not faults:
            page.on("console", log)
            closing.append(partial(page.remove_listener, "console", log))
        page.goto(f"{at.address}/{'#' + link if link else ''}")
        if ready:
            page.locator("body.ready").wait_for()
        return page

    yield opened
    for close in reversed(closing):
        close()
    assert errors == []


@pytest.fixture(scope="module")
def visit(tabs: Tabs, server: Server) -> Iterator[Callable[[str], Page]]:
    """Gives a page that is loaded once for a module another link, as a person does who edits the address. For tests of
    what each of many links shows, which takes a fifth of the time that loading the page takes."""
    page = tabs.take({})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(server.address)
    page.locator("body.ready").wait_for()

    def visited(link: str) -> Page:
        page.keyboard.press("Escape")
        page.evaluate("link => { location.hash = `${link}&`; }", link)
        page.wait_for_url(f"**#{format_link(parse_link(link).config)}")  # without the last &: the server has answered
        return page

    yield visited
    tabs.give_back(page, {})


@pytest.fixture(scope="module")
def loaded(tabs: Tabs, server: Server) -> Iterator[Page]:
    """A page for tests that only want its modules."""
    page = tabs.take({})
    page.goto(server.address)
    page.locator("body.ready").wait_for()
    yield page
    tabs.give_back(page, {})


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keeps a screenshot for a person to look at."""

    def kept(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png")

    return kept
