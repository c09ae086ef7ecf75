"""Who asks for too much, too slowly, or from a place that may not: and the page beside it, which notices nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from statistics import median

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.sessions.endpoint import POLICY
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.app.scripted import XOR, problem
from tests.faults.witness import LINK, answer_to, well
from tests.server import PATIENCE, Serve, Server

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
HANDSHAKE = (
    b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
POST = (
    b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator[Server]:
    """The server of all tests here: of little patience, but for controls."""
    patience = {"head_seconds": 1, "body_seconds": 1, "greeting_seconds": 1}
    with serve(workers=1, processes=1, connections=60, messages_per_second=10_000, **patience) as started:
        yield started


# --- slowly -----------------------------------------------------------------------------------------------------------


@contextmanager
def dripping(server: Server, start: bytes, drop: bytes) -> Iterator[socket.socket]:
    """A connection that says something, and then a drop at a time for ever."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as slow:
        slow.sendall(start)
        ended = threading.Event()

        def drip() -> None:
            with suppress(OSError):  # it was hung up on
                while not ended.wait(0.05):
                    slow.sendall(drop)

        dripper = threading.Thread(target=drip)
        dripper.start()
        try:
            yield slow
        finally:
            ended.set()
            dripper.join()


def rest(slow: socket.socket) -> bytes:
    """All that is said to a connection until it is hung up on."""
    said = b""
    with suppress(ConnectionResetError):  # what it still said was not read
        while more := slow.recv(4096):
            said += more
    return said


SLOW = [
    (b"", b"", b""),
    (HEAD, b"X", b""),
    (HEAD, b"X-More: x\r\n", b""),
    (HANDSHAKE, b"X", b""),
    (HANDSHAKE, b"X-More: x\r\n", b""),
    (POST, b" ", b"HTTP/1.1 408 "),
]
"""What is said at once, what drop by drop, and how the answer begins."""


def test_whoever_asks_a_drop_at_a_time_is_hung_up_on_and_pages_notice_nothing(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.greet(LINK)
    with ExitStack() as stack:
        crowd = [(stack.enter_context(dripping(server, *said)), answer) for *said, answer in SLOW * 8]
        well(page)
        for slow, answer in crowd:
            assert rest(slow).startswith(answer)
    newcomer = open_page(server)
    newcomer.greet(LINK)
    well(newcomer)
    well(page)


def babble(page: Page, times: int) -> None:
    for _ in range(times):
        page.send({"type": "play"})
        page.next()


def test_a_page_that_says_all_but_hello_is_not_waited_for(server: Server, open_page: OpenPage) -> None:
    page, babbler = open_page(server), open_page(server)
    page.greet(LINK)
    with pytest.raises(ConnectionClosed) as end:
        babble(babbler, 10_000)
    assert end.value.rcvd
    assert end.value.rcvd.code == POLICY
    well(page)


# --- much -------------------------------------------------------------------------------------------------------------


def round_trips(page: Page, times: int) -> float:
    """The median of the seconds from a control to the first frame that shows it."""
    seconds = []
    for number in range(times):
        began = time.monotonic()
        page.ask("select", layer=0, unit=number % 3)
        while page.frame().selected != (0, number % 3):
            pass
        seconds.append(time.monotonic() - began)
    return median(seconds)


def test_ten_thousand_controls_at_once_are_all_answered_in_order_and_another_page_is_served_as_before(
    server: Server, open_page: OpenPage
) -> None:
    loud, page = open_page(server), open_page(server)
    loud.greet(LINK)
    page.greet(LINK)
    before = round_trips(page, 15)
    asked: list[int] = []
    with ThreadPoolExecutor(2) as threads:
        says = threads.submit(lambda: asked.extend(loud.say("select", layer=0, unit=0) for _ in range(10_000)))
        hears = threads.submit(answer_to, loud, 10_000)
        meanwhile = round_trips(page, 15)
        assert not hears.done()  # all that was measured was measured meanwhile
        says.result()
        hears.result()
    assert [answer["seq"] for answer in loud.answers if answer["type"] == "applied"] == asked
    assert meanwhile < 20 * max(before, 0.005)
    well(page)


# --- from elsewhere ---------------------------------------------------------------------------------------------------

CHANGES = [
    ("POST", "/api/v1/runs", {"link": XOR}),
    ("POST", "/api/v1/sweeps", {"link": XOR}),
    ("POST", "/api/v1/runs/0123456789abcdef/cancel", None),
    ("DELETE", "/api/v1/runs/0123456789abcdef", None),
    ("PATCH", "/api/v1/sessions/0123456789abcdef", {"playing": True}),
    ("POST", "/api/v1/points", None),
    ("POST", "/api/v1/models", None),
]


@pytest.mark.parametrize("origin", ["null", "http://example.com", "https://127.0.0.1", "", "http://["])
@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[f"{change[0]} {change[1]}" for change in CHANGES])
def test_a_page_from_elsewhere_changes_nothing(
    server: Server, origin: str, method: str, path: str, body: object
) -> None:
    headers = {"Origin": origin, "Idempotency-Key": "elsewhere"}
    answer = httpx.request(method, server.address + path, json=body, headers=headers, trust_env=False)
    assert problem(answer, 403)["errors"][0]["field"] == "Origin"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_page_from_elsewhere_may_send_without_asking_is_refused_by_its_origin(server: Server, kind: str) -> None:
    headers = {"Origin": "http://example.com", "Content-Type": kind}
    answer = httpx.post(f"{server.address}/api/v1/runs", content="{}", headers=headers, trust_env=False)
    problem(answer, 403)


def test_a_page_of_the_server_and_a_program_may_change_what_they_like(server: Server) -> None:
    for headers in ({"Origin": server.address}, {}):
        answer = httpx.post(
            f"{server.address}/api/v1/runs", json={"link": XOR, "epochs": 1}, headers=headers, trust_env=False
        )
        assert answer.status_code == 202


def test_a_page_from_elsewhere_may_not_change_things_by_another_name_of_the_server(server: Server) -> None:
    headers = {"Origin": "http://example.com", "Host": "example.com"}
    answer = httpx.post(f"{server.address}/api/v1/runs", json={"link": XOR}, headers=headers, trust_env=False)
    assert answer.status_code == 400
