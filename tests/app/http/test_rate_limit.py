"""How much may be asked for in a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.http.rate_limit import Bucket, site
from tests.app.conftest import OpenPage
from tests.server import Serve, Server, StartServer


def test_so_many_may_be_taken_at_once_and_then_as_many_as_come() -> None:
    bucket = Bucket(rate=2, most=3, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert [bucket.take(0.5), bucket.take(0.5)] == [0, 0.5]
    assert bucket.take(0.75) == 0.25
    assert not bucket.is_full(1.0)
    assert bucket.is_full(10.0)


def test_who_waits_owes_what_it_took() -> None:
    bucket = Bucket(rate=10, most=2, now=0.0)
    assert [round(bucket.wait(0.0), 3) for _ in range(4)] == [0, 0, 0.1, 0.2]
    assert bucket.wait(10.0) == 0


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("::ffff:192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_pages_of_one_site_count_together(client: Any, expected: str) -> None:
    assert site({"client": client}) == expected


def test_an_address_that_asks_for_too_much_is_told_when_to_come_back(start_server: StartServer) -> None:
    server = start_server(requests_per_second=1, workers=1)
    with httpx.Client(base_url=server.address) as client:
        answers = [client.get("/api/v1/limits") for _ in range(25)]
        refused = [answer for answer in answers if answer.status_code != 200]
        assert {answer.status_code for answer in refused} == {429}
        assert refused[0].headers["Content-Type"] == "application/problem+json"
        assert int(refused[0].headers["Retry-After"]) >= 1
        assert refused[0].json()["detail"] == "requests: expected at most 1 a second from one address, got more."
        assert client.get("/").status_code == client.get("/healthz").status_code == 200
        elsewhere = client.get("/api/v1/limits", headers={"X-Forwarded-For": "192.0.2.7"})
        assert elsewhere.status_code == 200


def test_a_page_that_says_much_is_listened_to_no_faster_and_answered_all_the_same(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(messages_per_second=20, workers=1)
    page, other = open_page(server), open_page(server)
    page.greet()
    said = [page.say("bias", layer=0, unit=0, value=0.1 * number) for number in range(60)]
    other.greet()
    assert other.stepped(1).epoch == 1
    assert not any(answer.get("seq") == said[-1] for answer in page.answers)
    page.hear(lambda heard: isinstance(heard, dict) and heard.get("seq") == said[-1])
    assert [answer["seq"] for answer in page.answers if answer["type"] == "applied"] == said


def read_all(connection: socket.socket) -> bytes:
    """Whatever comes until the other side closes."""
    heard = b""
    while chunk := connection.recv(65536):
        heard += chunk
    return heard


def connected(server: Server) -> socket.socket:
    """A connection that waits for long."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


@pytest.fixture(scope="module")
def impatient(serve: Serve) -> Iterator[Server]:
    """A server that waits neither for heads nor for bodies."""
    with serve(head_seconds=0.3, body_seconds=0.3) as server:
        yield server


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_get_on_is_hung_up_on(impatient: Server, begun: bytes) -> None:
    with connected(impatient) as slow:
        slow.sendall(begun)
        assert read_all(slow) == b""
    assert httpx.get(f"{impatient.address}/healthz").status_code == 200


def test_the_second_request_of_a_connection_has_its_time_too(impatient: Server) -> None:
    with connected(impatient) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HT")
        assert read_all(slow).count(b"HTTP/1.1 200") == 1


def test_a_body_that_does_not_come_is_waited_for_no_longer(impatient: Server) -> None:
    with connected(impatient) as slow:
        slow.sendall(
            b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"epochs"'
        )
        answer = read_all(slow)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"The body did not come in time." in answer


def test_more_connections_than_there_may_be_are_refused_and_the_others_served(start_server: StartServer) -> None:
    server = start_server(connections=3, workers=1)
    kept = [connected(server) for _ in range(3)]
    try:
        with connected(server) as more:
            assert read_all(more).startswith(b"HTTP/1.1 503 ")
        kept[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept[0].recv(20).startswith(b"HTTP/1.1 200")
    finally:
        for connection in kept:
            connection.close()
