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


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", ""])
def test_a_request_by_another_name_is_refused(server: Server, host: str) -> None:
    answer = httpx.get(server.address + "/", headers={"Host": host}, trust_env=False)
    assert answer.status_code == 400


def test_a_session_by_another_name_is_refused(server: Server) -> None:
    name, port = server.host.split(":")
    with socket.create_connection((name, int(port))) as plain, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://example.com:{port}/api/v1/live", sock=plain, proxy=None)
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_the_machine_s_own_names_are_good(server: Server, name: str) -> None:
    port = server.host.split(":")[1]
    answer = httpx.get(server.address + "/healthz", headers={"Host": f"{name}:{port}"}, trust_env=False)
    assert answer.status_code == 200


def test_further_names_are_a_setting(start_server: StartServer) -> None:
    server = start_server(allowed_hosts='["play.example.com"]', workers=1)
    for name, status in (("play.example.com", 200), ("localhost", 200), ("example.com", 400)):
        answer = httpx.get(server.address + "/healthz", headers={"Host": name}, trust_env=False)
        assert answer.status_code == status
