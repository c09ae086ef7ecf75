"""What people do with tabs: many of them, reloads, a sleep; and what a page asks that is out of date."""

from __future__ import annotations

from contextlib import suppress

import pytest
from websockets.exceptions import InvalidStatus
from websockets.protocol import State

from app.sessions.endpoint import POLICY
from app.sessions.session import TAKEN_OVER
from app.wire.limits import PROTOCOL
from tests.app.conftest import OpenPage
from tests.app.pages import Page
from tests.faults.conftest import OpenLine
from tests.faults.witness import LINK, trained, until, view, well
from tests.server import Server, StartServer


def let_in(server: Server, open_page: OpenPage) -> Page:
    """Knock until there is a place, as a page does that comes before its last connection is known to be gone."""

    def knock() -> Page | None:
        with suppress(InvalidStatus):
            return open_page(server)
        return None

    page: Page = until(knock)
    return page


def test_a_run_that_is_opened_in_ten_places_at_once_stays_in_the_one_that_the_server_heard_last(
    server: Server, open_page: OpenPage
) -> None:
    first = open_page(server)
    session = first.greet(LINK)["session"]
    first.stepped(3)
    places = [first, *(open_page(server) for _ in range(9))]
    for other in places[1:]:
        other.send({"type": "resume", "protocol": PROTOCOL, "session": session})
    until(lambda: sum(place.websocket.state is State.CLOSED for place in places) == 9)
    (stays,) = (place for place in places if place.websocket.state is State.OPEN)
    assert {place.closed().code for place in places if place is not stays} == {TAKEN_OVER}
    assert stays is not first
    assert stays.stepped(2).theta.tobytes() == trained(LINK, 5)


def test_a_run_that_is_opened_in_ten_places_in_turn_goes_on_in_each(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    session = page.greet(LINK)["session"]
    for epochs in range(1, 10):
        page.stepped(1)
        before, page = page, open_page(server)
        assert page.resume(session)["epoch"] == epochs
        assert before.closed().code == TAKEN_OVER
    assert page.stepped(1).theta.tobytes() == trained(LINK, 10)


def test_the_same_link_in_many_tabs_is_as_many_runs(server: Server, open_page: OpenPage) -> None:
    pages = [open_page(server) for _ in range(8)]
    sessions = {page.greet(LINK)["session"] for page in pages}
    assert len(sessions) == len(pages)
    pages[0].ask("configure", set={"learningRate": 1})
    pages[1].ask("play")
    for epochs, page in enumerate(pages[2:], 1):
        assert page.stepped(epochs).theta.tobytes() == trained(LINK, epochs)
    assert pages[0].ask("pause")["epoch"] == 0
    last = pages[1].paused()
    assert last.theta.tobytes() == trained(LINK, last.epoch)


def test_after_a_sleep_that_was_too_long_a_run_starts_afresh_from_its_link_and_says_so(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(workers=1, resume_seconds=0.2)
    neighbour, page = open_page(server), open_page(server)
    neighbour.greet(LINK)
    hello = page.greet(LINK)
    page.ask("configure", set={"noise": 20})
    answer = page.ask("configure", set={"learningRate": 0.1})
    page.stepped(4)
    page.drop()
    until(lambda: view(server, hello).status_code == 404)
    again = open_page(server)
    afresh = again.resume(hello["session"], link=answer["link"], after=4)
    assert afresh["message"] == "The run that this page showed is gone, so it started afresh from its link."
    assert (afresh["resumed"], afresh["epoch"], afresh["config"]) == (False, 0, answer["config"])
    assert afresh["session"] != hello["session"]
    assert again.stepped(2).theta.tobytes() == trained(answer["link"], 2)
    well(neighbour)


def test_twenty_reloads_in_a_row_leave_the_server_as_empty_as_before(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(workers=1, max_sessions=3)
    neighbour, other = open_page(server), open_page(server)
    for stays in (neighbour, other):
        stays.greet(LINK)
    for _ in range(20):
        page = let_in(server, open_page)
        page.greet(LINK)
        page.ask("play")
        page.websocket.close()
        well(neighbour)
    assert let_in(server, open_page).greet(LINK)["epoch"] == 0
    well(other)


def test_a_page_whose_old_connection_hangs_comes_back_though_the_server_is_full(
    start_server: StartServer, open_page: OpenPage, open_line: OpenLine
) -> None:
    server = start_server(workers=1, max_sessions=1)
    line = open_line(server)
    page = open_page(line)
    session = page.greet(LINK)["session"]
    page.stepped(3)
    line.stop()
    with pytest.raises(InvalidStatus):
        open_page(server)
    again = open_page(server, subprotocols=[f"session.{session}"])
    assert again.resume(session)["resumed"] is True
    assert again.stepped(2).theta.tobytes() == trained(LINK, 5)


@pytest.mark.parametrize("protocol", [PROTOCOL - 1, PROTOCOL + 1, 0, -1, 10**18])
def test_a_page_of_another_version_is_told_to_reload_and_its_run_waits_for_the_new_one(
    server: Server, open_page: OpenPage, protocol: int
) -> None:
    page, old = open_page(server), open_page(server)
    session = page.greet(LINK)["session"]
    page.stepped(3)
    old.send({"type": "resume", "protocol": protocol, "session": session, "link": LINK})
    refusal = old.answer("error")
    assert refusal["problems"] == [
        {"field": "protocol", "expected": f"{PROTOCOL}: reload the page", "got": str(protocol)}
    ]
    assert old.closed().code == POLICY
    assert page.stepped(1).theta.tobytes() == trained(LINK, 4)
    page.drop()
    new = open_page(server)
    assert new.resume(session)["epoch"] == 4
