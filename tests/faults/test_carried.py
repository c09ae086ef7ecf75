"""A page carries its run: whatever becomes of its server, another one continues it to the same bits."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from app.wire.frames import Frame
from tests.app.conftest import OpenPage
from tests.app.pages import Answer, Page
from tests.faults.conftest import OpenLine
from tests.faults.proxy import Line
from tests.faults.test_ends import END_SECONDS
from tests.faults.witness import LINK, losses, trained
from tests.server import Server, StartServer

BROUGHT = "The server does not know this run any more, so this page has brought it along"


def go_on(page: Page, to: Server | Line, open_page: OpenPage, **carried: object) -> tuple[Page, Answer]:
    """The same page at another server, which it offers its run."""
    hello = page.answers[0]
    again = open_page(to)
    return again, again.resume(hello["session"], link=hello["link"], carried=page.carried() | carried)


def losing(page: Page) -> Page:
    """A page whose server has gone."""
    with pytest.raises(ConnectionClosed):
        page.hear(lambda heard: False)
    return page


def killed(server: Server) -> None:
    server.end(signal.SIGKILL)


# --- nothing is lost --------------------------------------------------------------------------------------------------


def test_after_a_step_a_killed_server_takes_nothing_away(start_server: StartServer, open_page: OpenPage) -> None:
    first = start_server()
    page = open_page(first)
    page.greet(LINK)
    shown = page.stepped(12)
    page.catch_up()
    killed(first)
    again, hello = go_on(losing(page), start_server(), open_page)
    assert (hello["resumed"], hello["message"]) == (True, BROUGHT)
    assert (hello["epoch"], hello["run"], hello["playing"]) == (12, shown.run, False)
    assert again.stepped(5).theta.tobytes() == trained(LINK, 17)


@pytest.mark.parametrize(
    "control",
    [
        ("weight", {"layer": 0, "unit": 1, "source": 0, "value": 0.625}),
        ("configure", {"set": {"learningRate": 0.1}}),
        ("configure", {"set": {"networkShape": [5]}}),
        ("regenerate", {}),
        ("reset", {}),
        ("speed", {"speed": "20"}),
    ],
    ids=lambda control: control[0],
)
def test_what_was_acknowledged_outlives_the_server(
    start_server: StartServer, open_page: OpenPage, control: tuple[str, dict[str, Any]]
) -> None:
    name, fields = control
    first = start_server()
    page = open_page(first)
    page.greet(LINK)
    page.stepped(4)
    applied = page.ask(name, **fields)
    frame = page.frame()
    killed(first)
    again, hello = go_on(losing(page), start_server(), open_page)
    for what in ("config", "epoch", "updates", "version", "run", "speed", "undo"):
        assert hello[what] == applied[what], what
    assert again.frame().theta.tobytes() == frame.theta.tobytes()
    if applied["undo"]:
        back = again.ask("undo")
        assert back["link"] == applied["undo"]["link"]
        assert back["epoch"] == 4


def test_a_server_that_is_told_to_end_hands_over_the_newest_state(
    start_server: StartServer, open_page: OpenPage
) -> None:
    first = start_server(executed=True)
    page = open_page(first)
    page.greet(LINK)
    page.ask("speed", speed="max")
    page.ask("play")
    page.frame(lambda frame: frame.epoch > 30)
    first.process.send_signal(signal.SIGTERM)
    assert page.closed() == Close(1012, "The server is being restarted.")
    assert first.process.wait(END_SECONDS) == 0
    again, hello = go_on(page, start_server(), open_page)
    assert hello["epoch"] >= page.frames[-1].epoch
    assert hello["playing"]
    assert again.paused().theta.tobytes() == trained(LINK, int(again.frames[-1].epoch))


def test_a_control_that_was_not_answered_is_not_made_twice(start_server: StartServer, open_page: OpenPage) -> None:
    first = start_server()
    page = open_page(first)
    page.greet(LINK)
    page.ask("pause")
    seed = page.ask("regenerate")["config"]["seed"]
    killed(first)
    _, hello = go_on(losing(page), start_server(), open_page)
    assert hello["taken"] == 2
    assert hello["config"]["seed"] == seed


def test_a_run_that_is_handed_over_while_it_trains_is_the_one_that_was_shown(
    start_server: StartServer, open_page: OpenPage
) -> None:
    first = start_server()
    page = open_page(first)
    page.greet(LINK)
    page.ask("play")
    page.hear(lambda heard: isinstance(heard, dict) and heard["type"] == "carry" and heard["playing"])
    page.hear(lambda heard: isinstance(heard, dict) and heard["type"] == "carry" and "config" not in heard)
    page.frame()
    killed(first)
    again, hello = go_on(losing(page), start_server(), open_page)
    assert 0 < hello["epoch"] <= page.frames[-1].epoch
    assert again.paused().theta.tobytes() == trained(LINK, int(again.frames[-1].epoch))
    common = losses(page).keys() & losses(again).keys()
    assert {epoch: losses(again)[epoch] for epoch in common} == {epoch: losses(page)[epoch] for epoch in common}


# --- several servers --------------------------------------------------------------------------------------------------


def test_behind_a_balancer_the_pages_of_a_killed_server_go_on_at_the_others(
    start_server: StartServer, open_page: OpenPage, open_line: OpenLine
) -> None:
    servers = [start_server(max_sessions=40) for _ in range(3)]
    balancer = open_line(*servers)
    pages = [open_page(balancer) for _ in range(30)]
    for page in pages:
        page.greet(LINK)
        page.ask("step", count=3)
    before = [page.frame(lambda frame: frame.epoch == 3) for page in pages]
    killed(servers[0])
    lost = pages[::3]
    for page, shown in zip(lost, before[::3], strict=True):
        again, hello = go_on(losing(page), balancer, open_page)
        assert (hello["resumed"], hello["epoch"]) == (True, shown.epoch)
        assert again.stepped(2).theta.tobytes() == trained(LINK, 5)
    for page in {*pages} - {*lost}:
        assert page.stepped(2).theta.tobytes() == trained(LINK, 5)


# --- what comes is checked --------------------------------------------------------------------------------------------


@pytest.fixture
def carried(server: Server, open_page: OpenPage) -> tuple[Page, Frame]:
    page = open_page(server)
    page.greet(LINK)
    return page, page.stepped(3)


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ({"state": "AAAA"}, "state: expected a saved state, got 'AAAA'."),
        ({"config": {"noise": 400}}, "noise: expected at most 100, got 400."),
        ({"undo": {"what": "data", "config": {}, "state": "?"}}, "state: expected a saved state, got '?'."),
    ],
)
def test_a_run_that_cannot_be_is_refused_with_a_sentence_and_the_page_starts_from_its_link(
    server: Server, open_page: OpenPage, carried: tuple[Page, Frame], spoilt: dict[str, Any], says: str
) -> None:
    page, _ = carried
    again = open_page(server)
    brought = page.carried() | spoilt
    hello = again.resume("gone", link=LINK, carried=brought)
    assert (hello["resumed"], hello["epoch"]) == (False, 0)
    assert hello["message"].startswith("The run that this page showed is gone, so it started afresh from its link.")
    assert says in hello["message"]
    assert again.stepped(2).theta.tobytes() == trained(LINK, 2)


def test_a_greeting_with_a_spoilt_run_is_answered_and_the_next_one_taken(
    server: Server, open_page: OpenPage, carried: tuple[Page, Frame]
) -> None:
    again = open_page(server)
    again.send({"type": "resume", "protocol": 3, "session": "gone", "carried": {"state": 5}})
    assert again.answer("error")["problems"][0]["field"].startswith("carried")
    page, frame = carried
    hello = again.resume("gone", link=LINK, carried=page.carried())
    assert hello["epoch"] == frame.epoch


def test_a_server_that_knows_the_session_does_not_look_at_what_is_offered(
    server: Server, open_page: OpenPage, carried: tuple[Page, Frame]
) -> None:
    page, _ = carried
    page.stepped(2)
    offered = page.carried() | {"config": {}, "speed": "100"}
    again = open_page(server)
    hello = again.resume(page.answers[0]["session"], link=LINK, after=3, carried=offered)
    assert (hello["message"], hello["epoch"], hello["speed"]) == (None, 5, "1")
