"""What the page does when its connection, its worker or its server goes away."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.faults.conftest import OpenLine
from tests.faults.proxy import Way
from tests.faults.witness import until
from tests.person import STANDS, epoch, wait_for_epoch
from tests.server import Server, StartServer

Open = Callable[..., Page]
LINK = "dataset=spiral&networkShape=8,8&seed=7"


def test_a_killed_worker_is_replaced_and_the_page_says_from_which_epoch(
    open_page: Open, start_server: StartServer
) -> None:
    server = start_server(save_seconds=0.05)
    page = open_page(LINK, at=server)
    page.click("#play")
    wait_for_epoch(page, 20)
    for pid in server.workers:
        os.kill(pid, signal.SIGKILL)
    notice = page.locator("#notice span")
    expect(notice).to_have_text(re.compile(r"another one goes on from epoch \d+\."), timeout=10_000)
    found = re.search(r"epoch (\d+)", notice.inner_text())
    assert found
    assert int(found[1]) > 0
    wait_for_epoch(page, epoch(page) + 20)


@pytest.mark.long
def test_after_a_restart_of_the_server_the_page_comes_back_by_itself(
    open_page: Open, start_server: StartServer, keep: Callable[[Page, str], None]
) -> None:
    server = start_server()
    page = open_page(LINK, at=server, faults=True)  # the browser itself logs each refused connection
    page.select_option("#speed", "max")
    page.click("#play")
    wait_for_epoch(page, 30)
    server.end()
    lost = "The connection is lost; trying again every few seconds. Nothing trains until it is back."
    expect(page.locator("#notice span")).to_have_text(lost)
    expect(page.locator("#notice button")).to_have_text("Now")
    expect(page).to_have_title(re.compile(r"^Not connected - [\d.]+ - Playground$"))
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    expect(page.locator("#play")).not_to_have_class(re.compile("playing"))
    keep(page, "connection-lost")
    start_server(port=server.port)
    said = re.compile(r"this page has brought it along: the run goes on from epoch (\d+)\.$")
    notice = page.locator("#notice span")
    expect(notice).to_have_text(said, timeout=20_000)
    found = said.search(notice.inner_text())
    assert found
    assert int(found[1]) >= 30
    wait_for_epoch(page, int(found[1]) + 20)
    page.wait_for_url("**dataset=spiral&networkShape=8,8&seed=7")


@pytest.mark.long
def test_after_its_server_was_killed_the_page_brings_its_run_to_the_next_one_and_undoes_there(
    open_page: Open, start_server: StartServer
) -> None:
    server = start_server()
    page = open_page(LINK, at=server, faults=True)
    for number in range(1, 4):
        page.click("#step")
        wait_for_epoch(page, number)
    before = page.inner_text("#test-loss")
    page.click("#reset")
    expect(page.locator("#epoch")).to_have_text(re.compile("^[0,]+$"))
    server.end(signal.SIGKILL)
    start_server(port=server.port)
    expect(page.locator("#notice span")).to_contain_text("the run goes on from epoch 0.", timeout=20_000)
    page.keyboard.press("Control+z")
    wait_for_epoch(page, 3)
    expect(page.locator("#test-loss")).to_have_text(before)


def test_a_lost_connection_is_resumed_where_the_run_was(open_page: Open) -> None:
    sockets = """
      const make = WebSocket;
      window.WebSocket = class extends make { constructor(url) { super(url); window.last = this } };
    """
    page = open_page("seed=3", fresh=True)
    page.context.add_init_script(sockets)
    page.reload()
    page.wait_for_function("() => document.querySelector('#test-loss').textContent !== '–'")
    for number in (1, 2, 3):
        page.click("#step")
        wait_for_epoch(page, number)
    before = page.inner_text("#test-loss")
    page.evaluate("window.last.close()")
    expect(page.locator("#notice span")).to_have_text("Connected again: the run goes on from epoch 3.")
    assert (epoch(page), page.inner_text("#test-loss")) == (3, before)


def impatient(page: Page) -> Page:
    """A page that listens for a twentieth of the time."""
    script = "const every = setInterval; window.setInterval = (act, time) => every(act, time / 20);"
    page.context.add_init_script(script)
    page.reload()
    page.locator("body.ready").wait_for()
    return page


def connected_again(page: Page) -> None:
    expect(page.locator("#notice span")).to_have_text(re.compile(r"Connected again: the run goes on from epoch \d\."))


def stands(page: Page, at: int) -> None:
    """See that the run comes to an epoch and no further."""
    wait_for_epoch(page, at)
    page.wait_for_function(STANDS)
    assert epoch(page) == at


@pytest.mark.parametrize("way", ["up", "down"])
def test_what_is_done_while_a_line_breaks_is_done_once(
    open_page: Open, server: Server, open_line: OpenLine, way: Way
) -> None:
    """Whether it gets lost on its way, or arrives and the answer does."""
    line = open_line(server)
    page = open_page(LINK, at=line, faults=True)  # the browser may log a connection that is refused
    line.stop(way)
    passed = line.passed["up"]
    page.click("#step")
    page.select_option("[name=learningRate]", "0.1")
    page.click("#share")
    until(lambda: way == "up" or line.passed["up"] > passed)
    line.reset()
    line.go()
    connected_again(page)
    stands(page, 1)
    expect(page.locator("[name=learningRate]")).to_have_value("0.1")
    expect(page.locator("#share-weights-note")).to_have_text(re.compile("^Opens at epoch 1"))
    page.keyboard.press("Escape")
    page.click("#step")
    stands(page, 2)


def test_a_line_that_is_gone_without_a_word_is_given_up_and_what_was_done_meanwhile_is_not_lost(
    open_page: Open, server: Server, open_line: OpenLine
) -> None:
    line = open_line(server)
    page = impatient(open_page(LINK, at=line, faults=True, fresh=True))
    line.stop()
    page.click("#step")
    expect(page.locator("#notice span")).to_contain_text("The connection is lost; trying again")
    line.go()
    connected_again(page)
    stands(page, 1)
    page.click("#step")
    stands(page, 2)


@pytest.mark.long
def test_a_silent_run_is_asked_after_and_kept(open_page: Open, server: Server, open_line: OpenLine) -> None:
    line = open_line(server)
    page = impatient(open_page(LINK, at=line, fresh=True))
    page.click("#step")
    stands(page, 1)
    passed, pong = line.passed["down"], len(b'..{"type": "pong"}')
    until(lambda: line.passed["down"] > passed + 5 * pong)
    expect(page.locator("#notice span")).to_have_text("")
    page.click("#step")
    stands(page, 2)


def test_a_hidden_page_is_sent_no_frames(open_page: Open) -> None:
    page = open_page("seed=3", fresh=True)
    frames: list[bytes] = []

    def received(payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            frames.append(payload)

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    page.reload()
    page.locator("body.ready").wait_for()
    page.evaluate(
        """() => {
          Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true });
          window.away = true;
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.click(".view label:has([name=discretize])")
    page.wait_for_url("**discretize=true**")
    before = len(frames)
    page.click("#play")
    page.select_option("#speed", "20")
    page.click(".view label:has([name=discretize])")
    page.wait_for_url(re.compile("^(?!.*discretize)"))  # answers come all the same
    assert before > 0
    assert len(frames) == before
    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    wait_for_epoch(page, 10)


def test_a_page_waits_in_line_before_a_full_server_and_comes_in_by_itself(
    open_page: Open, start_server: StartServer, keep: Callable[[Page, str], None]
) -> None:
    server = start_server(max_sessions=1)
    inside = open_page(LINK, at=server)
    waits = open_page("seed=5", at=server, faults=True, ready=False, fresh=True)  # the browser logs each refusal
    notice = waits.locator("#notice span")
    expect(notice).to_have_text(
        "The playground is full: all 1 places are taken. You are the next in line, and this page opens by itself."
    )
    keep(waits, "full")
    inside.context.close()
    expect(waits.locator("#test-loss")).not_to_have_text("–")
    expect(notice).to_have_text("")
    waits.click("#step")
    wait_for_epoch(waits, 1)
