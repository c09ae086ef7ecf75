"""Configurations that are made to hurt: each is refused in a sentence, or taken for what it is worth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from app.wire.limits import MAX_LINK
from engine import format_link, parse_link
from tests.app.conftest import OpenPage
from tests.app.pages import Answer, Page
from tests.inputs.bombs import BOMBS, REQUESTS
from tests.server import PATIENCE, Serve, Server

pytestmark = pytest.mark.usefixtures("untroubled")
SENTENCE = re.compile(r"[^ ].*: expected .+, got .+\.", re.DOTALL)
LINKS = [name for name, bomb in BOMBS.items() if bomb.link]


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator[Server]:
    """The server that is bombed."""
    with serve(workers=1, processes=1, requests_per_second=10_000) as started:
        yield started


@pytest.fixture(scope="module")
def http(server: Server) -> Iterator[httpx.Client]:
    """Asks the server's HTTP API."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="module")
def run(http: httpx.Client) -> str:
    """The id of a run of the server that is bombed."""
    return str(http.post("/api/v1/runs", json={"config": {}, "epochs": 1}).json()["id"])


def post(http: httpx.Client, path: str, body: str) -> httpx.Response:
    """Ask for something; meanwhile the server answers others."""
    content, headers = body.encode(errors="surrogateescape"), {"Content-Type": "application/json"}
    with ThreadPoolExecutor(1) as meanwhile:
        answer = meanwhile.submit(http.post, f"/api/v1/{path}", content=content, headers=headers)
        assert http.get("/healthz").status_code == 200
        return answer.result()


def assert_refused(answer: httpx.Response, *statuses: int) -> None:
    """See that a request was refused in sentences."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["errors"]
    assert SENTENCE.fullmatch(problem["detail"])


def heard(page: Page, said: str) -> Answer:
    """The answer to a message with the number 5."""
    page.send(said)
    answer: Answer = page.hear(lambda heard: isinstance(heard, dict) and heard["type"] in ("applied", "error"))
    return answer


@pytest.mark.parametrize("name", BOMBS)
def test_a_configuration_is_refused_in_a_sentence_or_taken(
    server: Server, http: httpx.Client, open_page: OpenPage, name: str
) -> None:
    page, bomb = open_page(server), BOMBS[name]
    before = page.greet("networkShape=2")["config"]
    answer = heard(page, f'{{"type": "configure", "seq": 5, "set": {bomb.fields}}}')
    asked = [post(http, path, f'{{"config": {bomb.fields}, "epochs": 1}}') for path in ("runs", "sweeps")]
    if bomb.taken:
        assert (answer["type"], answer["seq"]) == ("applied", 5), answer
        assert [answer.status_code for answer in asked] == [202, 202]
    else:
        assert answer["type"] == "error"
        assert SENTENCE.fullmatch(answer["message"])
        assert page.ask("pause")["config"] == before
        for refused in asked:
            assert_refused(refused, 400, 413, 422)
    page.ask("step", unit="update")


@pytest.mark.parametrize("name", LINKS)
def test_a_link_opens_a_run_and_what_was_wrong_is_said(
    server: Server, http: httpx.Client, open_page: OpenPage, name: str
) -> None:
    link = BOMBS[name].link or ""
    assert len(link) <= MAX_LINK
    config, notes, _ = parse_link(link)
    assert (not notes) == BOMBS[name].quiet
    assert all(note.endswith(".") and len(note) < 500 for note in notes)
    page = open_page(server)
    page.greet("networkShape=2")
    answer = heard(page, json.dumps({"type": "configure", "seq": 5, "link": link}))
    assert (answer["type"], answer["link"]) == ("applied", format_link(config))
    assert answer["notes"][: len(notes)] == notes
    assert post(http, "runs", json.dumps({"link": link, "strict": False, "epochs": 1})).status_code == 202


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_for_too_much_is_refused_in_a_sentence(http: httpx.Client, run: str, name: str) -> None:
    path, body, *statuses = REQUESTS[name]
    assert_refused(post(http, path.format(run=run), body), *statuses)
