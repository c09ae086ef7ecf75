"""Who may talk to the server: pages of its own by its own names, and programs."""

from __future__ import annotations

import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.app.conftest import OpenPage
from tests.server import Server, StartServer


def test_a_page_of_the_server_itself_may_open_a_session(server: Server, open_page: OpenPage) -> None:
    assert open_page(server, origin=server.address).greet()["epoch"] == 0


def test_a_program_which_names_no_origin_may_open_a_session(server: Server, open_page: OpenPage) -> None:
    assert open_page(server, origin=None).greet()["epoch"] == 0


@pytest.mark.parametrize(
    "origin",
    [
        "http://example.com",
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://127.0.0.1.example.com",
        "http://[",
    ],
)
def test_a_page_from_elsewhere_may_not(server: Server, open_page: OpenPage, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_page(server, origin=origin)
    assert refused.value.response.status_code == 403


def test_a_page_from_elsewhere_on_this_machine_may_not(server: Server, open_page: OpenPage) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_page(server, origin=server.address.replace("127.0.0.1", "localhost"))
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_other_peoples_pages_change_nothing(server: Server, origin: str) -> None:
    body = {"config": {}, "epochs": 1}
    answer = httpx.post(f"{server.address}/api/v1/runs", json=body, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["errors"] == [{"field": "Origin", "expected": f"a page of {server.host}", "got": origin}]
    assert httpx.get(f"{server.address}/api/v1/limits", headers={"Origin": origin}).status_code == 200
    ours = httpx.post(f"{server.address}/api/v1/runs", json=body, headers={"Origin": server.address})
    assert ours.status_code == 202


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "192.0.2.7", "[", "a@localhost", ""])
def test_a_request_by_another_name_is_refused_in_a_sentence(server: Server, host: str) -> None:
    answer = httpx.get(server.address + "/", headers={"Host": host}, trust_env=False)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert (error["field"], error["got"]) == ("Host", repr(host))
    assert error["expected"] == "one of localhost, 127.0.0.1, ::1 (PLAYGROUND_ALLOWED_HOSTS adds names)"


def test_a_session_by_another_name_is_refused(server: Server) -> None:
    name, port = server.host.split(":")
    with socket.create_connection((name, int(port))) as plain, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://example.com:{port}/api/v1/live", sock=plain, proxy=None)
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("name", ["localhost", "LocalHost", "127.0.0.1", "[::1]"])
def test_the_machine_s_own_names_are_good(server: Server, name: str) -> None:
    port = server.host.split(":")[1]
    answer = httpx.get(server.address + "/healthz", headers={"Host": f"{name}:{port}"}, trust_env=False)
    assert answer.status_code == 200


def statuses(server: Server, names: list[str]) -> list[int]:
    """What a server answers by some of its names."""
    return [
        httpx.get(f"{server.address}/healthz", headers={"Host": name}, trust_env=False).status_code for name in names
    ]


def test_further_names_are_a_setting(start_server: StartServer) -> None:
    server = start_server(allowed_hosts='["play.example.com", "*.example.org"]', workers=1)
    names = ["play.example.com", "localhost", "a.example.org", "example.com", "example.org", "192.0.2.7"]
    assert statuses(server, names) == [200, 200, 200, 400, 400, 400]


def test_a_server_at_every_address_goes_by_all_of_them_and_by_its_machine_s_name(start_server: StartServer) -> None:
    server = start_server(host="0.0.0.0", workers=1)
    here = socket.gethostname()
    names = ["192.0.2.7", "192.0.2.7:80", "[2001:db8::1]", "localhost", here, f"{here}.local", f"{here}.example.com"]
    assert statuses(server, names) == [200] * 6 + [400]
    assert statuses(server, ["example.com", "1.2.3", "192.0.2.7.example.com"]) == [400, 400, 400]
