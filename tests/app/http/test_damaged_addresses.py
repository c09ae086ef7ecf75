"""An address that is a damaged link leads to the page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.app.scripted import Api, problem, speaking
from tests.server import Server


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The shared server's API."""
    with speaking(server) as api:
        yield api


def asked(api: Api, address: str) -> httpx.Response:
    """The answer to an address of the server."""
    return api.http.get(httpx.URL(api.http.base_url, raw_path=address.encode()))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/%23activation=relu&dataset=xor&seed=5", "activation=relu&dataset=xor&seed=5"),
        ("/%23activation%3Drelu%26networkShape%3D4%2C2", "activation=relu&networkShape=4,2"),
        ("/&regularization=L2&dataset=xor", "regularization=L2&dataset=xor"),
        ("/%C2%AEularization=L2&dataset=xor", "regularization=L2&dataset=xor"),
        ("/activation=relu&dataset=xor)", "activation=relu&dataset=xor"),
        ("/some/page/%23foo=1&dataset=xor", "foo=1&dataset=xor"),
    ],
)
def test_an_address_that_is_a_link_leads_to_the_page(api: Api, address: str, link: str) -> None:
    answer = asked(api, address)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/#{link}")


@pytest.mark.parametrize(
    "address", ["/nothing", "/nothing?dataset=xor", "/a=b", "/api/v1/dataset=xor", "/%23section=2"]
)
def test_any_other_address_leads_nowhere(api: Api, address: str) -> None:
    problem(asked(api, address), 404)


def test_only_who_looks_is_led(api: Api) -> None:
    answer = api.http.post(httpx.URL(api.http.base_url, raw_path=b"/%23dataset=xor"))
    assert answer.status_code in (404, 405)
